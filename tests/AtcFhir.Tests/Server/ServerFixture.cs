namespace AtcFhir.Tests.Server;

/// <summary>One server for all tests of a class, of a study without profiles, under Validation:OnWrite=Enforce.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    private readonly ServerApp? app = PostgresSchema.IsMissing ? null : ServerApp.OfPlainStudy();

    public ServerApp App
    {
        get
        {
            if (app is null)
            {
                Assert.Skip(PostgresSchema.Missing);
            }

            return app;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (app is not null)
        {
            await app.Ready();
        }
    }

    public ValueTask DisposeAsync() => app?.DisposeAsync() ?? ValueTask.CompletedTask;
}
