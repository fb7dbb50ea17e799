using AtcFhir.Store;
using AtcFhir.Store.Search;
using CsCheck;

namespace AtcFhir.Tests.Store;

/// <summary>
/// Random interactions give the answers of a model that is a dictionary (<see cref="ReferenceStore"/>): alone, and when many write at once. There the feed says
/// in which order it was, and the model has to give the same answers in that order: no update is lost, no transaction is torn.
/// </summary>
public class ModelTests
{
    private static readonly Gen<Step> Steps = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 4], Gen.Int[0, 2], Gen.Bool, Gen.Int[0, 5], (kind, id, identifier, active, match) => new Step(kind, id, identifier, active, match));

    private static readonly Gen<Step[][]> Batches = Gen.Frequency((6, Steps.Array[1]), (3, Steps.Array[2, 4])).Array[4, 20];

    private int runs;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EachAnswerIsThatOfTheModel()
    {
        await using var test = new TestStore();
        await Batches.SampleAsync(
            async batches =>
            {
                var (run, model) = (Interlocked.Increment(ref runs), new ReferenceStore());
                for (var number = 0; number < batches.Length; number++)
                {
                    var writes = batches[number].Select((step, entry) => Write(run, step, $"{number}-{entry}", model)).ToList();
                    var result = await Commit(test, run, writes);

                    var expected = model.Apply(writes);
                    Assert.Equal((expected.Failure, string.Join(',', expected.Outcomes)), (result.Failure?.Kind, string.Join(',', result.Writes.Select(write => write.Outcome))));
                    Assert.Equal(expected.Ids, result.Writes.Take(expected.Ids.Count).Select(write => write.Id));
                    Assert.Equal(Sorted(model.Search(content => content.Identifier == number % 3)), Sorted(await test.Ids("Patient", $"identifier=urn:run{run}|v{number % 3}")));
                }

                await Same(test, run, model);
            },
            iter: 60,
            threads: 1);
    }

    [Fact]
    public async Task ManyWritersAtOnceAreAsIfOneHadWrittenAfterTheOther()
    {
        await using var test = new TestStore();
        await using var other = test.OpenAnother();
        await Batches.Array[3, 5].SampleAsync(
            async writers =>
            {
                var run = Interlocked.Increment(ref runs);
                var before = await test.Store.LastSeq(Cancel);
                var done = await Task.WhenAll(writers.Select((batches, writer) => Task.Run(() => WriteAll(test, writer % 2 == 0 ? test.Store : other, run, writer, batches))));

                var model = new ReferenceStore();
                var next = before + 1;
                foreach (var (writes, result) in done.SelectMany(one => one).OrderBy(one => Versions(one.Result)[0]))
                {
                    var seqs = Versions(result);
                    Assert.Equal(Enumerable.Range(0, seqs.Count).Select(number => next + number), seqs);
                    next += seqs.Count;

                    var expected = model.Apply(writes);
                    Assert.Equal((null, string.Join(',', expected.Outcomes)), (expected.Failure, string.Join(',', result.Writes.Select(write => write.Outcome))));
                    Assert.Equal(expected.Ids, result.Writes.Select(write => write.Id));
                }

                Assert.Equal(next - 1, await test.Store.LastSeq(Cancel));
                await Same(test, run, model);
            },
            iter: 12,
            threads: 1);
    }

    /// <summary>The batches that made versions, with their answers; the others leave no mark by which they could be put in order.</summary>
    private static async Task<List<(IReadOnlyList<ModelWrite> Writes, CommitResult Result)>> WriteAll(TestStore test, IResourceStore store, int run, int writer, Step[][] batches)
    {
        var done = new List<(IReadOnlyList<ModelWrite>, CommitResult)>();
        for (var number = 0; number < batches.Length; number++)
        {
            // If-Match names what this writer sees now, which another may change before the write.
            var seen = new ReferenceStore();
            foreach (var id in Enumerable.Range(0, 5).Select(id => Id(run, id)))
            {
                var history = (await store.History(new HistoryQuery("Patient", id), Cancel)).Value.Total;
                for (var version = 0; version < history; version++)
                {
                    seen.Apply([new ModelWrite(WriteKind.Update, id, new ModelContent(0, true), false, null, false, false)]);
                }
            }

            var writes = batches[number].Select((step, entry) => Write(run, step, $"{writer}-{number}-{entry}", seen)).ToList();
            var result = await Commit(test, run, writes, store);
            if (result.Committed && Versions(result).Count > 0)
            {
                done.Add((writes, result));
            }
        }

        return done;
    }

    private static List<long> Versions(CommitResult result)
        => [.. result.Writes.Where(write => write.Outcome is WriteOutcome.Created or WriteOutcome.Updated or WriteOutcome.Deleted).Select(write => write.Resource!.Seq)];

    private static async Task Same(TestStore test, int run, ReferenceStore model)
    {
        foreach (var id in model.Ids)
        {
            var history = (await test.Store.History(new HistoryQuery("Patient", id), Cancel)).Value.Entries.Reverse().ToList();
            Assert.Equal(model.History(id).Select((content, index) => content is null ? "" : Json(run, content, id, index + 1)), history.Select(Bare));
            Assert.Equal(Bare(history[^1]), Bare((await test.Store.Read("Patient", id, Cancel))!));
        }

        for (var identifier = 0; identifier < 3; identifier++)
        {
            Assert.Equal(Sorted(model.Search(content => content.Identifier == identifier)), Sorted(await test.Ids("Patient", $"identifier=urn:run{run}|v{identifier}")));
            Assert.Equal(
                Sorted(model.Search(content => content.Identifier == identifier && content.Active)),
                Sorted(await test.Ids("Patient", $"identifier=urn:run{run}|v{identifier}&active=true")));
        }
    }

    private static ModelWrite Write(int run, Step step, string place, ReferenceStore seen)
    {
        var (isConditional, kind) = (step.Kind >= 7, step.Kind switch { 0 or 1 or 7 => WriteKind.Create, 6 or 9 => WriteKind.Delete, _ => WriteKind.Update });
        var id = isConditional || step.Kind == 1 ? $"run{run}-{place}" : Id(run, step.Id);
        var version = seen.History(id).Count.ToString(CultureInfo.InvariantCulture);
        return new ModelWrite(
            kind, id, new ModelContent(step.Identifier, step.Active), isConditional,
            IfMatch: isConditional || kind == WriteKind.Create ? null : step.Match switch { 0 => version, 1 => version + "7", _ => null },
            IfNoneMatch: kind == WriteKind.Update && !isConditional && step.Match == 2,
            SkipUnchanged: kind == WriteKind.Update && step.Match == 3);
    }

    private static async Task<CommitResult> Commit(TestStore test, int run, IReadOnlyList<ModelWrite> writes, IResourceStore? store = null)
    {
        store ??= test.Store;
        return await store.Commit(WriteBatch.Of(TestStore.Tester, [.. writes.Select(write => new ResourceWrite
        {
            Kind = write.Kind,
            Type = "Patient",
            Id = write.IsConditional ? null : write.Id,
            Resource = write.Kind == WriteKind.Delete ? null : store.Prepare(TestStore.Document(Json(run, write.Content)), write.Id),
            Condition = write.IsConditional ? SearchRequest.Parse(store.SearchParameters, "Patient", $"identifier=urn:run{run}|v{write.Content.Identifier}", SearchHandling.Strict).Value.Query : null,
            IfMatch = write.IfMatch is { } version ? [version] : null,
            IfNoneMatchAny = write.IfNoneMatch,
            SkipUnchanged = write.SkipUnchanged,
        })]), Cancel);
    }

    private static string Json(int run, ModelContent content)
        => $$"""{"resourceType":"Patient","identifier":[{"system":"urn:run{{run}}","value":"v{{content.Identifier}}"}],"active":{{(content.Active ? "true" : "false")}}}""";

    private static string Json(int run, ModelContent content, string id, int version)
        => Json(run, content).Replace("\"identifier\"", $"\"id\":\"{id}\",\"meta\":{{\"versionId\":\"{version}\"}},\"identifier\"", StringComparison.Ordinal);

    /// <summary>The body without the time, which the model does not know.</summary>
    private static string Bare(StoredResource version)
        => TestStore.Text(version).Replace($",\"lastUpdated\":\"{version.LastUpdated.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}\"", "", StringComparison.Ordinal);

    private static string Id(int run, int number) => $"run{run}-{number}";

    private static string Sorted(IEnumerable<string> ids) => string.Join(' ', ids.Order(StringComparer.Ordinal));

    internal sealed record Step(int Kind, int Id, int Identifier, bool Active, int Match);
}
