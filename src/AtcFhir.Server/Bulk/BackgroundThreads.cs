namespace AtcFhir.Server.Bulk;

/// <summary>
/// Threads for work that nobody waits for. They are not the pool's, on which requests are answered, and there are fewer of them than cores, so that no request
/// stands in line behind such work.
/// </summary>
internal static class BackgroundThreads
{
    private static readonly int Most = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Does it for each number below the count, in no order.</summary>
    public static Task ForEach(int count, Action<int> each, CancellationToken cancel)
    {
        var next = -1;
        return Task.WhenAll(Enumerable.Range(0, Math.Min(Most, count)).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (int number; (number = Interlocked.Increment(ref next)) < count;)
                {
                    cancel.ThrowIfCancellationRequested();
                    each(number);
                }
            },
            cancel,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
    }
}
