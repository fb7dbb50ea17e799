using AtcFhir.R4.Outcomes;
using AtcFhir.Store;
using AtcFhir.Store.Postgres;
using AtcFhir.Store.Postgres.Writing;
using AtcFhir.Store.Search;
using AtcFhir.Store.Side;

namespace AtcFhir.Tests.Store.Postgres;

/// <summary>The connection breaks around a COMMIT. What the client is told is what the database holds, and nothing is written twice.</summary>
public class LostCommitTestsOnPostgres
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Cut.Before)]
    [InlineData(Cut.While)]
    [InlineData(Cut.After)]
    internal async Task AWriteWhoseCommitGotNoAnswerIsDecidedFromTheDatabase(Cut where)
    {
        await using var line = new CutLine();
        await line.Test.Create(Patient("first"), "first");

        line.CutAtCommit(where);
        var result = await line.Test.Commit(ResourceWrite.Create(line.Test.Prepare(Patient("second"), "second")));

        Assert.True(result.Committed, result.Failure?.Issues[0].Text);
        Assert.Equal("1", result.Writes[0].Resource!.VersionId);
        Assert.Equal(2, result.Writes[0].Resource!.Seq);
        await line.Holds("first", "second");
    }

    [Theory]
    [InlineData(Cut.Before)]
    [InlineData(Cut.While)]
    [InlineData(Cut.After)]
    internal async Task EveryWriteOfTheGroupGetsItsOwnAnswer(Cut where)
    {
        await using var line = new CutLine();
        await line.Test.Create(Patient("first"), "first");

        line.Hold();
        var opener = line.Test.Commit(ResourceWrite.Create(line.Test.Prepare(Patient("opener"), "opener")));
        line.WaitUntilHeld();
        var good = line.Test.Commit(ResourceWrite.Create(line.Test.Prepare(Patient("good"), "good")), ResourceWrite.Create(line.Test.Prepare(Patient("better"), "better")));
        var stale = line.Test.Commit(ResourceWrite.Update(line.Test.Prepare(Patient("stale"), "first")) with { IfMatch = ["7"] });
        var found = line.Test.Commit(ResourceWrite.Create(line.Test.Prepare(Patient("first"))) with { Condition = line.Identifier("first") });
        line.CutAtCommit(where, after: 1);
        line.Release();

        Assert.True((await opener).Committed);
        Assert.True((await good).Committed);
        Assert.Equal(FailureKind.Precondition, (await stale).Failure!.Kind);
        Assert.Equal(WriteOutcome.Matched, (await found).Writes[0].Outcome);
        await line.Holds("first", "opener", "good", "better");
    }

    [Theory]
    [InlineData(Cut.Before)]
    [InlineData(Cut.After)]
    internal async Task WhenTheFateCannotBeLearnedTheClientIsToldSoAndTryingAgainMakesNoDouble(Cut where)
    {
        await using var line = new CutLine(options => options with { BusyTimeout = TimeSpan.FromMilliseconds(300) });
        await line.Test.Create(Patient("first"), "first");

        line.CutAtCommit(where, thenRefuse: true);
        var lost = await line.Test.Commit(ResourceWrite.Create(line.Test.Prepare(Patient("second"))) with { Condition = line.Identifier("second") });
        line.Proxy.Refuse(false);

        Assert.Equal(FailureKind.Busy, lost.Failure!.Kind);
        Assert.Contains("not known", lost.Failure.Issues[0].Text, StringComparison.Ordinal);
        var again = await line.Test.Commit(ResourceWrite.Create(line.Test.Prepare(Patient("second"))) with { Condition = line.Identifier("second") });
        Assert.Equal(where == Cut.After ? WriteOutcome.Matched : WriteOutcome.Created, again.Writes[0].Outcome);
        await line.Holds("first", "second");
    }

    [Fact]
    public async Task ATransactionThatACrashLostIsNotTakenForAnotherOfItsNumber()
    {
        await using var test = new TestStore();
        await test.Create(Patient("first"), "first");
        using var session = PgSession.Open(test.ConnectionString, TimeSpan.FromSeconds(10), TimeProvider.System);
        var (row, hash) = (await test.Store.Audit(new AuditQuery(), Cancel)).Select(audit => (audit.Number, audit.Hash.ToArray())).Single();
        var number = (await test.Store.Query(SideQuery.Of("SELECT xmin::text FROM audit"), Cancel))[0].Text(0);
        using var group = new PgGroup(session, new AtcFhir.Store.Sqlite.Names(), new StoreOptions { ConnectionString = test.ConnectionString }, (_, _) => Array.Empty<StoredResource>());

        Assert.True(group.FateOf(new DoubtfulCommit(number!, (row, hash))));
        Assert.False(group.FateOf(new DoubtfulCommit(number!, (row, [1, 2, 3]))));
        Assert.False(group.FateOf(new DoubtfulCommit(number!, (row + 1, hash))));
        Assert.False(group.FateOf(new DoubtfulCommit("4000000000", (row, hash))));
    }

    private static string Patient(string identifier) => $$"""{"resourceType":"Patient","identifier":[{"system":"s","value":"{{identifier}}"}]}""";

    /// <summary>A store whose line to the database is cut where the test says.</summary>
    private sealed class CutLine : IAsyncDisposable
    {
        private readonly ManualResetEventSlim gate = new(initialState: true);
        private readonly ManualResetEventSlim held = new();
        private Cut planned;
        private bool refusesThen;
        private int commitsBefore;

        public CutLine(Func<StoreOptions, StoreOptions>? configure = null) => Test = new TestStore(options => (configure ?? (same => same))(options) with
        {
            ConnectionString = (Proxy ??= new CuttingProxy(options.ConnectionString)).ConnectionString,
            Checkpoint = Reached,
        });

        public TestStore Test { get; }

        public CuttingProxy Proxy { get; private set; } = null!;

        public SearchQuery Identifier(string value) => SearchRequest.Parse(Test.Store.SearchParameters, "Patient", "identifier=s|" + value, SearchHandling.Strict).Value.Query;

        /// <param name="after">So many commits pass before.</param>
        public void CutAtCommit(Cut where, bool thenRefuse = false, int after = 0) => (planned, refusesThen, commitsBefore) = (where, thenRefuse, after);

        public void Hold()
        {
            held.Reset();
            gate.Reset();
        }

        public void WaitUntilHeld() => held.Wait(Cancel);

        public void Release() => gate.Set();

        /// <summary>Each of them once, and a sound database.</summary>
        public async Task Holds(params string[] identifiers)
        {
            Assert.Equal(identifiers.Length, (await Test.Search("Patient", "_total=accurate")).Total);
            foreach (var identifier in identifiers)
            {
                Assert.Equal(1, (await Test.Search("Patient", $"identifier=s|{identifier}&_total=accurate")).Total);
            }

            Assert.Equal(Enumerable.Range(1, identifiers.Length).Select(number => (long)number), (await Test.Store.Changes(0, ChangeFilter.All, 100, Cancel)).Select(change => change.Seq));
            Assert.Empty((await ((IStoreMaintenance)Test.Store).Check(Cancel)).Faults);
            Assert.Equal(Cut.None, planned);
        }

        public async ValueTask DisposeAsync()
        {
            gate.Set();
            await Test.DisposeAsync();
            Proxy.Dispose();
        }

        /// <summary>On the writer's thread: what it sends next ends with COMMIT.</summary>
        private void Reached(string moment)
        {
            if (moment != "before commit")
            {
                return;
            }

            held.Set();
            gate.Wait(TimeSpan.FromSeconds(30));
            if (planned != Cut.None && commitsBefore-- <= 0)
            {
                Proxy.Refuse(refusesThen);
                Proxy.CutNext(planned);
                planned = Cut.None;
            }
        }
    }
}
