namespace AtcFhir.Server.Hosting;

/// <summary>
/// Gives back what nothing needs any more: after the start the definitions on their way in, the study and the first pass over the hospital; later what each
/// pass has left behind. Nothing else would make the garbage collector look for hours. A busy server is left alone.
/// </summary>
internal sealed class IdleMemory(TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var spell = new QuietSpell(); ;)
        {
            await Task.Delay(Between, time, stoppingToken);
            var tidying = spell.Look(GC.GetTotalAllocatedBytes());
            if (tidying == Tidying.None)
            {
                continue;
            }

            MappedCode.GiveBack();
            if (tidying == Tidying.Collect)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
            }

            NativeHeap.Trim();
        }
    }
}
