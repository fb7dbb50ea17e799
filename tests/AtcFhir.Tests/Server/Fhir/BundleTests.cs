using AtcFhir.Server.Bulk;
using Microsoft.Extensions.DependencyInjection;
using static AtcFhir.Tests.Server.Fhir.Resources;

namespace AtcFhir.Tests.Server.Fhir;

public class BundleTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private const string Urn = "urn:uuid:05efabf0-4be2-4561-91ce-51548425acb9";

    private ServerApp App => server.App;

    [Fact]
    public async Task ABatchAnswersEachEntryInItsPlace()
    {
        var answer = await App.Post("", Bundle("batch", Entry("GET", "Patient/batch-1"), Entry("PUT", "Patient/batch-1", Patient("batch-1")), Entry("GET", "Patience/1"), Entry("POST", "Patient", """{"resourceType":"Observation"}""")));

        Assert.Equal(200, answer.Status);
        Assert.Equal("batch-response", (string?)answer.Json["type"]);
        Assert.Equal(["200", "201", "404", "400"], StatusesOf(answer));
        Assert.Equal("batch-1", (string?)answer.Entries[0]["resource"]!["id"]);
        Assert.Equal("OperationOutcome", (string?)answer.Entries[2]["response"]!["outcome"]!["resourceType"]);
    }

    [Fact]
    public async Task AnEntryThatIsKnownOrAskedByHeadHasNoContent()
    {
        await App.Put("Patient/batch-2", Patient("batch-2"));

        var answer = await App.Post("", Bundle("batch", Entry("GET", "Patient/batch-2", more: ",\"ifNoneMatch\":\"W/\\\"1\\\"\""), Entry("HEAD", "Patient/batch-2"), Entry("GET", "Patient/batch-2")));

        Assert.Equal(["304", "200", "200"], StatusesOf(answer));
        Assert.Equal([false, false, true], answer.Entries.Select(entry => entry["resource"] is not null));
        Assert.All(answer.Entries, entry => Assert.Equal("W/\"1\"", (string?)entry["response"]!["etag"]));
    }

    [Fact]
    public async Task ATransactionLinksItsEntries()
    {
        var answer = await App.Post("", Bundle("transaction", Entry("POST", "Observation", Observation(subject: Urn)), Entry("POST", "Patient", Patient(), Urn)));

        Assert.Equal(200, answer.Status);
        Assert.Equal("transaction-response", (string?)answer.Json["type"]);
        Assert.Equal(["201", "201"], StatusesOf(answer));
        var (observation, patient) = (LocationOf(answer, 0), LocationOf(answer, 1));
        Assert.Equal(patient, (string?)(await App.Get(observation)).Json["subject"]!["reference"]);
    }

    [Theory]
    [InlineData("Patient/nobody-here", 404)]
    [InlineData("Patient?no-such-parameter:exact=x&_sort:asc=name", 400)]
    [InlineData("Patience/1", 404)]
    [InlineData("Patient/read-2", 410)]
    public async Task ATransactionWritesNothingWhenOneOfItsReadsFails(string url, int status)
    {
        await App.Put("Patient/read-2", Patient("read-2"));

        var answer = await App.Post("", Bundle("transaction", Entry("PUT", "Patient/read-1", Patient("read-1")), Entry("DELETE", "Patient/read-2"), Entry("GET", url)));

        Assert.Equal(status, answer.Status);
        Assert.StartsWith("Bundle.entry[2]", (string?)answer.Json["issue"]![0]!["expression"]![0], StringComparison.Ordinal);
        Assert.Equal(404, (await App.Get("Patient/read-1")).Status);
        Assert.Equal(200, (await App.Get("Patient/read-2")).Status);
    }

    [Fact]
    public async Task ATransactionReadsWhatItWrites()
    {
        var answer = await App.Post("", Bundle("transaction", Entry("GET", "Patient/read-3"), Entry("GET", "Patient/read-3/_history"), Entry("PUT", "Patient/read-3", Patient("read-3")), Entry("GET", "Patient?_id=read-3")));

        Assert.Equal(["200", "200", "201", "200"], StatusesOf(answer));
        Assert.Equal("read-3", (string?)answer.Entries[0]["resource"]!["id"]);
        Assert.Single((System.Text.Json.Nodes.JsonArray)answer.Entries[3]["resource"]!["entry"]!);
    }

    [Fact]
    public async Task ALinkMayBeRelativeToTheFullUrlOfItsEntry()
    {
        var answer = await App.Post("", Bundle(
            "transaction",
            Entry("POST", "Observation", Observation(subject: "Patient/abc"), "http://elsewhere.example/fhir/Observation/o"),
            Entry("POST", "Patient", Patient(), "http://elsewhere.example/fhir/Patient/abc")));

        Assert.Equal(LocationOf(answer, 1), (string?)(await App.Get(LocationOf(answer, 0))).Json["subject"]!["reference"]);
    }

    /// <summary>Which links are rewritten. <see href="https://hl7.org/fhir/R4/http.html#trules"/></summary>
    [Theory]
    [InlineData("urn:uuid:05efabf0-4be2-4561-91ce-51548425acb9")]
    [InlineData("http://example.org/fhir/Patient/123")]
    public async Task LinksOfUrisAndNarrativeAreRewrittenAndThoseOfCanonicalsAreNot(string fullUrl)
    {
        var resource = $$"""
            {"resourceType":"Basic","code":{"text":"x"},
             "text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><a href=\"{{fullUrl}}\">{{fullUrl}}</a><img src='{{fullUrl}}' alt='y'/></div>"},
             "extension":[{"url":"http://example.org/1","valueUri":"{{fullUrl}}"},{"url":"http://example.org/2","valueUrl":"{{fullUrl.Replace(":", @"\u003a", StringComparison.Ordinal)}}"},{"url":"http://example.org/3","valueCanonical":"{{fullUrl}}"},
             {"url":"http://example.org/4","valueString":"{{fullUrl}}"},{"url":"http://example.org/5","valueReference":{"reference":"{{fullUrl}}/_history/7"} }]}
            """;

        var answer = await App.Post("", Bundle("transaction", Entry("POST", "Basic", resource), Entry("POST", "Patient", Patient(), fullUrl)));

        Assert.Equal(["201", "201"], StatusesOf(answer));
        var (patient, basic) = (LocationOf(answer, 1), (await App.Get(LocationOf(answer, 0))).Json);
        Assert.Contains($"<a href=\"{patient}\">{fullUrl}</a><img src='{patient}' alt='y'/>", (string)basic["text"]!["div"]!, StringComparison.Ordinal);
        var extensions = basic["extension"]!.AsArray();
        Assert.Equal([patient, patient, fullUrl, fullUrl], [(string)extensions[0]!["valueUri"]!, (string)extensions[1]!["valueUrl"]!, (string)extensions[2]!["valueCanonical"]!, (string)extensions[3]!["valueString"]!]);
        Assert.Equal(patient + "/_history/1", (string?)extensions[4]!["valueReference"]!["reference"]);
    }

    [Fact]
    public async Task AUuidIsNoLinkThatCouldBeRewritten()
    {
        var answer = await App.Post("", Bundle(
            "transaction", Entry("POST", "Basic", $$"""{"resourceType":"Basic","code":{"text":"x"},"extension":[{"url":"http://example.org/1","valueUuid":"{{Urn}}"}]}"""), Entry("POST", "Patient", Patient(), Urn)));

        Assert.Equal(["201", "201"], StatusesOf(answer));
        Assert.Equal(Urn, (string?)(await App.Get(LocationOf(answer, 0))).Json["extension"]![0]!["valueUuid"]);
    }

    [Fact]
    public async Task AReferenceToAVersionOfWhatIsUpdatedLeadsToTheResource()
    {
        await App.Put("Patient/tx-version", Patient("tx-version"));

        var answer = await App.Post("", Bundle(
            "transaction", Entry("PUT", "Patient/tx-version", Patient("tx-version", "New"), "http://example.org/fhir/Patient/tx-v"), Entry("POST", "Observation", Observation(subject: "http://example.org/fhir/Patient/tx-v/_history/7"))));

        Assert.Equal("Patient/tx-version", (string?)(await App.Get(LocationOf(answer, 1))).Json["subject"]!["reference"]);
    }

    [Fact]
    public async Task NothingIsStoredWhenOneEntryFails()
    {
        var answer = await App.Post("", Bundle("transaction", Entry("PUT", "Patient/tx-1", Patient("tx-1")), Entry("POST", "Observation", """{"resourceType":"Observation","code":{"text":"x"}}""")));

        answer.Refuses(422, "required");
        Assert.Contains("Bundle.entry[1].resource", answer.Text, StringComparison.Ordinal);
        Assert.Equal(404, (await App.Get("Patient/tx-1")).Status);
    }

    [Fact]
    public async Task AStaleVersionFailsTheWhole()
    {
        await App.Put("Patient/tx-2", Patient("tx-2"));

        var answer = await App.Post("", Bundle(
            "transaction", Entry("PUT", "Patient/tx-3", Patient("tx-3")), Entry("PUT", "Patient/tx-2", Patient("tx-2", "New"), more: ",\"ifMatch\":\"W/\\\"9\\\"\"")));

        Assert.Equal(412, answer.Status);
        Assert.Contains("Bundle.entry[1]", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Entry 2 of", answer.Text, StringComparison.Ordinal);
        Assert.Equal(404, (await App.Get("Patient/tx-3")).Status);
    }

    [Theory]
    [InlineData("tx-none-1", "ifNoneMatch", "*")]
    [InlineData("tx-none-2", "ifNoneMatch", "W/\\\"1\\\"")]
    [InlineData("tx-none-3", "ifMatch", "W/\\\"2\\\"")]
    public async Task AConditionOfAWriteHoldsInsideOfATransaction(string id, string name, string value)
    {
        await App.Put($"Patient/{id}", Patient(id));

        var answer = await App.Post("", Bundle("transaction", Entry("PUT", $"Patient/{id}", Patient(id, "New"), more: $",\"{name}\":\"{value}\"")));

        answer.Refuses(412, "conflict");
        Assert.Contains("Bundle.entry[0]", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEntryWithIfMatchOfAnythingCreatesNothing()
        => (await App.Post("", Bundle("transaction", Entry("PUT", "Patient/tx-never", Patient("tx-never"), more: ",\"ifMatch\":\"*\"")))).Refuses(412, "conflict");

    [Theory]
    [InlineData("POST", "Patient", ",\"ifNoneExist\":\"identifier=tx-race-1\"", "tx-race-1")]
    [InlineData("PUT", "Patient?identifier=tx-race-2", "", "tx-race-2")]
    public async Task TransactionsAtOnceWithOneConditionMakeOneResourceAndNoneFails(string method, string url, string more, string identifier)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => App.Post("", Bundle(
            "transaction", Entry(method, url, Patient(identifier: identifier), Urn, more), Entry("POST", "Observation", Observation(subject: Urn))))));

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.Single((await App.Get("Patient?identifier=" + identifier)).Matches);
        Assert.Equal(20, (int)(await App.Get($"Observation?subject.identifier={identifier}&_summary=count")).Json["total"]!);
    }

    [Fact]
    public async Task AConditionalCreateLinksToTheMatch()
    {
        await App.Put("Patient/tx-4", Patient("tx-4", identifier: "tx-4"));

        var answer = await App.Post("", Bundle(
            "transaction",
            Entry("POST", "Observation", Observation(subject: Urn)),
            Entry("POST", "Patient", Patient(identifier: "tx-4"), Urn, ",\"ifNoneExist\":\"identifier=http://example.org/mrn|tx-4\"")));

        Assert.Equal(["201", "200"], StatusesOf(answer));
        Assert.Equal("Patient/tx-4", (string?)(await App.Get(LocationOf(answer, 0))).Json["subject"]!["reference"]);
    }

    [Fact]
    public async Task AConditionalReferenceBecomesItsMatch()
    {
        await App.Put("Patient/tx-5", Patient("tx-5", identifier: "tx-5"));

        var answer = await App.Post("", Bundle("transaction", Entry("POST", "Observation", Observation(subject: "Patient?identifier=http://example.org/mrn|tx-5"))));

        Assert.Equal("Patient/tx-5", (string?)(await App.Get(LocationOf(answer, 0))).Json["subject"]!["reference"]);
    }

    /// <summary>Conditional references are resolved when everything else is done. <see href="https://hl7.org/fhir/R4/http.html#trules"/></summary>
    [Fact]
    public async Task AConditionalReferenceLeadsToWhatTheSameTransactionCreates()
    {
        var answer = await App.Post("", Bundle(
            "transaction", Entry("POST", "Observation", Observation(subject: "Patient?identifier=http://example.org/mrn|tx-10")), Entry("POST", "Patient", Patient(identifier: "tx-10"))));

        Assert.Equal(["201", "201"], StatusesOf(answer));
        Assert.Equal(LocationOf(answer, 1), (string?)(await App.Get(LocationOf(answer, 0))).Json["subject"]!["reference"]);
    }

    [Fact]
    public async Task AConditionalReferenceSeesResourcesAsTheTransactionLeavesThem()
    {
        const string subject = "Patient?identifier=http://example.org/mrn|tx-11";
        await App.Put("Patient/tx-11-deleted", Patient("tx-11-deleted", identifier: "tx-11"));
        await App.Put("Patient/tx-11-changed", Patient("tx-11-changed", identifier: "tx-11"));
        await App.Put("Patient/tx-11-kept", Patient("tx-11-kept", identifier: "tx-11"));

        var answer = await App.Post("", Bundle(
            "transaction",
            Entry("POST", "Observation", Observation(subject: subject)),
            Entry("DELETE", "Patient/tx-11-deleted"),
            Entry("PUT", "Patient/tx-11-changed", Patient("tx-11-changed", identifier: "other")),
            Entry("POST", "Patient", Patient(identifier: "tx-11"), more: ",\"ifNoneExist\":\"_id=tx-11-kept\"")));

        Assert.Equal(["201", "204", "200", "200"], StatusesOf(answer));
        Assert.Equal("Patient/tx-11-kept", (string?)(await App.Get(LocationOf(answer, 0))).Json["subject"]!["reference"]);
        Assert.Equal(412, (await App.Post("", Bundle("transaction", Entry("POST", "Observation", Observation(subject: subject)), Entry("POST", "Patient", Patient(identifier: "tx-11"))))).Status);
    }

    [Fact]
    public async Task AConditionalReferenceWithoutAMatchFailsTheWhole()
    {
        var answer = await App.Post("", Bundle("transaction", Entry("POST", "Observation", Observation(subject: "Patient?identifier=nobody-has-this"))));

        Assert.Equal(412, answer.Status);
        Assert.Contains("subject.reference", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AReferenceThatLeadsNowhereFailsATransaction()
        => (await App.Post("", Bundle("transaction", Entry("POST", "Observation", Observation(subject: "Patient/nowhere"))))).Refuses(422, "not-found");

    [Fact]
    public async Task OneResourceIsWrittenOnce()
        => (await App.Post("", Bundle("transaction", Entry("PUT", "Patient/tx-6", Patient("tx-6")), Entry("DELETE", "Patient/tx-6")))).Refuses(400, "duplicate");

    [Theory]
    [InlineData("POST", "Patient", ",\"ifNoneExist\":\"identifier=http://example.org/mrn|tx-twice\"")]
    [InlineData("PUT", "Patient?identifier=http://example.org/mrn|tx-twice", "")]
    public async Task TwoEntriesWithOneConditionAreAboutOneResource(string method, string url, string condition)
    {
        var refused = await App.Post("", Bundle(
            "transaction",
            Entry("POST", "Patient", Patient(identifier: "tx-twice"), more: ",\"ifNoneExist\":\"identifier=http://example.org/mrn|tx-twice\""),
            Entry(method, url, Patient(identifier: "tx-twice"), more: condition)));

        refused.Refuses(400, "duplicate");
        Assert.Contains("that of Bundle.entry[0] too", refused.Text, StringComparison.Ordinal);
        Assert.Contains("\"Bundle.entry[1]\"", refused.Text, StringComparison.Ordinal);
        Assert.Empty((await App.Get("Patient?identifier=tx-twice")).Matches);
    }

    [Fact]
    public async Task ASearchInABatchHasItsParametersInItsUrl()
    {
        await App.Put("Patient/tx-form", Patient("tx-form", identifier: "tx-form"));
        const string Form = """{"resourceType":"Binary","contentType":"application/x-www-form-urlencoded","data":"aWRlbnRpZmllcj10eC1mb3Jt"}""";

        var answer = await App.Post("", Bundle("batch", Entry("POST", "Patient/_search?identifier=tx-form"), Entry("POST", "Patient/_search", Form)));

        Assert.Equal(["200", "415"], StatusesOf(answer));
        Assert.Equal("tx-form", (string?)answer.Entries[0]["resource"]!["entry"]![0]!["resource"]!["id"]);
        Assert.Contains("in the URL of the entry, as in GET", answer.Text, StringComparison.Ordinal);
        var transaction = await App.Post("", Bundle("transaction", Entry("POST", "Patient/_search?identifier=tx-form"), Entry("PUT", "Patient/tx-form", Patient("tx-form", identifier: "tx-form"))));
        transaction.Refuses(400, "not-supported");
        Assert.Contains("with the method GET", transaction.Text, StringComparison.Ordinal);
    }

    /// <summary>A job is told of in a header, which an entry of a response has no place for; a file and a manifest are no resources.</summary>
    [Theory]
    [InlineData("GET", "$export?_type=Patient")]
    [InlineData("POST", "$export")]
    [InlineData("HEAD", "Patient/$export")]
    [InlineData("GET", "$job/none")]
    [InlineData("GET", "$job/none/Patient.1.ndjson")]
    [InlineData("POST", "$import")]
    public async Task AJobIsNoEntry(string method, string url)
    {
        var jobs = Jobs();

        var answer = await App.Post("", Bundle("batch", Entry(method, url), Entry("GET", "Patient?_count=1")));

        Assert.Equal(["400", "200"], StatusesOf(answer));
        Assert.Contains("a request of its own", answer.Text, StringComparison.Ordinal);
        Assert.Equal(jobs, Jobs());
    }

    private int Jobs() => App.Services.GetRequiredService<BulkJobs>().Folder.All().Count();

    [Fact]
    public async Task DeletesComeFirstAndReadsLast()
    {
        await App.Put("Patient/tx-7", Patient("tx-7", identifier: "tx-7"));

        var answer = await App.Post("", Bundle(
            "transaction",
            Entry("GET", "Patient?identifier=http://example.org/mrn|tx-7"),
            Entry("POST", "Patient", Patient(identifier: "tx-7")),
            Entry("DELETE", "Patient/tx-7")));

        Assert.Equal(["200", "201", "204"], StatusesOf(answer));
        Assert.Equal(LocationOf(answer, 1), "Patient/" + (string?)answer.Entries[0]["resource"]!["entry"]![0]!["resource"]!["id"]);
    }

    [Fact]
    public async Task ATransactionPatches()
    {
        await App.Put("Patient/tx-8", Patient("tx-8"));
        var patch = """{"resourceType":"Binary","contentType":"application/json-patch+json","data":"W3sib3AiOiJyZXBsYWNlIiwicGF0aCI6Ii9iaXJ0aERhdGUiLCJ2YWx1ZSI6IjE5NTEifV0="}""";

        var answer = await App.Post("", Bundle("transaction", Entry("PATCH", "Patient/tx-8", patch)));

        Assert.Equal(["200"], StatusesOf(answer));
        Assert.Equal("1951", (string?)(await App.Get("Patient/tx-8")).Json["birthDate"]);
    }

    [Fact]
    public async Task ABinaryPatchThatIsNoBase64IsRefused()
    {
        await App.Put("Patient/tx-9", Patient("tx-9"));

        var answer = await App.Post("", Bundle("transaction", Entry("PATCH", "Patient/tx-9", """{"resourceType":"Binary","contentType":"application/json-patch+json","data":"%%"}""")));

        Assert.Equal(400, answer.Status);
        Assert.Contains("Bundle.entry[0]", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEntryWithoutARequestIsNamed()
        => Assert.Contains("Bundle.entry[0].request", (await App.Post("", """{"resourceType":"Bundle","type":"batch","entry":[{"resource":{"resourceType":"Patient"}}]}""")).Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"resourceType":"Bundle","type":"collection"}""")]
    [InlineData("""{"resourceType":"Patient"}""")]
    public async Task TheBaseTakesBatchesAndTransactionsOnly(string body) => (await App.Post("", body)).Refuses(400, "invalid");

    [Fact]
    public async Task PreferSaysWhetherTheEntriesHoldTheirResources()
    {
        var bundle = Bundle("transaction", Entry("POST", "Patient", Patient()));

        Assert.Null((await App.Post("", bundle)).Entries[0]["resource"]);
        Assert.NotNull((await App.Post("", bundle, ("Prefer", "return=representation"))).Entries[0]["resource"]);
    }

    private static string[] StatusesOf(Reply answer) => [.. answer.Entries.Select(entry => ((string)entry["response"]!["status"]!)[..3])];

    private static string LocationOf(Reply answer, int index)
        => string.Join('/', ((string)answer.Entries[index]["response"]!["location"]!).Replace("http://localhost/fhir/", "", StringComparison.Ordinal).Split('/')[..2]);

    /// <summary>bdl-7: a reference to it would have two targets.</summary>
    [Fact]
    public async Task AFullUrlNamesOneEntry()
    {
        const string Shared = "urn:uuid:0c0a2d4e-0000-4000-8000-000000000001";
        var twice = Bundle("transaction", Entry("POST", "Patient", Patient(), Shared), Entry("POST", "Patient", Patient(), Shared));

        var refused = await App.Post("", twice);

        refused.Refuses(400, "duplicate");
        Assert.Equal("Bundle.entry[1]", (string?)refused.Json["issue"]![0]!["expression"]![0]);
    }

    /// <summary>R4 of Bundle.entry.response.outcome: "this is the equivalent outcome that would be returned for prefer = operationoutcome".</summary>
    [Theory]
    [InlineData("batch")]
    [InlineData("transaction")]
    public async Task TheOutcomeThatPreferAsksForIsThatOfTheResponse(string type)
    {
        var answer = await App.Post("", Bundle(type, Entry("POST", "Patient", Patient()), Entry("DELETE", "Patient/never-was")), ("Prefer", "return=OperationOutcome"));

        Assert.Equal(200, answer.Status);
        Assert.All(answer.Entries, entry => Assert.Equal((null, "OperationOutcome"), ((string?)entry["resource"]?["resourceType"], (string?)entry["response"]!["outcome"]?["resourceType"])));
    }
}
