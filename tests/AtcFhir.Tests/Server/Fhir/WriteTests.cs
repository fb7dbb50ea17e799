namespace AtcFhir.Tests.Server.Fhir;

public class WriteTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private ServerApp App => server.App;

    [Fact]
    public async Task CreateSaysWhereTheResourceIs()
    {
        var created = await App.Post("Patient", Resources.Patient());

        Assert.Equal(201, created.Status);
        Assert.Equal($"http://localhost/fhir/Patient/{created.Id}/_history/1", created.Header("Location"));
        Assert.Equal("W/\"1\"", created.Header("ETag"));
        Assert.NotNull(created.Header("Last-Modified"));
    }

    [Fact]
    public async Task CreateDoesNotUseTheIdOfTheBody()
        => Assert.NotEqual("mine", (await App.Post("Patient", Resources.Patient("mine"))).Id);

    [Theory]
    [InlineData("return=minimal", 0, null)]
    [InlineData("return=representation", 1, "Patient")]
    [InlineData("return=OperationOutcome", 1, "OperationOutcome")]
    public async Task PreferSaysWhatTheAnswerHolds(string prefer, int hasBody, string? type)
    {
        var created = await App.Post("Patient", Resources.Patient(), ("Prefer", prefer));

        Assert.Equal(201, created.Status);
        Assert.Equal(hasBody == 1, created.Bytes.Length > 0);
        if (type is not null)
        {
            Assert.Equal(type, created.ResourceType);
        }
    }

    [Fact]
    public async Task ConditionalCreateMakesTheResourceOnce()
    {
        var body = Resources.Patient(identifier: "once");
        var condition = ("If-None-Exist", "identifier=http://example.org/mrn|once");

        var first = await App.Post("Patient", body, condition);
        var second = await App.Post("Patient", body, condition);

        Assert.Equal((201, 200), (first.Status, second.Status));
        Assert.Equal(first.Header("Location"), second.Header("Location"));
    }

    /// <summary>Who sends the header means a condition; a create without one would make what was to be made once.</summary>
    [Theory]
    [InlineData("?")]
    [InlineData("Patient?")]
    [InlineData("_count=1")]
    public async Task AConditionThatSaysNothingIsRefused(string condition)
    {
        Assert.Equal(412, (await App.Post("Patient", Resources.Patient(), ("If-None-Exist", condition))).Status);
    }

    [Fact]
    public async Task ConditionalCreateRefusesSeveralMatches()
    {
        await App.Post("Patient", Resources.Patient(identifier: "many"));
        await App.Post("Patient", Resources.Patient(identifier: "many"));

        var refused = await App.Post("Patient", Resources.Patient(identifier: "many"), ("If-None-Exist", "identifier=http://example.org/mrn|many"));

        Assert.Equal(412, refused.Status);
        Assert.Equal("OperationOutcome", refused.ResourceType);
    }

    [Fact]
    public async Task ConditionalCreateRefusesACriterionItDoesNotKnow()
        => Assert.Equal(400, (await App.Post("Patient", Resources.Patient(), ("If-None-Exist", "identifer=1"))).Status);

    [Fact]
    public async Task UpdateMakesTheNextVersion()
    {
        await App.Put("Patient/write-1", Resources.Patient("write-1", "First"));

        var updated = await App.Put("Patient/write-1", Resources.Patient("write-1", "Second"));

        Assert.Equal(200, updated.Status);
        Assert.Equal("W/\"2\"", updated.Header("ETag"));
    }

    [Fact]
    public async Task UpdateCreatesUnderTheIdOfTheClient()
    {
        var created = await App.Put("Patient/write-2", Resources.Patient("write-2"));

        Assert.Equal(201, created.Status);
        Assert.Equal("write-2", created.Id);
    }

    [Fact]
    public async Task UpdateBringsADeletedResourceBack()
    {
        await App.Put("Patient/write-3", Resources.Patient("write-3"));
        await App.Delete("Patient/write-3");

        var back = await App.Put("Patient/write-3", Resources.Patient("write-3"));

        Assert.Equal(201, back.Status);
        Assert.Equal("W/\"3\"", back.Header("ETag"));
    }

    [Theory]
    [InlineData("""{"resourceType":"Patient"}""")]
    [InlineData("""{"resourceType":"Patient","id":"other"}""")]
    public async Task UpdateRefusesAnotherId(string body) => Assert.Equal(400, (await App.Put("Patient/write-4", body)).Status);

    [Fact]
    public async Task UpdateRefusesAnIdThatIsNone()
        => Assert.Equal(400, (await App.Put("Patient/" + new string('x', 65), Resources.Patient(new string('x', 65)))).Status);

    [Fact]
    public async Task UpdateRefusesAnotherType()
        => (await App.Put("Patient/write-5", Resources.Observation("write-5"))).Refuses(400, "invalid");

    [Fact]
    public async Task AStaleETagIsRefused()
    {
        await App.Put("Patient/write-6", Resources.Patient("write-6"));
        await App.Put("Patient/write-6", Resources.Patient("write-6", "Second"));

        var stale = await App.Put("Patient/write-6", Resources.Patient("write-6", "Third"), ("If-Match", "W/\"1\""));
        var fresh = await App.Put("Patient/write-6", Resources.Patient("write-6", "Third"), ("If-Match", "W/\"2\""));

        Assert.Equal((412, 200), (stale.Status, fresh.Status));
        Assert.Equal("OperationOutcome", stale.ResourceType);
    }

    [Fact]
    public async Task AnIfMatchThatIsNoTagIsRefused()
        => (await App.Put("Patient/write-7", Resources.Patient("write-7"), ("If-Match", "\"1\", \"2\""))).Refuses(400, "invalid");

    [Fact]
    public async Task AnIfMatchOfAnythingWantsThatThereIsSomething()
    {
        (await App.Put("Patient/write-any", Resources.Patient("write-any"), ("If-Match", "*"))).Refuses(412, "conflict");
        Assert.Equal(412, (await App.Delete("Patient/write-any", ("If-Match", "*"))).Status);
        await App.Put("Patient/write-any", Resources.Patient("write-any"));

        Assert.Equal(200, (await App.Put("Patient/write-any", Resources.Patient("write-any", "Second"), ("If-Match", "*"))).Status);
        Assert.Equal(204, (await App.Delete("Patient/write-any", ("If-Match", "*"))).Status);
        Assert.Equal(412, (await App.Put("Patient/write-any", Resources.Patient("write-any"), ("If-Match", "*"))).Status);
    }

    [Fact]
    public async Task AnIfNoneMatchOfTheCurrentVersionHinders()
    {
        await App.Put("Patient/write-not", Resources.Patient("write-not"));

        (await App.Put("Patient/write-not", Resources.Patient("write-not", "Second"), ("If-None-Match", "W/\"7\", W/\"1\""))).Refuses(412, "conflict");
        (await App.Put("Patient/write-not", Resources.Patient("write-not", "Second"), ("If-None-Match", "not a tag"))).Refuses(400, "invalid");
        Assert.Equal(200, (await App.Put("Patient/write-not", Resources.Patient("write-not", "Second"), ("If-None-Match", "W/\"7\""))).Status);
    }

    [Fact]
    public async Task DeleteIsDoneOnce()
    {
        await App.Put("Patient/write-8", Resources.Patient("write-8"));

        Assert.Equal(204, (await App.Delete("Patient/write-8")).Status);
        Assert.Equal(204, (await App.Delete("Patient/write-8")).Status);
        Assert.Equal(204, (await App.Delete("Patient/write-never")).Status);
    }

    [Fact]
    public async Task DeleteRefusesAStaleETag()
    {
        await App.Put("Patient/write-9", Resources.Patient("write-9"));

        Assert.Equal(412, (await App.Delete("Patient/write-9", ("If-Match", "W/\"7\""))).Status);
        Assert.Equal(200, (await App.Get("Patient/write-9")).Status);
    }

    [Fact]
    public async Task ConditionalUpdatesAtOnceMakeOneResourceAndNoneFails()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => App.Put("Patient?identifier=http://example.org/mrn|write-race", Resources.Patient(family: $"Racer{number}", identifier: "write-race"))));

        Assert.Equal([.. Enumerable.Repeat(200, 19), 201], answers.Select(answer => answer.Status).Order());
        Assert.Single(answers.Select(answer => answer.Id).Distinct());
        Assert.Equal("20", (string?)(await App.Get("Patient/" + answers[0].Id)).Json["meta"]!["versionId"]);
    }

    [Fact]
    public async Task ConditionalUpdateCreatesThenUpdates()
    {
        var path = "Patient?identifier=http://example.org/mrn|cond-1";

        var created = await App.Put(path, Resources.Patient(identifier: "cond-1"));
        var updated = await App.Put(path, Resources.Patient(identifier: "cond-1", family: "Second"));

        Assert.Equal((201, 200), (created.Status, updated.Status));
        Assert.Equal(created.Id, updated.Id);
    }

    [Fact]
    public async Task ConditionalUpdateCreatesUnderTheIdOfTheBody()
        => Assert.Equal("cond-2", (await App.Put("Patient?identifier=http://example.org/mrn|cond-2", Resources.Patient("cond-2", identifier: "cond-2"))).Id);

    [Fact]
    public async Task ConditionalUpdateRefusesAnotherIdThanTheMatch()
    {
        await App.Put("Patient/cond-3", Resources.Patient("cond-3", identifier: "cond-3"));

        var refused = await App.Put("Patient?identifier=http://example.org/mrn|cond-3", Resources.Patient("cond-3x", identifier: "cond-3"));

        Assert.Equal(400, refused.Status);
    }

    [Fact]
    public async Task ConditionalUpdateRefusesAnIdThatIsTaken()
    {
        await App.Put("Patient/cond-4", Resources.Patient("cond-4", identifier: "else"));

        (await App.Put("Patient?identifier=http://example.org/mrn|cond-4", Resources.Patient("cond-4", identifier: "cond-4"))).Refuses(409, "conflict");
    }

    [Fact]
    public async Task ConditionalDeleteDeletesTheOneMatch()
    {
        await App.Put("Patient/cond-5", Resources.Patient("cond-5", identifier: "cond-5"));

        Assert.Equal(204, (await App.Delete("Patient?identifier=http://example.org/mrn|cond-5")).Status);
        Assert.Equal(410, (await App.Get("Patient/cond-5")).Status);
        Assert.Equal(204, (await App.Delete("Patient?identifier=http://example.org/mrn|cond-5")).Status);
    }

    [Fact]
    public async Task ConditionalDeleteDeletesSeveralMatchesAsMetadataSays()
    {
        await App.Post("Patient", Resources.Patient(identifier: "cond-6"));
        await App.Post("Patient", Resources.Patient(identifier: "cond-6"));
        await App.Put("Patient/cond-6-other", Resources.Patient("cond-6-other", identifier: "cond-6-other"));

        Assert.Equal(204, (await App.Delete("Patient?identifier=http://example.org/mrn|cond-6")).Status);

        Assert.Empty((await App.Get("Patient?identifier=http://example.org/mrn|cond-6")).Matches);
        Assert.Equal(200, (await App.Get("Patient/cond-6-other")).Status);
    }

    [Fact]
    public async Task ConditionalDeleteWithACountDeletesUpToThatMany()
    {
        for (var i = 0; i < 3; i++)
        {
            await App.Put($"Patient/several-{i}", Resources.Patient($"several-{i}", "Several"));
        }

        (await App.Delete("Patient?family=Several&_count=2")).Refuses(412, "multiple-matches");
        Assert.Equal(3, (await App.Get("Patient?family=Several")).Matches.Count);
        Assert.Equal(204, (await App.Delete("Patient?family=Several&_count=3")).Status);
        Assert.Empty((await App.Get("Patient?family=Several")).Matches);
        Assert.Equal(204, (await App.Delete("Patient?family=Several&_count=3")).Status);
        (await App.Delete("Patient?_count=3")).Refuses(412, "required");
    }

    [Fact]
    public async Task ConditionalDeleteWithoutACriterionIsRefused()
        => Assert.Equal(412, (await App.Delete("Patient")).Status);

    [Fact]
    public async Task EachVersionHasAnAuditRowThatSaysWho()
    {
        await App.Put("Patient/audit-1", Resources.Patient("audit-1"), ("X-Request-Id", "req-77"));

        var rows = await App.Endpoint.Store.Audit(new AtcFhir.Store.AuditQuery(Type: "Patient", Id: "audit-1"), TestContext.Current.CancellationToken);

        var row = Assert.Single(rows);
        Assert.Equal(("local", "update", "req-77", "audit-1"), (row.Entry.Actor, row.Entry.Action, row.Entry.RequestId, row.Entry.Patient));
    }
}
