namespace AtcFhir.Benchmarks;

/// <summary>CPU time of this process, which a noisy machine disturbs less than the wall clock.</summary>
internal static class Cpu
{
    private const int Rounds = 12;

    /// <summary>The best round's CPU time an item, after three rounds of warm-up.</summary>
    public static double BestMicrosecondsEach(List<byte[]> items, Action<byte[]> work)
    {
        var best = double.MaxValue;
        for (var round = 0; round < Rounds + 3; round++)
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
            best = round < 3 ? best : Math.Min(best, each);
        }

        return best;
    }
}
