namespace AtcFhir.Benchmarks;

/// <summary>CPU time of this process, which a noisy machine disturbs less than the wall clock.</summary>
internal static class Cpu
{
    private const int Rounds = 12;
    private const int MostWarmUps = 60;

    /// <summary>A round of a few small documents would end within a millisecond; so much it reads at least.</summary>
    private const int BytesOfARound = 5_000_000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The best round's CPU time an item, once the compiler has nothing more to do.</summary>
    public static double BestMicrosecondsEach(List<byte[]> items, Action<byte[]> work)
    {
        WarmUp(items, work);
        var best = double.MaxValue;
        var passes = Math.Max(10, BytesOfARound / items.Sum(item => item.Length));
        for (var round = 0; round < Rounds; round++)
        {
            var before = Environment.CpuUsage.TotalTime;
            for (var pass = 0; pass < passes; pass++)
            {
                foreach (var item in items)
                {
                    work(item);
                }
            }

            var each = (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / ((double)items.Count * passes);
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
