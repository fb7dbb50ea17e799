namespace AtcFhir.Server.Hosting;

/// <summary>
/// Gives back what nothing needs any more: after the start the definitions on their way in, the study and the first pass over the hospital; later what an idle
/// server has gathered. Nothing else would make the garbage collector look for hours. A busy server is left alone.
/// </summary>
internal sealed class IdleMemory(TimeProvider time) : BackgroundService
{
    private const long Megabyte = 1024 * 1024;

    private static readonly TimeSpan[] AfterStart = [TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20)];

    private static readonly TimeSpan Between = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var pause in AfterStart)
        {
            await Task.Delay(pause, time, stoppingToken);
            GiveBack();
        }

        for (var before = GC.GetTotalAllocatedBytes(); ;)
        {
            await Task.Delay(Between, time, stoppingToken);
            var now = GC.GetTotalAllocatedBytes();
            if (IsWorthwhile(now - before))
            {
                GiveBack();
            }

            before = now;
        }
    }

    /// <summary>
    /// Whether a collection pays, after a minute in which that many bytes were allocated: the server's own passes over the hospital make some tens of
    /// megabytes; where there is much more, the collector comes by itself.
    /// </summary>
    internal static bool IsWorthwhile(long allocated) => allocated is >= Megabyte and <= 256 * Megabyte;

    private static void GiveBack()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
        NativeHeap.Trim();
    }
}
