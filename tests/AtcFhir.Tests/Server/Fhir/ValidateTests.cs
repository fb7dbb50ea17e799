namespace AtcFhir.Tests.Server.Fhir;

public class ValidateTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private const string Profile = "http://hl7.org/fhir/StructureDefinition/vitalsigns";

    private ServerApp App => server.App;

    [Fact]
    public async Task AValidResourceHasNoErrors()
    {
        var answer = await App.Post("Patient/$validate", Resources.Patient());

        Assert.Equal(200, answer.Status);
        Assert.DoesNotContain(answer.Json["issue"]!.AsArray(), issue => (string?)issue!["severity"] is "error" or "fatal");
    }

    [Theory]
    [InlineData("Patient/$validate", """{"resourceType":"Patient","nickname":"x"}""")]
    [InlineData("$validate", """{"resourceType":"Patient","birthDate":"yesterday"}""")]
    [InlineData("Patient/$validate", "{ not json")]
    [InlineData("Patient/$validate", """{"resourceType":"Patience"}""")]
    [InlineData("Observation/$validate", """{"resourceType":"Patient"}""")]
    public async Task WhatIsWrongIsSaidWith200(string path, string body)
    {
        var answer = await App.Post(path, body);

        Assert.Equal(200, answer.Status);
        Assert.Contains(answer.Json["issue"]!.AsArray(), issue => (string?)issue!["severity"] is "error" or "fatal");
    }

    [Fact]
    public async Task ParametersCarryResourceAndProfile()
    {
        var body = $$$"""
            {"resourceType":"Parameters","parameter":[
              {"name":"profile","valueUri":"{{{Profile}}}"},
              {"name":"resource","resource":{"resourceType":"Observation","status":"final",
                "code":{"coding":[{"system":"http://loinc.org","code":"1234-5"}]},"valueInteger":7}}]}
            """;

        var answer = await App.Post("Observation/$validate", body);

        Assert.Equal(200, answer.Status);
        Assert.Contains(answer.Json["issue"]!.AsArray(), issue => (string?)issue!["severity"] == "error" && ((string?)issue["diagnostics"])?.StartsWith(Profile, StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task LinesCountInTheTextThatWasSent()
    {
        const string body = "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"resource\",\n\"resource\":{\"resourceType\":\"Patient\",\n\"nickname\":\"x\"}}]}";

        var answer = await App.Post("$validate", body);

        Assert.Contains("operationoutcome-issue-line\",\"valueInteger\":3", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnUnknownProfileIsAnError()
    {
        var answer = await App.Post("Patient/$validate?profile=http://example.org/none", Resources.Patient());

        Assert.Equal(200, answer.Status);
        Assert.Contains("not-found", answer.IssueCodes);
        Assert.Contains("ATC-V001", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnInstanceIsValidatedAsItIsStored()
    {
        await App.Put("Patient/val-1", Resources.Patient("val-1"));

        Assert.Equal(200, (await App.Get("Patient/val-1/$validate")).Status);
        (await App.Get("Patient/val-none/$validate")).Refuses(404, "not-found");
        await App.Delete("Patient/val-1");
        (await App.Get("Patient/val-1/$validate")).Refuses(410, "deleted");
    }

    [Fact]
    public async Task NothingIsStored()
    {
        var answer = await App.Post("Patient/$validate?mode=create", Resources.Patient("val-2"));

        Assert.Equal(200, answer.Status);
        Assert.Equal(404, (await App.Get("Patient/val-2")).Status);
    }

    [Fact]
    public async Task AnUnknownModeIsAnError() => (await App.Post("Patient/$validate?mode=guess", Resources.Patient())).Refuses(400, "invalid");

    [Fact]
    public async Task XmlIsAnsweredInXml()
    {
        var answer = await App.Post("Patient/$validate", """<Patient xmlns="http://hl7.org/fhir"><nickname value="x"/></Patient>""", ("Content-Type", "application/fhir+xml"), ("Accept", "application/fhir+xml"));

        Assert.Equal(200, answer.Status);
        Assert.StartsWith("<OperationOutcome xmlns=\"http://hl7.org/fhir\">", answer.Text[answer.Text.IndexOf("<OperationOutcome", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.Contains("ATC-S010", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ParametersInXmlCarryResourceAndProfile()
    {
        var body = $"""
            <Parameters xmlns="http://hl7.org/fhir"><parameter><name value="profile"/><valueUri value="{Profile}"/></parameter>
            <parameter><name value="resource"/><resource><Observation>
              <status value="final"/>
              <category><coding><system value="http://terminology.hl7.org/CodeSystem/observation-category"/><code value="vital-signs"/></coding></category>
              <code><text value="x"/></code>
              <subject><reference value="Patient/1"/></subject>
              <effectiveDateTime value="2026"/>
              <valueInteger value="7"/></Observation></resource></parameter></Parameters>
            """;

        var answer = await App.Post("Observation/$validate", body, ("Content-Type", "application/fhir+xml"), ("Accept", "application/fhir+json"));

        Assert.Equal(200, answer.Status);
        var precision = answer.Json["issue"]!.AsArray().Single(issue => ((string?)issue!["details"]!["text"])!.StartsWith("vs-1", StringComparison.Ordinal))!;
        Assert.Equal("error", (string?)precision["severity"]);
        Assert.Contains("operationoutcome-issue-line\",\"valueInteger\":7", precision.ToJsonString(), StringComparison.Ordinal);
    }

    /// <summary>R4, xml.html: elements stand in the order of the definition. The fault is one of the XML, which its JSON form does not show.</summary>
    [Fact]
    public async Task WhatIsWrongWithTheXmlOfAParameterIsSaid()
    {
        const string body = """
            <Parameters xmlns="http://hl7.org/fhir"><parameter><name value="resource"/><resource>
            <Patient><birthDate value="1970-01-01"/>
            <active value="true"/></Patient></resource></parameter></Parameters>
            """;

        var answer = await App.Post("$validate", body, ("Content-Type", "application/fhir+xml"));

        Assert.Contains("ATC-S034", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("val-5", false)]
    [InlineData("other", true)]
    public async Task WhatIsPostedToAnInstanceHasItsId(string id, bool isError)
    {
        var answer = await App.Post("Patient/val-5/$validate", Resources.Patient(id));

        Assert.Equal(200, answer.Status);
        Assert.Equal(isError, answer.Json["issue"]!.AsArray().Any(issue => (string?)issue!["severity"] == "error"));
    }

    [Fact]
    public async Task ParametersCarryTheMode()
    {
        const string body = """{"resourceType":"Parameters","parameter":[{"name":"mode","valueCode":"update"},{"name":"resource","resource":{"resourceType":"Patient","active":true}}]}""";

        Assert.Contains("ATC-V007", (await App.Post("Patient/$validate", body)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/fhir+xml", "<Patient xmlns=\"http://hl7.org/fhir\"><active>")]
    [InlineData("application/fhir+xml", "not xml")]
    [InlineData("application/fhir+xml", " ")]
    [InlineData("application/fhir+json", " ")]
    [InlineData("application/fhir+json", "[]")]
    [InlineData("application/fhir+json", "{\"resourceType\":\"Patient\",\"active\":tru")]
    public async Task WhatCannotBeReadIsStillAnsweredWithAnOutcome(string contentType, string body)
    {
        var answer = await App.Post("Patient/$validate", body, ("Content-Type", contentType), ("Accept", "application/fhir+json"));

        Assert.Equal(200, answer.Status);
        Assert.Contains(answer.Json["issue"]!.AsArray(), issue => (string?)issue!["severity"] is "error" or "fatal");
    }

    /// <summary>
    /// R4, resource-operation-validate.html: the resource "must be present unless the mode is delete", and "a 4xx or 5xx error means that the validation itself could not be performed,
    /// and it is unknown whether the resource is valid or not". A text that cannot be read is known not to be valid; where there is none, nothing is known.
    /// </summary>
    [Theory]
    [InlineData("application/fhir+json", "")]
    [InlineData("application/fhir+xml", "")]
    [InlineData("application/fhir+json", """{"resourceType":"Parameters","parameter":[{"name":"mode","valueCode":"create"}]}""")]
    [InlineData("application/fhir+xml", """<Parameters xmlns="http://hl7.org/fhir"><parameter><name value="mode"/><valueCode value="create"/></parameter></Parameters>""")]
    public async Task WithoutAResourceThereIsNothingToValidate(string contentType, string body)
        => (await App.Post("Patient/$validate", body, ("Content-Type", contentType), ("Accept", "application/fhir+json"))).Refuses(400, "required");

    [Theory]
    [InlineData("create", """{"resourceType":"Patient","id":"x"}""", "ATC-V006")]
    [InlineData("update", """{"resourceType":"Patient","active":true}""", "ATC-V007")]
    public async Task ModesAddTheirRules(string mode, string body, string rule) => Assert.Contains(rule, (await App.Post($"Patient/$validate?mode={mode}", body)).Text, StringComparison.Ordinal);

    [Fact]
    public async Task OfADeletionNothingIsDemanded()
    {
        await App.Put("Patient/val-3", Resources.Patient("val-3"));

        Assert.Equal(200, (await App.Post("Patient/val-3/$validate?mode=delete", "")).Status);
        Assert.DoesNotContain("\"error\"", (await App.Post("Patient/$validate?mode=delete", """{"resourceType":"Patient","contact":[{"gender":"male"}]}""")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnInstanceIsValidatedAgainstAProfileThatIsNamed()
    {
        await App.Put("Patient/val-4", Resources.Patient("val-4"));

        Assert.Contains("ATC-V005", (await App.Get("Patient/val-4/$validate?profile=http://hl7.org/fhir/StructureDefinition/vitalsigns")).Text, StringComparison.Ordinal);
    }
}
