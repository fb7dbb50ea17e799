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
    public async Task AParameterThatIsNotKnownIsLeftOutOfSelfAndNamed()
    {
        await Family("every-10");

        var asked = await App.Get("Patient/every-10/$everything?wrong=1&_count=2&wrong:too=2");
        var posted = await App.Post("Patient/every-10/$everything", """{"resourceType":"Parameters","parameter":[{"name":"_count","valueInteger":2},{"name":"wrong","valuePeriod":{"start":"2020"}}]}""");
        var counted = await App.Get("Patient/every-10/$everything?wrong=1&_summary=count");

        Assert.Equal("http://localhost/fhir/Patient/every-10/$everything?_count=2", asked.Link("self"));
        Assert.DoesNotContain("wrong", asked.Link("next"), StringComparison.Ordinal);
        Assert.Equal(2, asked.Matches.Count);
        var outcome = asked.Entries.Single(entry => (string?)entry["search"]!["mode"] == "outcome")["resource"]!.ToJsonString();
        Assert.Contains("no parameter wrong", outcome, StringComparison.Ordinal);
        Assert.Contains("no parameter wrong:too", outcome, StringComparison.Ordinal);
        Assert.Contains("no parameter wrong", posted.Text, StringComparison.Ordinal);
        Assert.Empty(counted.Entries);
        (await App.Post("Patient/every-10/$everything", """{"resourceType":"Parameters","parameter":[{"name":"wrong","valuePeriod":{"start":"2020"}}]}""", ("Prefer", "handling=strict"))).Refuses(400, "not-supported");
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

    /// <summary>A group, an appointment or a list that the patient is in belongs to the record; the others who are in it, and their records, do not.</summary>
    [Fact]
    public async Task WhatIsSharedDoesNotLeadToOtherPatients()
    {
        await Family("every-11");
        await App.Put("Location/every-11-room", """{"resourceType":"Location","id":"every-11-room","name":"Room"}""");
        await App.Put("Group/every-11-group", """{"resourceType":"Group","id":"every-11-group","type":"person","actual":true,"member":[{"entity":{"reference":"Patient/every-11"}},{"entity":{"reference":"Patient/every-11-other"}}]}""");
        await App.Put("Appointment/every-11-visit", """{"resourceType":"Appointment","id":"every-11-visit","status":"booked","start":"2019-01-01T08:00:00Z","end":"2019-01-01T09:00:00Z","participant":[{"actor":{"reference":"Patient/every-11"},"status":"accepted"},{"actor":{"reference":"Patient/every-11-other"},"status":"accepted"},{"actor":{"reference":"Location/every-11-room"},"status":"accepted"}]}""");
        await App.Put("List/every-11-list", """{"resourceType":"List","id":"every-11-list","status":"current","mode":"working","subject":{"reference":"Patient/every-11"},"entry":[{"item":{"reference":"Observation/every-11-others"}},{"item":{"reference":"Observation/every-11-old"}}]}""");
        await App.Put("ResearchStudy/every-11-study", """{"resourceType":"ResearchStudy","id":"every-11-study","status":"active","enrollment":[{"reference":"Group/every-11-group"}]}""");
        await App.Put("ResearchSubject/every-11-subject", """{"resourceType":"ResearchSubject","id":"every-11-subject","status":"on-study","study":{"reference":"ResearchStudy/every-11-study"},"individual":{"reference":"Patient/every-11"}}""");
        string[] expected = ["every-11", "every-11-doctor", "every-11-group", "every-11-list", "every-11-new", "every-11-old", "every-11-room", "every-11-study", "every-11-subject", "every-11-visit"];

        foreach (var path in new[] { "Patient/every-11", "ResearchSubject/every-11-subject", "ResearchStudy/every-11-study" })
        {
            Assert.Equal(expected, (await App.Get($"{path}/$everything")).Matches.Order(StringComparer.Ordinal));
        }

        Assert.Contains("every-11-others", (await App.Get("Patient/$everything?_type=Observation")).Matches);
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
