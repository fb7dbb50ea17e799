using AtcFhir.R4.Outcomes;
using AtcFhir.Store;
using AtcFhir.Store.Search;

namespace AtcFhir.Tests.Store;

public class WriteTests
{
    private const string Active = """{"resourceType":"Patient","active":true}""";
    private const string Inactive = """{"resourceType":"Patient","active":false}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ACreatedResourceReadsBackWithIdVersionAndTime()
    {
        await using var test = new TestStore();

        var created = await test.Create(Active, "p1");
        var read = await test.Store.Read("Patient", "p1", Cancel);

        Assert.Equal("1", created.VersionId);
        Assert.Equal(created, read! with { Body = created.Body });
        Assert.Equal("""{"resourceType":"Patient","id":"p1","meta":{"versionId":"1","lastUpdated":"2018-10-16T08:00:00.000Z"},"active":true}""", TestStore.Text(read!));
    }

    [Fact]
    public async Task AnUpdateKeepsTheVersionBefore()
    {
        await using var test = new TestStore();
        await test.Create(Active, "p1");

        var updated = await test.Update(Inactive, "p1");

        Assert.Equal("2", updated.VersionId);
        Assert.Contains("\"active\":true", TestStore.Text((await test.Store.ReadVersion("Patient", "p1", "1", Cancel))!), StringComparison.Ordinal);
        Assert.Null(await test.Store.ReadVersion("Patient", "p1", "3", Cancel));
    }

    [Fact]
    public async Task ADeletedResourceIsReadAsADeletionAndFoundNoMore()
    {
        await using var test = new TestStore();
        await test.Create(Active, "p1");

        await test.Delete("Patient", "p1");

        var read = await test.Store.Read("Patient", "p1", Cancel);
        Assert.True(read!.IsDeleted);
        Assert.Equal("2", read.VersionId);
        Assert.Empty(await test.Ids("Patient", "active=true"));
        Assert.Empty(await test.Ids("Patient", "_id=p1"));
        Assert.Empty(await test.Store.Statistics(Cancel));
    }

    [Fact]
    public async Task AnUpdateBringsADeletedResourceBack()
    {
        await using var test = new TestStore();
        await test.Create(Active, "p1");
        await test.Delete("Patient", "p1");

        var result = await test.Commit(ResourceWrite.Update(test.Prepare(Active, "p1")));

        Assert.Equal(WriteOutcome.Created, result.Writes[0].Outcome);
        Assert.Equal("3", result.Writes[0].Resource!.VersionId);
        Assert.Equal(["p1"], await test.Ids("Patient", "active=true"));
    }

    [Fact]
    public async Task DeletingTwiceOrNothingIsNoFailure()
    {
        await using var test = new TestStore();
        await test.Create(Active, "p1");
        await test.Delete("Patient", "p1");

        Assert.Equal(WriteOutcome.Gone, (await test.Commit(ResourceWrite.Delete("Patient", "p1"))).Writes[0].Outcome);
        Assert.Equal(WriteOutcome.NotFound, (await test.Commit(ResourceWrite.Delete("Patient", "p2"))).Writes[0].Outcome);
    }

    [Fact]
    public async Task IfMatchRefusesAnotherVersion()
    {
        await using var test = new TestStore();
        await test.Create(Active, "p1");
        await test.Update(Inactive, "p1");

        var stale = await test.Commit(ResourceWrite.Update(test.Prepare(Active, "p1")) with { IfMatch = ["1"] });
        var fresh = await test.Commit(ResourceWrite.Update(test.Prepare(Active, "p1")) with { IfMatch = ["2"] });

        Assert.Equal(FailureKind.Precondition, stale.Failure!.Kind);
        Assert.Equal(WriteOutcome.PreconditionFailed, stale.Writes[0].Outcome);
        Assert.Equal("3", fresh.Writes[0].Resource!.VersionId);
    }

    [Fact]
    public async Task IfNoneMatchRefusesALivingResource()
    {
        await using var test = new TestStore();
        await test.Create(Active, "p1");

        var refused = await test.Commit(ResourceWrite.Update(test.Prepare(Active, "p1")) with { IfNoneMatchAny = true });

        Assert.Equal(FailureKind.Precondition, refused.Failure!.Kind);
    }

    [Fact]
    public async Task ACreateWithAnIdThatExistsIsAConflict()
    {
        await using var test = new TestStore();
        await test.Create(Active, "p1");

        var refused = await test.Commit(ResourceWrite.Create(test.Prepare(Active, "p1")));

        Assert.Equal(WriteOutcome.Conflict, refused.Writes[0].Outcome);
    }

    [Fact]
    public async Task IfNoneExistFindsTheOneThatIsThere()
    {
        await using var test = new TestStore();
        var create = ResourceWrite.Create(test.Prepare(WithIdentifier("a"), "p1")) with { Condition = Condition(test, "identifier=s|a") };

        Assert.Equal(WriteOutcome.Created, (await test.Commit(create)).Writes[0].Outcome);
        var again = await test.Commit(create with { Resource = test.Prepare(WithIdentifier("a"), "p2"), Id = "p2" });

        Assert.Equal((WriteOutcome.Matched, "p1"), (again.Writes[0].Outcome, again.Writes[0].Id));
        Assert.Equal(1, (await test.Store.Statistics(Cancel))["Patient"]);
    }

    [Fact]
    public async Task IfNoneExistRefusesSeveralMatches()
    {
        await using var test = new TestStore();
        await test.Create(WithIdentifier("a"), "p1");
        await test.Create(WithIdentifier("a"), "p2");

        var refused = await test.Commit(ResourceWrite.Create(test.Prepare(WithIdentifier("a"))) with { Condition = Condition(test, "identifier=s|a") });

        Assert.Equal(WriteOutcome.MultipleMatches, refused.Writes[0].Outcome);
        Assert.Equal(FailureKind.Precondition, refused.Failure!.Kind);
    }

    [Fact]
    public async Task IfNoneExistHoldsUnderConcurrency()
    {
        await using var test = new TestStore();

        var results = await Task.WhenAll(Enumerable.Range(0, 40).Select(number => Task.Run(() => test.Commit(
            ResourceWrite.Create(test.Prepare(WithIdentifier("same"))) with { Condition = Condition(test, "identifier=s|same") }))));

        Assert.Single(results, result => result.Writes[0].Outcome == WriteOutcome.Created);
        Assert.Single(results.Select(result => result.Writes[0].Id).Distinct());
    }

    [Fact]
    public async Task AConditionalUpdateMeetsItsOneMatch()
    {
        await using var test = new TestStore();
        await test.Create(WithIdentifier("a"), "p1");

        var write = new ResourceWrite { Kind = WriteKind.Update, Type = "Patient", Resource = test.Prepare(WithIdentifier("a")), Condition = Condition(test, "identifier=s|a") };
        var result = await test.Commit(write);

        Assert.Equal((WriteOutcome.Updated, "p1", "2"), (result.Writes[0].Outcome, result.Writes[0].Id, result.Writes[0].Resource!.VersionId));
        Assert.Contains("\"id\":\"p1\"", TestStore.Text(result.Writes[0].Resource!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatAConditionSawOfABatchThatFailedIsForgotten()
    {
        await using var test = new TestStore();
        var refused = await test.Commit(
            ResourceWrite.Create(test.Prepare(WithIdentifier("a"), "p1")),
            ResourceWrite.Create(test.Prepare(WithIdentifier("a"), "p2")) with { Condition = Condition(test, "identifier=s|a"), MustResolveTo = "p2" });
        Assert.NotNull(refused.Failure);

        await test.Create("""{"resourceType":"Group","type":"person","actual":true}""", "g1");
        await test.Create(WithIdentifier("a"), "p1");

        Assert.Equal(["p1"], await test.Ids("Patient", "identifier=s|a"));
        Assert.Equal(["g1"], await test.Ids("Group", "_lastUpdated=gt2000"));
        Assert.Equal("p1", (await test.Store.History(new HistoryQuery("Patient", "p1"), Cancel)).Value.Entries.Single().Id);
        Assert.Empty((await ((IStoreMaintenance)test.Store).Check(Cancel)).Faults);
    }

    [Fact]
    public async Task AConditionThatLeadsElsewhereThanTheBatchBelievesIsAConflict()
    {
        await using var test = new TestStore();
        await test.Create(WithIdentifier("a"), "p1");

        var result = await test.Commit(ResourceWrite.Create(test.Prepare(WithIdentifier("a"), "p9")) with { Condition = Condition(test, "identifier=s|a"), MustResolveTo = "p9" });

        Assert.Equal(WriteOutcome.Conflict, result.Writes[0].Outcome);
    }

    [Fact]
    public async Task UnchangedContentMakesNoVersion()
    {
        await using var test = new TestStore();
        await test.Create(Active, "p1");
        test.Time.Advance(TimeSpan.FromMinutes(1));

        var same = await test.Commit(ResourceWrite.Update(test.Prepare(Active, "p1")) with { SkipUnchanged = true });
        var other = await test.Commit(ResourceWrite.Update(test.Prepare(Inactive, "p1")) with { SkipUnchanged = true });

        Assert.Equal((WriteOutcome.Unchanged, "1"), (same.Writes[0].Outcome, same.Writes[0].Resource!.VersionId));
        Assert.Equal("2", other.Writes[0].Resource!.VersionId);
        Assert.Equal(2, (await test.Store.Audit(new AuditQuery(), Cancel)).Count);
    }

    [Fact]
    public async Task ABatchIsAllOrNothing()
    {
        await using var test = new TestStore();
        await test.Create(Active, "p1");

        var result = await test.Commit(
            ResourceWrite.Create(test.Prepare(Active, "p2")),
            ResourceWrite.Update(test.Prepare(Inactive, "p1")) with { IfMatch = ["7"] },
            ResourceWrite.Create(test.Prepare(Active, "p3")));

        Assert.Equal([WriteOutcome.Created, WriteOutcome.PreconditionFailed, WriteOutcome.NotReached], result.Writes.Select(write => write.Outcome));
        Assert.StartsWith("Entry 2 of 3", result.Failure!.Issues[0].Text, StringComparison.Ordinal);
        Assert.Null(await test.Store.Read("Patient", "p2", Cancel));
        Assert.Equal(["p1"], await test.Ids("Patient", ""));
        Assert.Single(await test.Store.Audit(new AuditQuery(), Cancel));
        Assert.Equal(1, await test.Store.LastSeq(Cancel));
    }

    [Fact]
    public async Task ABatchThatFailsHalfWayTakesNothingOfItsGroupAlong()
    {
        await using var test = new TestStore();
        await test.Create(Active, "there");

        var others = Enumerable.Range(0, 20).Select(number => test.Commit(ResourceWrite.Create(test.Prepare(Active, $"other{number}")))).ToList();
        var failed = await test.Commit(ResourceWrite.Create(test.Prepare(Active, "first")), ResourceWrite.Create(test.Prepare(Active, "there")));
        others.AddRange(Enumerable.Range(20, 20).Select(number => test.Commit(ResourceWrite.Create(test.Prepare(Active, $"other{number}")))));
        var results = await Task.WhenAll(others);

        Assert.Equal(FailureKind.Conflict, failed.Failure!.Kind);
        Assert.Null(await test.Store.Read("Patient", "first", Cancel));
        Assert.All(results, result => Assert.True(result.Committed));
        Assert.Equal(41, (await test.Store.Statistics(Cancel))["Patient"]);
    }

    [Fact]
    public async Task OneResourceTwiceInABatchIsAConflict()
    {
        await using var test = new TestStore();

        var result = await test.Commit(ResourceWrite.Update(test.Prepare(Active, "p1")), ResourceWrite.Update(test.Prepare(Inactive, "p1")));

        Assert.Equal(FailureKind.Conflict, result.Failure!.Kind);
    }

    [Fact]
    public async Task NoUpdateIsLostWhenAllUseIfMatch()
    {
        await using var test = new TestStore();
        await test.Create("""{"resourceType":"Basic","code":{"text":"0"}}""", "counter");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Increment(test, 10))));

        Assert.Contains("\"text\":\"80\"", TestStore.Text((await test.Store.Read("Basic", "counter", Cancel))!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LastUpdatedRisesThoughTheClockStandsOrGoesBack()
    {
        await using var test = new TestStore(options => options with { Time = new StandingClock() });
        var times = new List<DateTimeOffset>();
        for (var number = 0; number < 5; number++)
        {
            times.Add((await test.Update(number % 2 == 0 ? Active : Inactive, "p1")).LastUpdated);
        }

        Assert.Equal(times.Order().Distinct(), times);
    }

    private static string WithIdentifier(string value) => $$"""{"resourceType":"Patient","identifier":[{"system":"s","value":"{{value}}"}]}""";

    private static SearchQuery Condition(TestStore test, string query) => SearchRequest.Parse(test.Store.SearchParameters, "Patient", query, SearchHandling.Strict).Value.Query;

    private static async Task Increment(TestStore test, int times)
    {
        while (times > 0)
        {
            var current = (await test.Store.Read("Basic", "counter", Cancel))!;
            var count = int.Parse(TestStore.Document(TestStore.Text(current)).Root.Child("code").Child("text").Text!, CultureInfo.InvariantCulture);
            var json = "{\"resourceType\":\"Basic\",\"code\":{\"text\":\"" + (count + 1).ToString(CultureInfo.InvariantCulture) + "\"}}";
            var result = await test.Commit(ResourceWrite.Update(test.Prepare(json, "counter")) with { IfMatch = [current.VersionId] });
            times -= result.Committed ? 1 : 0;
        }
    }

    private sealed class StandingClock : TimeProvider
    {
        private int calls;

        public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(-calls++);
    }
}
