namespace AtcFhir.Server.Hosting;

/// <summary>
/// Gives back what starting needed and nothing needs again: definitions on their way in, the study, the first pass over the hospital. A server that idles
/// afterwards would keep it for hours, since nothing makes the garbage collector look.
/// </summary>
internal sealed class StartupMemory(TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(60)];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var pause in Pauses)
        {
            await Task.Delay(pause, time, stoppingToken);
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
            NativeHeap.Trim();
        }
    }
}
