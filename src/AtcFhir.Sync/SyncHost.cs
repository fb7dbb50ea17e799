using Microsoft.Extensions.Hosting;

namespace AtcFhir.Sync;

/// <summary>Runs a pass over each hospital at its interval; one that fails or hangs does not hold the others.</summary>
public sealed class SyncHost : BackgroundService
{
    internal SyncHost() { }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => throw new NotImplementedException();
}
