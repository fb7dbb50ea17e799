namespace AtcFhir.Benchmarks;

/// <summary>CPU time of this process, which a noisy machine disturbs less than the wall clock.</summary>
internal static class Cpu
{
    private const int Rounds = 12;
    private const int MostWarmUps = 60;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The best round's CPU time an item, once the compiler has nothing more to do.</summary>
    public static double BestMicrosecondsEach(List<byte[]> items, Action<byte[]> work)
    {
        WarmUp(items, work);
        var best = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var before = Environment.CpuUsage.TotalTime;
            for (var pass = 0; pass < 10; pass++)
            {
                foreach (var item in items)
                {
                    work(item);
                }
            }

            var each = (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / (items.Count * 10);
            best = Math.Min(best, each);
        }

        return best;
    }

    /// <summary>
    /// Until three passes in a row had nothing compiled. On a busy machine the compiler's own thread is the last to be served; without the pauses some runs
    /// would measure code that is not optimised yet.
    /// </summary>
    private static void WarmUp(List<byte[]> items, Action<byte[]> work)
    {
        var (quiet, known) = (0, -1);
        for (var pass = 0; pass < MostWarmUps && quiet < 3; pass++)
        {
            for (var repeat = 0; repeat < 10; repeat++)
            {
                items.ForEach(work);
            }

            Thread.Sleep(Pause);
            var now = System.Runtime.JitInfo.GetCompiledMethodCount();
            (quiet, known) = (now == known ? quiet + 1 : 0, (int)now);
        }
    }
}
