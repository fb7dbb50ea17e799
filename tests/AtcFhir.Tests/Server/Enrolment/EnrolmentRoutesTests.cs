namespace AtcFhir.Tests.Server.Enrolment;

/// <summary>Enrolment and intake over HTTP, without a hospital to ask. Under Validation:OnWrite=Enforce.</summary>
public class EnrolmentRoutesTests
{
    private const string Ecog = """{"resourceType":"Observation","id":"e1","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"89247-1"}]},"subject":{"reference":"Patient/123"},"effectiveDateTime":"2019-03-01","valueInteger":1}""";

    [Fact]
    public async Task AnEnrolledPatientsObservationBecomesATrialRecord()
    {
        await using var app = await new ServerApp().Ready();
        var notEnrolled = await app.Post("/ehr/Observation", Ecog);
        var enrolled = await app.Post("ResearchStudy/atc-anakinra1/$enroll", Parameters("""{"name":"patient","valueReference":{"reference":"Patient/123"}}""", """{"name":"consent","valueDate":"2019-01-15"}"""));

        var taken = await app.Post("/ehr/Observation", Ecog);

        Assert.Equal(422, notEnrolled.Status);
        Assert.True(enrolled.Status == 201, enrolled.Text);
        Assert.True(taken.Status == 201, taken.Text);
        var stored = await app.Get(new Uri(taken.Header("Location")!).AbsolutePath);
        Assert.Equal((200, 1), (stored.Status, (int?)stored.Json["valueInteger"]));
        Assert.DoesNotContain("Patient/123", stored.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APatientIsEnrolledOnceAndUnenrolledByThePseudonym()
    {
        await using var app = await new ServerApp().Ready();
        var parameters = Parameters("""{"name":"patient","valueString":"Patient/124"}""", """{"name":"consent","valueDate":"2019-01-15"}""");
        var first = await app.Post("ResearchStudy/atc-anakinra1/$enroll", parameters);
        var second = await app.Post("ResearchStudy/atc-anakinra1/$enroll", parameters);
        var pseudonym = (string)first.Json["parameter"]!.AsArray().Single(parameter => (string?)parameter!["name"] == "patient")!["valueReference"]!["reference"]!;

        var ended = await app.Post("ResearchStudy/atc-anakinra1/$unenroll", Parameters($$$"""{"name":"patient","valueReference":{"reference":"{{{pseudonym}}}"}}"""));

        Assert.Equal((201, 409), (first.Status, second.Status));
        Assert.True(ended.Status == 200, ended.Text);
        Assert.Equal(422, (await app.Post("/ehr/Observation", Ecog.Replace("Patient/123", "Patient/124", StringComparison.Ordinal))).Status);
    }

    [Fact]
    public async Task WhatIsMissingIsNamed()
    {
        await using var app = await new ServerApp().Ready();

        (await app.Post("ResearchStudy/atc-anakinra1/$enroll", Parameters("""{"name":"consent","valueDate":"2019-01-15"}"""))).Refuses(400, "required");
        (await app.Post("ResearchStudy/atc-anakinra1/$enroll", Parameters("""{"name":"patient","valueString":"Patient/1"}"""))).Refuses(400, "required");
        (await app.Post("ResearchStudy/atc-anakinra1/$enroll", """{"resourceType":"Patient"}""")).Refuses(400, "invalid");
    }

    [Fact]
    public async Task TheIntakeAnswersNoReads()
    {
        await using var app = new ServerApp();

        (await app.Get("/ehr/Observation")).Refuses(405, "not-supported");
    }

    private static string Parameters(params string[] parameters) => $$"""{"resourceType":"Parameters","parameter":[{{string.Join(',', parameters)}}]}""";
}
