using AtcFhir.Server.Fhir;

namespace AtcFhir.Server.Hosting;

/// <summary>Looks now and then for profiles that another process on the same database took in.</summary>
internal sealed class UploadRefresh(UploadedConformance uploads, TimeProvider time, ILogger<UploadRefresh> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await uploads.Refresh(stoppingToken);
            }
#pragma warning disable CA1031 // a database that is away for a while is no reason to stop looking
            catch (Exception failed) when (failed is not OperationCanceledException)
#pragma warning restore CA1031
            {
                logger.LogWarning("Uploaded profiles could not be read: {Exception}", failed.GetType().FullName);
            }
        }
    }
}
