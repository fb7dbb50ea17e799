using AtcFhir.Store.Postgres;

namespace AtcFhir.Tests.Store.Postgres;

/// <summary>Sessions of PostgreSQL that searches share.</summary>
public class PgReadersTestsOnPostgres
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AReadBehindASlowOneGetsASessionOfItsOwn()
    {
        await using var test = new TestStore();
        using var readers = Of(test, usual: 1, limit: 2);
        using var release = new ManualResetEventSlim();
        var slow = readers.Read(session => Held(session, release), Cancel);

        var quick = await readers.Read(session => session.Scalar("SELECT 7"), Cancel);

        Assert.Equal(7, quick);
        Assert.False(slow.IsCompleted);
        release.Set();
        Assert.Equal(1, await slow);
    }

    [Fact]
    public async Task NoMoreReadsRunAtATimeThanTheLimitAllowsAndAllOfThemEnd()
    {
        await using var test = new TestStore();
        using var readers = Of(test, usual: 1, limit: 3);
        var (running, most) = (0, 0);
        var reads = Enumerable.Range(0, 9).Select(_ => readers.Read(
            session =>
            {
                var now = Interlocked.Increment(ref running);
                InterlockedMax(ref most, now);
                session.Scalar("SELECT 1 FROM pg_sleep(0.4)");
                return Interlocked.Decrement(ref running);
            },
            Cancel)).ToList();

        await Task.WhenAll(reads);

        Assert.InRange(most, 2, 3);
    }

    private static PgReaders Of(TestStore test, int usual, int limit) => new(() => PgSession.Open(test.ConnectionString, TimeSpan.FromSeconds(10), TimeProvider.System), usual, limit);

    private static long Held(PgSession session, ManualResetEventSlim release)
    {
        release.Wait(Cancel);
        return session.Scalar("SELECT 1");
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while (value > (seen = Volatile.Read(ref most)) && Interlocked.CompareExchange(ref most, value, seen) != seen)
        {
        }
    }
}
