namespace AtcFhir.Tests.Server;

/// <summary>One server for all tests of a class, of a study without profiles, under Validation:OnWrite=Enforce.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    public ServerApp App { get; } = ServerApp.OfPlainStudy();

    public async ValueTask InitializeAsync() => await App.Ready();

    public ValueTask DisposeAsync() => App.DisposeAsync();
}
