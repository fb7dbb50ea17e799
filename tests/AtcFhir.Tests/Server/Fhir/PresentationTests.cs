using System.Xml.Linq;
using AtcFhir.Server.Fhir;
using static AtcFhir.Tests.Server.Fhir.Resources;

namespace AtcFhir.Tests.Server.Fhir;

public class PresentationTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private const string Narrative = "\"text\":{\"status\":\"generated\",\"div\":\"<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\">x</div>\"},";

    private ServerApp App => server.App;

    [Theory]
    [InlineData(null, "", "application/fhir+json; charset=utf-8")]
    [InlineData("application/fhir+xml", "", "application/fhir+xml; charset=utf-8")]
    [InlineData("application/fhir+xml;q=0.5, application/fhir+json;q=0.9", "", "application/fhir+json; charset=utf-8")]
    [InlineData("application/fhir+xml; fhirVersion=4.0", "", "application/fhir+xml; charset=utf-8")]
    [InlineData("application/fhir+json", "?_format=xml", "application/fhir+xml; charset=utf-8")]
    [InlineData("image/png", "?_format=application/fhir+json", "application/fhir+json; charset=utf-8")]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "", "application/json; charset=utf-8")]
    public async Task TheClientChoosesTheFormat(string? accept, string query, string contentType)
    {
        await App.Put("Patient/form-1", Patient("form-1"));

        var read = await App.Get("Patient/form-1" + query, accept is null ? [] : [("Accept", accept)]);

        Assert.Equal((200, contentType), (read.Status, read.Header("Content-Type")));
    }

    [Theory]
    [InlineData("_format=")]
    [InlineData("_format&_pretty=&_summary=&_elements=")]
    public async Task AParameterWithoutAValueSaysNothing(string query)
    {
        await App.Put("Patient/form-empty", """{"resourceType":"Patient","id":"form-empty","active":true}""");
        var plain = await App.Get("Patient/form-empty");

        var read = await App.Get("Patient/form-empty?" + query);
        Assert.Equal((200, plain.Text, plain.Header("Content-Type")), (read.Status, read.Text, read.Header("Content-Type")));
        Assert.Equal(["form-empty"], (await App.Get("Patient?_id=form-empty&" + query)).Matches);
        Assert.Equal(200, (await App.Get("Patient/form-empty/_history?_count=&_since=&_at=&" + query)).Status);
    }

    [Fact]
    public async Task XmlComesAndGoes()
    {
        const string body = """<Patient xmlns="http://hl7.org/fhir"><id value="form-2"/><name><family value="Xavier"/></name></Patient>""";

        var written = await App.Put("Patient/form-2", body, ("Content-Type", "application/fhir+xml"), ("Accept", "application/fhir+xml"));

        Assert.Equal(201, written.Status);
        XNamespace fhir = "http://hl7.org/fhir";
        Assert.Equal("Xavier", (string?)XDocument.Parse(written.Text).Root!.Element(fhir + "name")!.Element(fhir + "family")!.Attribute("value"));
        Assert.Equal("Xavier", (string?)(await App.Get("Patient/form-2")).Json["name"]![0]!["family"]);
    }

    /// <summary>
    /// R4 leaves open what comes when neither Accept nor _format says it; who sends XML can read XML.
    /// <see href="https://hl7.org/fhir/R4/http.html#parameters"/>
    /// </summary>
    [Theory]
    [InlineData("application/fhir+xml", null, "", "application/fhir+xml; charset=utf-8")]
    [InlineData("application/fhir+xml", "*/*", "", "application/fhir+xml; charset=utf-8")]
    [InlineData("text/xml", "image/png, application/*;q=0.1", "", "application/fhir+xml; charset=utf-8")]
    [InlineData("application/fhir+xml", "application/fhir+json", "", "application/fhir+json; charset=utf-8")]
    [InlineData("application/fhir+xml", null, "?_format=json", "application/fhir+json; charset=utf-8")]
    [InlineData("application/fhir+json", "*/*", "", "application/fhir+json; charset=utf-8")]
    [InlineData("application/fhir+json", "application/fhir+xml", "", "application/fhir+xml; charset=utf-8")]
    public async Task WhoSaysNothingIsAnsweredInTheFormThatWasSent(string sent, string? accept, string query, string contentType)
    {
        var body = sent.EndsWith("xml", StringComparison.Ordinal) ? """<Patient xmlns="http://hl7.org/fhir"><active value="true"/></Patient>""" : """{"resourceType":"Patient","active":true}""";
        (string, string)[] headers = [("Content-Type", sent), .. accept is null ? [] : ((string, string)[])[("Accept", accept)]];

        var created = await App.Post("Patient" + query, body, headers);
        var refused = await App.Post("Patient" + query, "<{", headers);

        Assert.Equal((201, contentType), (created.Status, created.Header("Content-Type")));
        Assert.Equal((400, contentType), (refused.Status, refused.Header("Content-Type")));
    }

    [Fact]
    public async Task PrettyBreaksLinesAndKeepsNumbers()
    {
        await App.Put("Observation/form-3", Observation("form-3", value: "1.10"));

        var read = await App.Get("Observation/form-3?_pretty=true");

        Assert.Contains("\n", read.Text, StringComparison.Ordinal);
        Assert.Contains("\"value\": 1.10", read.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PrettyXmlIsIndentedButForTheNarrative()
    {
        const string Narrative = "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>a</p><p>b</p></div>";
        await App.Put("Patient/form-pretty", $$"""{"resourceType":"Patient","id":"form-pretty","text":{"status":"generated","div":"{{Narrative.Replace("\"", "\\\"", StringComparison.Ordinal)}}"},"active":true}""");

        var plain = await App.Get("Patient/form-pretty?_format=xml");
        var pretty = await App.Get("Patient/form-pretty?_format=xml&_pretty=true");

        Assert.DoesNotContain("\n", plain.Text, StringComparison.Ordinal);
        Assert.Contains("\n  <active value=\"true\" />\n", pretty.Text, StringComparison.Ordinal);
        Assert.Contains(Narrative, pretty.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OnlySearchesAreCounted()
    {
        await App.Put("Patient/form-count", Patient("form-count"));

        (await App.Get("Patient/form-count?_summary=count")).Refuses(400, "not-supported");
        (await App.Get("Patient/form-count/_history/1?_summary=count")).Refuses(400, "not-supported");
    }

    [Theory]
    [InlineData("_summary=true", true, false, true)]
    [InlineData("_summary=text", false, true, false)]
    [InlineData("_summary=data", true, false, true)]
    [InlineData("_elements=birthDate", true, false, false)]
    public async Task APartOfAResourceIsMarked(string query, bool birthDate, bool text, bool name)
    {
        await App.Put("Patient/form-4", Patient("form-4", extra: Narrative));

        var read = (await App.Get("Patient/form-4?" + query)).Json;

        Assert.Equal((birthDate, text, name), (read.ContainsKey("birthDate"), read.ContainsKey("text"), read.ContainsKey("name")));
        Assert.Equal("SUBSETTED", (string?)read["meta"]!["tag"]![0]!["code"]);
        Assert.Equal("form-4", (string?)read["id"]);
    }

    [Theory]
    [InlineData("value", true)]
    [InlineData("valueQuantity", true)]
    [InlineData("value[x]", true)]
    [InlineData("Observation.value", true)]
    [InlineData("Observation.valueQuantity", true)]
    [InlineData("valueString", false)]
    [InlineData("Patient.value", false)]
    public async Task AChoiceIsAskedForByAnyOfItsNames(string name, bool isThere)
    {
        await App.Put("Observation/form-choice", Observation("form-choice"));

        Assert.Equal(isThere, (await App.Get($"Observation/form-choice?_elements={Uri.EscapeDataString(name)}")).Json.ContainsKey("valueQuantity"));
    }

    [Fact]
    public async Task MandatoryElementsStayInEveryPart()
    {
        await App.Put("Observation/form-5", Observation("form-5"));

        var read = (await App.Get("Observation?_id=form-5&_elements=subject")).Entries[0]["resource"]!.AsObject();

        Assert.True(read.ContainsKey("status") && read.ContainsKey("code") && read.ContainsKey("subject"));
        Assert.False(read.ContainsKey("valueQuantity"));
    }

    [Fact]
    public async Task AnUnknownSummaryIsRefused() => (await App.Get("Patient?_summary=short")).Refuses(400, "invalid");

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task AnswersAreCompressedOnRequest(string encoding)
    {
        var metadata = await App.Get("metadata", ("Accept-Encoding", encoding));

        Assert.Equal(encoding, metadata.Header("Content-Encoding"));
    }

    [Fact]
    public void QualityDecidesBetweenRanges()
        => Assert.Equal(Format.Xml, Presentation.Of("application/json;q=0.1, application/xml", []).Value.Format);
}
