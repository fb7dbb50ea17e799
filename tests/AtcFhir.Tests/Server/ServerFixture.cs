namespace AtcFhir.Tests.Server;

/// <summary>One server for all tests of a class, under Validation:OnWrite=Enforce.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    public ServerApp App { get; } = new();

    public async ValueTask InitializeAsync() => await App.Ready();

    public ValueTask DisposeAsync() => App.DisposeAsync();
}
