using AtcFhir.R4.Outcomes;
using AtcFhir.Store;
using AtcFhir.Store.Search;

namespace AtcFhir.Tests.Store.Search;

public class SearchTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("subject=Patient/p1", "o1 o2")]
    [InlineData("patient=p1", "o1 o2")]
    [InlineData("subject:Patient=p1", "o1 o2")]
    [InlineData("subject=https://trial.example/fhir/Patient/p1", "o1 o2")]
    [InlineData("subject=https://other.example/fhir/Patient/p1", "o4")]
    [InlineData("subject=Patient/p1&code=http://loinc.org|89247-1", "o1")]
    [InlineData("patient=p1&code=89247-1,1988-5", "o1 o2")]
    [InlineData("patient=p1&code=|89247-1", "")]
    [InlineData("patient=Patient/p1&category=survey", "o1")]
    [InlineData("patient=p1,p2", "o1 o2 o3")]
    [InlineData("subject:identifier=urn:mrn|77", "o5")]
    [InlineData("subject:missing=true", "o6")]
    [InlineData("subject:missing=false", "o1 o2 o3 o4 o5")]
    [InlineData("value-quantity:missing=false", "o2")]
    [InlineData("code:not=1988-5", "o1 o3 o4 o5 o6")]
    [InlineData("status=final", "o1 o2 o3 o4 o5 o6")]
    [InlineData("status=FINAL", "o1 o2 o3 o4 o5 o6")]
    [InlineData("status=amended", "")]
    [InlineData("status=http://hl7.org/fhir/observation-status|final", "o1 o2 o3 o4 o5 o6")]
    [InlineData("status=|final", "o1 o2 o3 o4 o5 o6")]
    [InlineData("status=http://hl7.org/fhir/other|final", "")]
    [InlineData("status:not=http://hl7.org/fhir/observation-status|final", "")]
    [InlineData("code:text=ecog", "o1 o3")]
    [InlineData("value-quantity=gt10", "o2")]
    [InlineData("value-quantity=12||mg/L", "o2")]
    [InlineData("value-quantity=1.2|http://unitsofmeasure.org|mg/dL", "o2")]
    [InlineData("value-quantity=gt0.011|http://unitsofmeasure.org|g/L", "o2")]
    [InlineData("value-quantity=gt0.012|http://unitsofmeasure.org|g/L", "")]
    [InlineData("value-quantity=12|http://unitsofmeasure.org|mmol/L", "")]
    [InlineData("value-quantity=12000||ug/L", "")]
    [InlineData("code-value-quantity=1988-5$1.2|http://unitsofmeasure.org|mg/dL", "o2")]
    [InlineData("date=2019-01", "o1 o3")]
    [InlineData("date=ge2019-02", "o2")]
    [InlineData("subject.name=janssen", "o1 o2")]
    [InlineData("subject:Patient.birthdate=1950", "o3")]
    [InlineData("patient.organization.name=umc", "o1 o2")]
    [InlineData("subject.name:exact=janssen", "")]
    [InlineData("_id=o1,o3", "o1 o3")]
    [InlineData("_id:not=o1", "o2 o3 o4 o5 o6")]
    [InlineData("_tag=urn:t|late", "o2 o3")]
    [InlineData("_profile=https://example.org/p", "o3")]
    [InlineData("code=89247-1&date=2019-01-07&status=final&patient=p2", "o3")]
    [InlineData("code=89247-1&code=1988-5", "")]
    [InlineData("_has:Observation:has-member:code=89247-1", "")]
    public async Task FindsObservations(string query, string expected)
    {
        await using var test = await WithSubjects();

        Assert.Equal(expected, string.Join(' ', await test.Ids("Observation", query)));
    }

    [Theory]
    [InlineData("_has:Observation:patient:code=1988-5", "p1")]
    [InlineData("_has:Observation:subject:date=ge2019&birthdate=1950", "p2")]
    [InlineData("_has:Observation:patient:_tag=late", "p1 p2")]
    [InlineData("name=jan", "p1")]
    [InlineData("family=JÀNSSEN", "p1")]
    [InlineData("given=joke", "p1")]
    [InlineData("family:contains=anss", "p1")]
    [InlineData("email=j@example.org", "p1")]
    [InlineData("phone=j@example.org", "")]
    [InlineData("deceased=true", "p2")]
    [InlineData("deceased=false", "p1")]
    [InlineData("death-date=2019-05", "p2")]
    [InlineData("organization:Organization.name=UMC", "p1")]
    [InlineData("identifier=urn:s|001", "p1")]
    [InlineData("identifier:ofType=urn:types|MR|001", "p1")]
    [InlineData("identifier:ofType=urn:types|MR|002", "")]
    [InlineData("identifier:ofType=urn:other|MR|001", "")]
    [InlineData("identifier=urn:s|", "p1 p2")]
    [InlineData("name=piet\\,", "p2")]
    public async Task FindsPatients(string query, string expected)
    {
        await using var test = await WithSubjects();

        Assert.Equal(expected, string.Join(' ', await test.Ids("Patient", query)));
    }

    [Theory]
    [InlineData("_sort=date", "o3 o1 o2 o4 o5 o6")]
    [InlineData("_sort=-date", "o2 o1 o3 o4 o5 o6")]
    [InlineData("_sort=code,-date", "o2 o1 o3 o4 o5 o6")]
    [InlineData("_sort=-_id", "o6 o5 o4 o3 o2 o1")]
    [InlineData("_sort=_lastUpdated", "o2 o3 o4 o5 o6 o1")]
    [InlineData("_sort=-_lastUpdated", "o1 o6 o5 o4 o3 o2")]
    [InlineData("_sort=value-quantity&patient=p1", "o2 o1")]
    public async Task SortsWithMissingValuesLast(string query, string expected)
    {
        await using var test = await WithSubjects();
        await test.Update(TestStore.Text((await test.Store.Read("Observation", "o1", Cancel))!), "o1");

        Assert.Equal(expected, string.Join(' ', await test.Ids("Observation", query)));

        // And the same order page by page.
        var (paged, cursor) = (new List<string>(), (string?)null);
        do
        {
            var page = await Page(test, $"{query}&_count=2", cursor);
            paged.AddRange(page.Matches.Select(match => match.Id));
            cursor = page.Next;
        }
        while (cursor is not null);

        Assert.Equal(expected, string.Join(' ', paged));
    }

    [Fact]
    public async Task PagesAreStableUnderWritesAndAcrossRestarts()
    {
        await using var test = new TestStore();
        for (var number = 0; number < 10; number++)
        {
            await test.Create("""{"resourceType":"Patient","active":true}""", $"p{number}");
        }

        var (seen, cursor) = (new List<string>(), (string?)null);
        do
        {
            var page = await Page(test, "active=true&_count=3", cursor, "Patient");
            seen.AddRange(page.Matches.Select(match => match.Id));
            cursor = page.Next;
            await test.Create("""{"resourceType":"Patient","active":true}""");
            await test.Update("""{"resourceType":"Patient","active":true,"gender":"male"}""", seen[0]);
            await test.Reopen();
        }
        while (cursor is not null);

        Assert.Equal(Enumerable.Range(0, 10).Select(number => $"p{number}"), seen);
    }

    [Fact]
    public async Task ACursorIsGoodForItsOwnSearchOnly()
    {
        await using var test = await WithSubjects();
        var page = await Page(test, "status=final&_count=1", null);

        foreach (var (query, cursor) in new[] { ("status=amended&_count=1", page.Next!), ("status=final", page.Next![..^1]), ("status=final", "bm9uc2Vuc2U"), ("status=final", "%%") })
        {
            var parsed = SearchRequest.Parse(test.Store.SearchParameters, "Observation", query).Value.Query;
            Assert.Equal(FailureKind.Malformed, (await test.Store.Search(parsed with { Cursor = cursor }, Cancel)).Failure?.Kind);
        }
    }

    [Fact]
    public async Task TotalsAreCountedWhenAskedFor()
    {
        await using var test = await WithSubjects();

        Assert.Null((await test.Search("Observation", "_count=2")).Total);
        Assert.Equal(6, (await test.Search("Observation", "_count=2&_total=accurate")).Total);
        var counted = await test.Search("Observation", "patient=p1&_summary=count");
        Assert.Equal((2, 0), ((int)counted.Total!, counted.Matches.Count));
        Assert.Equal(2, (await test.Store.Count(SearchRequest.Parse(test.Store.SearchParameters, "Observation", "patient=p1").Value.Query, Cancel)).Value);
    }

    [Theory]
    [InlineData("Observation", "_id=o1&_include=Observation:subject", "p1")]
    [InlineData("Observation", "_id=o1&_include=Observation:subject:Group", "")]
    [InlineData("Observation", "patient=p1&_include=Observation:patient", "p1")]
    [InlineData("Observation", "_id=o1&_include=*", "p1")]
    [InlineData("Observation", "_id=o1&_include=Observation:subject&_include:iterate=Patient:organization", "p1 org")]
    [InlineData("Observation", "_id=o1&_include=Observation:subject&_include=Patient:organization", "p1")]
    [InlineData("Patient", "_id=p1&_revinclude=Observation:subject", "o1 o2")]
    [InlineData("Organization", "_id=org&_revinclude=Patient:organization&_revinclude:iterate=Observation:patient", "p1 o1 o2")]
    public async Task BringsAlongWhatIsIncluded(string type, string query, string expected)
    {
        await using var test = await WithSubjects();

        Assert.Equal(expected, string.Join(' ', (await test.Search(type, query)).Included.Select(resource => resource.Id)));
    }

    /// <summary>R4: "Servers SHOULD fail a search where the logical id in a reference refers to multiple matching resources across different types."</summary>
    [Theory]
    [InlineData("Observation", "subject=23")]
    [InlineData("Observation", "subject=Patient/p1,23")]
    [InlineData("Observation", "_filter=subject eq 23")]
    [InlineData("Observation", "_filter=not (subject ne 23)")]
    [InlineData("Observation", "has-member.subject=23")]
    [InlineData("Patient", "_has:Observation:patient:subject=23")]
    [InlineData("List", "item=23", "item: Device and Organization have the id 23; say which is meant, as in item:Device=23.")]
    public async Task AnIdThatFitsSeveralTypesIsRefused(string type, string query, string told = "subject: Device and Patient have the id 23; say which is meant, as in subject:Device=23.")
    {
        await using var test = await WithTwoSubjectsOfOneId();

        var search = SearchRequest.Parse(test.Store.SearchParameters, type, query, SearchHandling.Lenient).Value.Query;
        foreach (var failure in (Failure?[])[(await test.Store.Search(search, Cancel)).Failure, (await test.Store.Count(search, Cancel)).Failure])
        {
            Assert.Equal(FailureKind.Malformed, failure?.Kind);
            Assert.Equal((IssueCode.MultipleMatches, told), (failure!.Issues[0].Code, failure.Issues[0].Text));
        }
    }

    [Theory]
    [InlineData("subject=Patient/23", "a")]
    [InlineData("subject:Device=23", "b")]
    [InlineData("patient=23", "a")]
    [InlineData("device=23", "")]
    [InlineData("subject=24", "c")]
    [InlineData("subject=25", "d")]
    public async Task AnIdThatFitsOneTypeFindsIt(string query, string expected)
    {
        await using var test = await WithTwoSubjectsOfOneId();

        Assert.Equal(expected, string.Join(' ', await test.Ids("Observation", query)));
    }

    /// <summary>The patient 23 is only referred to; 24 was a device's id, too, until that was deleted.</summary>
    private static async Task<TestStore> WithTwoSubjectsOfOneId()
    {
        var test = new TestStore();
        foreach (var device in (string[])["23", "24"])
        {
            await test.Create("{\"resourceType\":\"Device\"}", device);
        }

        await test.Create("{\"resourceType\":\"Organization\",\"name\":\"x\"}", "23");
        await test.Create("{\"resourceType\":\"Patient\"}", "24");
        foreach (var (id, subject) in ((string, string)[])[("a", "Patient/23"), ("b", "Device/23"), ("c", "Patient/24"), ("d", "Patient/25")])
        {
            await test.Create($"{{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{{\"text\":\"x\"}},\"subject\":{{\"reference\":\"{subject}\"}}}}", id);
        }

        await test.Delete("Device", "24");
        return test;
    }

    [Fact]
    public async Task SearchesOverAllOrSeveralTypes()
    {
        await using var test = await WithSubjects();

        Assert.Equal(9, (await test.Ids(null, "")).Length);
        Assert.Equal(["p1", "p2", "org"], await test.Ids(null, "_type=Patient,Organization"));
        Assert.Equal(["o2", "o3"], await test.Ids(null, "_tag=late"));
        Assert.Equal(["p1", "p2", "o1", "o2", "o3", "o4", "o5", "o6", "org"], (await test.Ids(null, "_lastUpdated=ge2018")).Order(new ByPlace()));
    }

    [Fact]
    public async Task LastUpdatedSelectsByTheInstant()
    {
        await using var test = new TestStore();
        await test.Create("""{"resourceType":"Patient"}""", "a");
        test.Time.Advance(TimeSpan.FromHours(1));
        var second = await test.Create("""{"resourceType":"Patient"}""", "b");
        test.Time.Advance(TimeSpan.FromHours(1));
        await test.Create("""{"resourceType":"Patient"}""", "c");
        var instant = second.LastUpdated.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

        Assert.Equal(["b"], await test.Ids("Patient", $"_lastUpdated={instant}"));
        Assert.Equal(["b", "c"], await test.Ids("Patient", $"_lastUpdated=ge{instant}"));
        Assert.Equal(["c"], await test.Ids("Patient", $"_lastUpdated=gt{instant}"));
        Assert.Equal(["a", "c"], await test.Ids("Patient", $"_lastUpdated=ne{instant}"));
        Assert.Equal(["a", "b"], await test.Ids("Patient", $"_lastUpdated=le{instant}"));
        Assert.Equal(["a", "b", "c"], await test.Ids("Patient", "_lastUpdated=2018-10-16"));
        Assert.Equal(["b", "c"], await test.Ids("Patient", $"_lastUpdated=ge{instant}&_sort=_lastUpdated"));
    }

    [Fact]
    public async Task ACompartmentHoldsItsPatientAndWhatIsAboutThem()
    {
        await using var test = await WithSubjects();
        var query = SearchRequest.Parse(test.Store.SearchParameters, "Observation", "status=final").Value.Query with { Compartment = new Compartment("Patient", "p1") };

        Assert.Equal(["o1", "o2"], (await test.Store.Search(query, Cancel)).Value.Matches.Select(match => match.Id));
        var everything = SearchRequest.Parse(test.Store.SearchParameters, null, "").Value.Query with { Compartment = new Compartment("Patient", "p1") };
        Assert.Equal(["p1", "o1", "o2"], (await test.Store.Search(everything, Cancel)).Value.Matches.Select(match => match.Id));
    }

    [Fact]
    public async Task ASearchThatTakesTooLongIsTooCostly()
    {
        await using var test = new TestStore(options => options with { SearchTimeout = TimeSpan.Zero, Time = TimeProvider.System });
        for (var number = 0; number < 12; number++)
        {
            await test.Commit([.. Enumerable.Range(0, 100).Select(_ => ResourceWrite.Create(test.Prepare("""{"resourceType":"Patient","name":[{"family":"abcdefg"}]}""")))]);
        }

        var query = SearchRequest.Parse(test.Store.SearchParameters, "Patient", "family:contains=x,y,z&_total=accurate").Value.Query;
        var answer = await test.Store.Search(query, Cancel);

        Assert.Equal(IssueCode.TooCostly, answer.Failure?.Issues[0].Code);
        Assert.NotNull(await test.Store.Read("Patient", (await test.Create("""{"resourceType":"Patient"}""")).Id, Cancel));
    }

    private static async Task<SearchPage> Page(TestStore test, string query, string? cursor, string type = "Observation")
    {
        var parsed = SearchRequest.Parse(test.Store.SearchParameters, type, query, SearchHandling.Strict).Value.Query;
        return (await test.Store.Search(parsed with { Cursor = cursor }, Cancel)).Value;
    }

    private static async Task<TestStore> WithSubjects()
    {
        var test = new TestStore(options => options with { BaseUrl = new Uri("https://trial.example/fhir/") });
        string[] resources =
        [
            """{"resourceType":"Patient","id":"p1","identifier":[{"type":{"coding":[{"system":"urn:types","code":"MR"}]},"system":"urn:s","value":"001"}],"name":[{"family":"Janssen","given":["Joke","Maria"]}],"telecom":[{"system":"email","value":"j@example.org"}],"managingOrganization":{"reference":"Organization/org"},"deceasedBoolean":false}""",
            """{"resourceType":"Patient","id":"p2","identifier":[{"system":"urn:s","value":"002"}],"name":[{"text":"Piet, de Vries"}],"birthDate":"1950-03-04","deceasedDateTime":"2019-05-06"}""",
            """{"resourceType":"Observation","id":"o1","status":"final","category":[{"coding":[{"code":"survey"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"89247-1","display":"ECOG score"}]},"subject":{"reference":"Patient/p1"},"effectiveDateTime":"2019-01-14","valueInteger":1}""",
            """{"resourceType":"Observation","id":"o2","meta":{"tag":[{"system":"urn:t","code":"late"}]},"status":"final","code":{"coding":[{"system":"http://loinc.org","code":"1988-5"}]},"subject":{"reference":"https://trial.example/fhir/Patient/p1/_history/1"},"effectiveDateTime":"2019-02-01T10:00:00+01:00","valueQuantity":{"value":12,"unit":"mg/L","system":"http://unitsofmeasure.org","code":"mg/L"}}""",
            """{"resourceType":"Observation","id":"o3","meta":{"profile":["https://example.org/p"],"tag":[{"system":"urn:t","code":"late"}]},"status":"final","code":{"coding":[{"system":"http://loinc.org","code":"89247-1"}],"text":"ECOG"},"subject":{"reference":"Patient/p2"},"effectiveDateTime":"2019-01-07","valueInteger":2}""",
            """{"resourceType":"Observation","id":"o4","status":"final","code":{"text":"x"},"subject":{"reference":"https://other.example/fhir/Patient/p1"}}""",
            """{"resourceType":"Observation","id":"o5","status":"final","code":{"text":"x"},"subject":{"identifier":{"system":"urn:mrn","value":"77"}}}""",
            """{"resourceType":"Observation","id":"o6","status":"final","code":{"text":"x"},"contained":[{"resourceType":"Patient","id":"p1"}],"performer":[{"reference":"#p1"}]}""",
            """{"resourceType":"Organization","id":"org","name":"UMC Utrecht"}""",
        ];
        foreach (var resource in resources)
        {
            await test.Create(resource, TestStore.Document(resource).Id);
        }

        return test;
    }

    private sealed class ByPlace : IComparer<string>
    {
        private static readonly string[] Order = ["p1", "p2", "o1", "o2", "o3", "o4", "o5", "o6", "org"];

        public int Compare(string? x, string? y) => Array.IndexOf(Order, x).CompareTo(Array.IndexOf(Order, y));
    }
}
