using static AtcFhir.Tests.Server.Fhir.Resources;

namespace AtcFhir.Tests.Server.Fhir;

public class EverythingTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private ServerApp App => server.App;

    [Fact]
    public async Task GivesThePatientTheCompartmentAndWhatTheyReferTo()
    {
        await Family("every-1");

        var all = await App.Get("Patient/every-1/$everything");

        Assert.Equal("searchset", (string?)all.Json["type"]);
        Assert.Equal(["every-1", "every-1-doctor", "every-1-new", "every-1-old"], all.Matches.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task PostTakesParameters()
    {
        await Family("every-2");

        var all = await App.Post("Patient/every-2/$everything", """{"resourceType":"Parameters","parameter":[{"name":"_type","valueString":"Patient,Practitioner"}]}""");

        Assert.Equal(["every-2", "every-2-doctor"], all.Matches.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ACountGivesTheTotalAlone()
    {
        await Family("every-9");

        var all = await App.Get("Patient/every-9/$everything?_summary=count");

        Assert.Equal(4, (int?)all.Json["total"]);
        Assert.Empty(all.Entries);
    }

    [Fact]
    public async Task ATimeThatIsNoneIsNamed()
    {
        await Family("every-9");

        Assert.Contains("_since: expected", (await App.Get("Patient/every-9/$everything?_since=soon")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PagesLeadThroughEverythingOnce()
    {
        await Family("every-3");
        var seen = new List<string>();
        var next = "/fhir/Patient/every-3/$everything?_count=1";
        while (next is not null)
        {
            var page = await App.Get(next);
            Assert.Single(page.Matches);
            seen.AddRange(page.Matches);
            next = page.Link("next")?.Replace("http://localhost", "", StringComparison.Ordinal);
        }

        Assert.Equal(["every-3", "every-3-doctor", "every-3-new", "every-3-old"], seen.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("start=2019", "every-4-new")]
    [InlineData("end=2018", "every-4-old")]
    [InlineData("start=2018-06&end=2018-12", "")]
    public async Task TheDatesOfCareCanBeLimited(string query, string expected)
    {
        await Family("every-4");

        var all = await App.Get($"Patient/every-4/$everything?{query}");

        Assert.Equal(expected, string.Join(',', all.Matches.Where(id => id is "every-4-new" or "every-4-old")));
        Assert.Contains("every-4", all.Matches);
    }

    [Fact]
    public async Task SinceLeavesOutWhatIsOlder()
    {
        await Family("every-5");
        var changed = await App.Put("Observation/every-5-old", Observation("every-5-old", "Patient/every-5", date: "2018-01-01", value: "3"));

        var all = await App.Get($"Patient/every-5/$everything?_since={Uri.EscapeDataString((string)changed.Json["meta"]!["lastUpdated"]!)}");

        Assert.Equal(["every-5-old"], all.Matches);
    }

    [Fact]
    public async Task AStudyBringsItsSubjectsAndTheirPatients()
    {
        await Family("every-6");
        await App.Put("ResearchStudy/every-6-study", """{"resourceType":"ResearchStudy","id":"every-6-study","status":"active"}""");
        await App.Put("ResearchSubject/every-6-subject", """{"resourceType":"ResearchSubject","id":"every-6-subject","status":"on-study","study":{"reference":"ResearchStudy/every-6-study"},"individual":{"reference":"Patient/every-6"}}""");
        string[] expected = ["every-6", "every-6-doctor", "every-6-new", "every-6-old", "every-6-study", "every-6-subject"];

        Assert.Equal(expected, (await App.Get("ResearchStudy/every-6-study/$everything")).Matches.Order(StringComparer.Ordinal));
        Assert.Equal(expected, (await App.Get("ResearchSubject/every-6-subject/$everything")).Matches.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task AllPatientsCanBeAskedFor()
    {
        await Family("every-7");

        var all = await App.Get("Patient/$everything?_type=Patient,Observation");

        Assert.Contains("every-7", all.Matches);
        Assert.Contains("every-7-old", all.Matches);
    }

    [Fact]
    public async Task AnUnknownPatientIsNotFoundAndWrongParametersAreNamed()
    {
        (await App.Get("Patient/nobody/$everything")).Refuses(404, "not-found");
        await App.Put("Patient/every-8", Patient("every-8"));
        (await App.Get("Patient/every-8/$everything?start=yesterday")).Refuses(400, "value");
        (await App.Get("Patient/every-8/$everything?_since=soon")).Refuses(400, "value");
        (await App.Get("Patient/every-8/$everything?wrong=1", ("Prefer", "handling=strict"))).Refuses(400, "not-supported");
    }

    /// <summary>A patient with a doctor, and two observations, of 2018 and 2019; and another patient with one.</summary>
    private async Task Family(string id)
    {
        await App.Put($"Practitioner/{id}-doctor", $$"""{"resourceType":"Practitioner","id":"{{id}}-doctor"}""");
        await App.Put($"Patient/{id}", Patient(id, extra: $$""" "generalPractitioner":[{"reference":"Practitioner/{{id}}-doctor"}],"""));
        await App.Put($"Observation/{id}-old", Observation($"{id}-old", "Patient/" + id, date: "2018-01-01"));
        await App.Put($"Observation/{id}-new", Observation($"{id}-new", "Patient/" + id, date: "2019-01-01"));
        await App.Put($"Patient/{id}-other", Patient($"{id}-other"));
        await App.Put($"Observation/{id}-others", Observation($"{id}-others", $"Patient/{id}-other"));
    }
}
