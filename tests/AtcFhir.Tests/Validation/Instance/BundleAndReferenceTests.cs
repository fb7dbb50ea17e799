using AtcFhir.R4.Outcomes;
using AtcFhir.Tests.Validation.Profiles;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Tests.Validation.Instance;

/// <summary>Bundles, and where references lead in them.</summary>
public class BundleAndReferenceTests
{
    private static readonly Lazy<Validator> Official = new(() => new Validator(ConformanceSource.Official));

    private static IReadOnlyList<string> Errors(string json, ValidateRequest? request = null)
        => [.. Official.Value.Validate(ProfileFixture.Read(json), request).Issues.Where(issue => issue.IsError).Select(issue => $"{issue.Rule} {issue.Expression}")];

    private static string Bundle(string type, params string[] entries) => $$"""{"resourceType":"Bundle","type":"{{type}}","entry":[{{string.Join(',', entries)}}]}""";

    private static string Entry(string fullUrl, string resource) => $$"""{"fullUrl":"{{fullUrl}}","resource":{{resource}}}""";

    private static string ObservationOf(string subject) => $$$"""{"resourceType":"Observation","id":"o","status":"final","code":{"text":"x"},"subject":{"reference":"{{{subject}}}"}}""";

    private const string Patient = """{"resourceType":"Patient","id":"p"}""";

    [Fact]
    public void AReferenceFindsItsTargetByFullUrl()
        => Assert.Empty(Errors(Bundle("collection", Entry("http://example.org/fhir/Observation/o", ObservationOf("Patient/p")), Entry("http://example.org/fhir/Patient/p", Patient))));

    /// <summary>R4, bundle.html#transaction.</summary>
    [Theory]
    [InlineData("transaction", "PUT", "Patient/1", false)]
    [InlineData("transaction", "POST", "Patient", false)]
    [InlineData("batch", "POST", "Patient/1/$everything", true)]
    [InlineData("batch", "POST", "Patient/_search?name=a", true)]
    [InlineData("batch", "GET", "Patient/1", true)]
    [InlineData("transaction", "DELETE", "Patient/1", true)]
    public void WhatIsPutOrPostedIsInTheEntry(string type, string method, string url, bool isValid)
        => Assert.Equal(isValid ? [] : ["ATC-V149 Bundle.entry[0]"], Errors(Bundle(type, $$$"""{"request":{"method":"{{{method}}}","url":"{{{url}}}"} }""")));

    [Theory]
    [InlineData("200", true)]
    [InlineData("404 Not Found", true)]
    [InlineData("OK", false)]
    [InlineData("20", false)]
    [InlineData("2000", false)]
    public void AStatusBeginsWithThreeDigits(string status, bool isValid)
        => Assert.Equal(isValid ? [] : ["ATC-V150 Bundle.entry[0].response.status"], Errors(Bundle("batch-response", $$$"""{"response":{"status":"{{{status}}}"} }""")));

    /// <summary>R4, references.html#contained: "no id necessary (though still allowed)" of a contained resource that refers to its container.</summary>
    [Theory]
    [InlineData("#", true)]
    [InlineData("Patient/2", false)]
    public void AContainedResourceThatRefersToItsContainerNeedsNoId(string target, bool isValid)
        => Assert.Equal(
            isValid ? [] : ["ATC-V079 Patient.contained[0]"],
            Errors($$$"""{"resourceType":"Patient","contained":[{"resourceType":"Provenance","target":[{"reference":"{{{target}}}"}],"recorded":"2020-01-01T00:00:00Z","agent":[{"who":{"display":"x"} }]}]}"""));

    /// <summary>R4, references.html#contained: "Both Reference and canonical types may refer to contained resources".</summary>
    [Theory]
    [InlineData("Questionnaire\",\"status\":\"active", "q", null)]
    [InlineData("Questionnaire\",\"status\":\"active", "other", "ATC-V072 QuestionnaireResponse.questionnaire")]
    [InlineData("Patient", "q", "ATC-V071 QuestionnaireResponse.questionnaire")]
    public void ACanonicalWithANumberSignPointsToAContainedResourceOfItsType(string contained, string id, string? expected)
        => Assert.Equal(
            expected is null ? [] : [expected],
            Errors($$$"""{"resourceType":"QuestionnaireResponse","status":"completed","questionnaire":"#{{{id}}}","contained":[{"resourceType":"{{{contained}}}","id":"q"}]}""").Where(error => !error.Contains("V050", StringComparison.Ordinal)));

    /// <summary>R4, narrative.html#id: unique within the resource, with what it contains; not across the entries of a Bundle.</summary>
    [Fact]
    public void TheIdOfAnElementStandsOnceInItsResource()
    {
        const string Named = """{"resourceType":"Patient","name":[{"id":"a","family":"x"}]}""";
        Assert.Empty(Errors(Bundle("collection", Entry("urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7", Named), Entry("urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b8", Named))));
        Assert.Equal(["ATC-V152 Patient.name[1]"], Errors("""{"resourceType":"Patient","name":[{"id":"a","family":"x"},{"id":"a","family":"y"},{"id":"b","family":"z"}]}"""));
        Assert.Equal(
            ["ATC-V152 Patient.name[0]"],
            Errors("""{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"o","alias":["x"],"contact":[{"id":"a","purpose":{"text":"x"}}],"name":"o"}],"managingOrganization":{"reference":"#o"},"name":[{"id":"a","family":"x"}]}"""));
    }

    [Fact]
    public void TheTargetHasTheTypeThatTheReferenceNames()
        => Assert.Equal(
            ["ATC-V078 Bundle.entry[0].resource.subject"],
            Errors(Bundle("collection",
                Entry("http://example.org/fhir/Observation/o", ObservationOf("urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7").Replace("\"}}", "\",\"type\":\"Group\"}}", StringComparison.Ordinal)),
                Entry("urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7", Patient))));

    [Theory]
    [InlineData("Patient/p", "ATC-V091 Bundle.entry[0]")]
    [InlineData("http://example.org/fhir/Patient/other", "ATC-V092 Bundle.entry[0]")]
    [InlineData("http://example.org/fhir/Group/p", "ATC-V092 Bundle.entry[0]")]
    [InlineData("urn:uuid:NOT-ONE", "ATC-V136 Bundle.entry[0].fullUrl")]
    public void AFullUrlFitsItsResource(string fullUrl, string expected) => Assert.Equal([expected], Errors(Bundle("collection", Entry(fullUrl, Patient))));

    /// <summary>R4, http.html#trules: a client puts a search in place of a reference inside a transaction.</summary>
    [Theory]
    [InlineData("transaction", true)]
    [InlineData("batch", false)]
    public void ASearchAsReferenceStandsInATransaction(string type, bool isAllowed)
        => Assert.Equal(
            isAllowed ? [] : ["ATC-V070 Bundle.entry[0].resource.subject"],
            Errors(Bundle(type, $$$"""{"resource":{{{ObservationOf("Patient?identifier=a|b")}}},"request":{"method":"POST","url":"Observation"} }""")));

    [Fact]
    public void ASearchAsReferenceStandsInNoSingleResource() => Assert.Equal(["ATC-V070 Observation.subject"], Errors(ObservationOf("Patient?identifier=a|b")));

    /// <summary>R4, Reference.type: it is relative to http://hl7.org/fhir/StructureDefinition/.</summary>
    [Theory]
    [InlineData(""" "reference":"Patient/p","type":"Nonsense" """, "ATC-V078 Observation.subject")]
    [InlineData(""" "display":"x","type":"Nonsense" """, "ATC-V078 Observation.subject")]
    [InlineData(""" "display":"x","type":"Patient" """, null)]
    [InlineData(""" "display":"x","type":"http://example.org/model" """, null)]
    public void TheTypeOfAReferenceIsOneOfR4(string reference, string? expected)
        => Assert.Equal(expected is null ? [] : [expected], Errors($$$"""{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{ {{{reference}}} } }"""));

    [Fact]
    public void ATransactionNeedsNoFullUrls()
        => Assert.Empty(Errors("""{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"resourceType":"Patient"},"request":{"method":"POST","url":"Patient"}}]}"""));

    [Fact]
    public void ADocumentHoldsWhatItsCompositionRefersTo()
    {
        const string Composition =
            """{"resourceType":"Composition","id":"c","status":"final","type":{"text":"x"},"subject":{"reference":"Patient/absent"},"date":"2026-01-01","author":[{"display":"x"}],"title":"x"}""";
        var json = Bundle("document", Entry("http://example.org/fhir/Composition/c", Composition))
            .Replace("\"type\":\"document\"", "\"type\":\"document\",\"identifier\":{\"system\":\"http://example.org/i\",\"value\":\"1\"},\"timestamp\":\"2026-01-01T00:00:00Z\"", StringComparison.Ordinal);
        Assert.Equal(["ATC-V073 Bundle.entry[0].resource.subject"], Errors(json));
    }

    private static string Document(string composition, params string[] entries)
        => Bundle("document", [Entry("http://example.org/fhir/Composition/c", $$$"""{"resourceType":"Composition","id":"c","status":"final","type":{"text":"x"},"date":"2026-01-01","title":"x","author":[{"display":"x"}]{{{composition}}}}"""), .. entries])
            .Replace("\"type\":\"document\"", "\"type\":\"document\",\"identifier\":{\"system\":\"http://example.org/i\",\"value\":\"1\"},\"timestamp\":\"2026-01-01T00:00:00Z\"", StringComparison.Ordinal);

    private static string Section(string reference) => $$$""","section":[{"entry":[{"reference":"{{{reference}}}"}]}]""";

    /// <summary>R4, documents.html#content: "The document bundle SHALL include only" what the Composition refers to, directly or not, style sheets and Provenance.</summary>
    [Theory]
    [InlineData("", """{"resourceType":"Patient","id":"p"}""", false)]
    [InlineData("", """{"resourceType":"Basic","id":"b","code":{"text":"x"},"subject":{"reference":"Composition/c"}}""", false)]
    [InlineData("", """{"resourceType":"Binary","id":"b","contentType":"text/css"}""", true)]
    [InlineData("", """{"resourceType":"Binary","id":"b","contentType":"image/png"}""", false)]
    [InlineData("", """{"resourceType":"Provenance","id":"b","target":[{"reference":"Composition/c"}],"recorded":"2026-01-01T00:00:00Z","agent":[{"who":{"display":"x"}}]}""", true)]
    [InlineData("", """{"resourceType":"Provenance","id":"b","target":[{"reference":"Patient/other"}],"recorded":"2026-01-01T00:00:00Z","agent":[{"who":{"reference":"Composition/c"}}]}""", false)]
    [InlineData("""Patient/p""", """{"resourceType":"Patient","id":"p"}""", true)]
    [InlineData("""http://example.org/fhir/Patient/p""", """{"resourceType":"Patient","id":"p"}""", true)]
    public void ADocumentHoldsOnlyWhatBelongsToIt(string entry, string resource, bool belongs)
    {
        var id = resource.Contains("\"p\"", StringComparison.Ordinal) ? "p" : "b";
        var type = resource.Split('"')[3];
        var errors = Errors(Document(entry.Length == 0 ? "" : Section(entry), Entry($"http://example.org/fhir/{type}/{id}", resource))).Where(error => error.StartsWith("ATC-V094", StringComparison.Ordinal));
        Assert.Equal(belongs ? [] : ["ATC-V094 Bundle.entry[1]"], errors);
    }

    [Theory]
    [InlineData("""{"resourceType":"Observation","id":"o","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/p"}}""", """{"resourceType":"Patient","id":"p"}""")]
    [InlineData("""{"resourceType":"Media","id":"o","status":"completed","content":{"url":"Binary/p"}}""", """{"resourceType":"Binary","id":"p","contentType":"image/png"}""")]
    [InlineData("""{"resourceType":"Basic","id":"o","code":{"text":"x"},"text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><img alt='x' src='Binary/p'/></div>"}}""", """{"resourceType":"Binary","id":"p","contentType":"image/png"}""")]
    [InlineData("""{"resourceType":"QuestionnaireResponse","id":"o","status":"completed","questionnaire":"http://example.org/q|1"}""", """{"resourceType":"Questionnaire","id":"p","url":"http://example.org/q","version":"1","status":"active"}""")]
    public void WhatBelongsToADocumentIsFoundFromOneEntryToTheNext(string first, string second)
    {
        var (typeOfFirst, typeOfSecond) = (first.Split('"')[3], second.Split('"')[3]);
        var entries = new[] { Entry($"http://example.org/fhir/{typeOfFirst}/o", first), Entry($"http://example.org/fhir/{typeOfSecond}/p", second) };
        Assert.Empty(Errors(Document(Section(typeOfFirst + "/o"), entries)));
        Assert.Equal(["ATC-V094 Bundle.entry[1]", "ATC-V094 Bundle.entry[2]"], Errors(Document("", entries)));
    }

    /// <summary>R4, MessageHeader.focus, says what has to be there, and nothing of what else may be.</summary>
    [Fact]
    public void AMessageMayHoldMore()
        => Assert.DoesNotContain(
            Official.Value.Validate(ProfileFixture.Read(Message(""" "focus":[{"display":"somebody"}] """, Entry("http://example.org/fhir/Patient/q", """{"resourceType":"Patient","id":"q"}""")))).Issues,
            issue => issue.Expression == "Bundle.entry[1]");

    private static string Message(string header, params string[] entries)
        => Bundle("message", [Entry("http://example.org/fhir/MessageHeader/h", $$$"""{"resourceType":"MessageHeader","id":"h","eventUri":"http://example.org/event","source":{"endpoint":"http://example.org/source"},{{{header}}}}"""), .. entries]);

    /// <summary>R4, MessageHeader.focus: "The transaction data is always included in the bundle that is the full message."</summary>
    [Fact]
    public void AMessageHoldsWhatItIsAbout()
    {
        const string Focus = """ "focus":[{"reference":"Patient/p"}] """;
        Assert.Empty(Errors(Message(Focus, Entry("http://example.org/fhir/Patient/p", Patient))));
        Assert.Equal(["ATC-V073 Bundle.entry[0].resource.focus[0]"], Errors(Message(Focus)));
        Assert.Equal(["ATC-V073 Bundle.entry[0].resource.focus[0]"], Errors(Message(Focus, Entry("http://example.org/fhir/Patient/q", Patient.Replace("\"p\"", "\"q\"", StringComparison.Ordinal)))));
        Assert.Empty(Errors(Message(""" "focus":[{"display":"somebody"}] """)));
    }

    /// <summary>R4, MessageHeader.response.details: "This SHALL be contained in the bundle."</summary>
    [Fact]
    public void AMessageHoldsTheDetailsOfItsResponse()
    {
        const string Response = """ "response":{"identifier":"1","code":"ok","details":{"reference":"OperationOutcome/o"}} """;
        Assert.Equal(["ATC-V073 Bundle.entry[0].resource.response.details"], Errors(Message(Response)));
        Assert.Empty(Errors(Message(Response, Entry("http://example.org/fhir/OperationOutcome/o", """{"resourceType":"OperationOutcome","id":"o","issue":[{"severity":"information","code":"informational"}]}"""))));
    }

    /// <summary>R4, MessageHeader.response.details: "If any of the issues are errors, the response code SHALL be an error."</summary>
    [Theory]
    [InlineData("ok", "information", true)]
    [InlineData("ok", "warning", true)]
    [InlineData("ok", "error", false)]
    [InlineData("ok", "fatal", false)]
    [InlineData("fatal-error", "error", true)]
    [InlineData("transient-error", "fatal", true)]
    [InlineData("transient-error", "information", true)]
    public void AResponseWithAnErrorIsNotOk(string code, string severity, bool isRight)
    {
        var outcome = $$"""{"resourceType":"OperationOutcome","id":"o","issue":[{"severity":"information","code":"informational"},{"severity":"{{severity}}","code":"invalid"}]}""";
        string[] expected = isRight ? [] : ["ATC-V147 Bundle.entry[0].resource.response.code"];
        Assert.Equal(expected, Errors(Message($$$""" "response":{"identifier":"1","code":"{{{code}}}","details":{"reference":"OperationOutcome/o"}} """, Entry("http://example.org/fhir/OperationOutcome/o", outcome))));
        Assert.Equal(expected, Errors(Message($$$""" "contained":[{{{outcome}}}],"response":{"identifier":"1","code":"{{{code}}}","details":{"reference":"#o"}} """)));
    }

    /// <summary>R4, messaging.html#search: "If the event type is "search-type" there SHALL be a parameter "resourceType"".</summary>
    [Theory]
    [InlineData("search-type", """ "focus":[{"reference":"urn:uuid:59a17a19-46eb-42d9-821a-f93a0c530cac"}] """, "resourceType", true)]
    [InlineData("search-type", """ "focus":[{"reference":"urn:uuid:59a17a19-46eb-42d9-821a-f93a0c530cac"}] """, "gender", false)]
    [InlineData("search-type", """ "reason":{"text":"x"} """, "resourceType", false)]
    [InlineData("search-type", """ "response":{"identifier":"1","code":"ok"} """, "gender", true)]
    [InlineData("search-system", """ "focus":[{"reference":"urn:uuid:59a17a19-46eb-42d9-821a-f93a0c530cac"}] """, "gender", true)]
    public void AMessageThatSearchesATypeNamesIt(string code, string more, string parameter, bool isRight)
    {
        var header = $$"""{"resourceType":"MessageHeader","id":"h","eventCoding":{"system":"http://hl7.org/fhir/restful-interaction","code":"{{code}}"},"source":{"endpoint":"http://example.org/source"},{{more}}}""";
        var parameters = $$"""{"resourceType":"Parameters","parameter":[{"name":"{{parameter}}","valueString":"Patient"}]}""";
        Assert.Equal(
            isRight ? [] : ["ATC-V148 Bundle.entry[0].resource.event"],
            Errors(Bundle("message", Entry("http://example.org/fhir/MessageHeader/h", header), Entry("urn:uuid:59a17a19-46eb-42d9-821a-f93a0c530cac", parameters))));
    }

    /// <summary>R4, messaging.html: "Each time a new message is created, it SHALL be assigned an identifier (MessageHeader.id)".</summary>
    [Fact]
    public void AMessageWithoutAnIdIsWarnedOf()
    {
        var message = Bundle("message", Entry("urn:uuid:6080d4a7-5e05-45dc-96d5-f75329564d1f", """{"resourceType":"MessageHeader","eventUri":"http://example.org/event","source":{"endpoint":"http://example.org/source"}}"""));
        Assert.Contains(Official.Value.Validate(ProfileFixture.Read(message)).Issues, issue => issue is { Rule: "ATC-V146", IsError: false, Expression: "Bundle.entry[0].resource" });
        Assert.DoesNotContain(Official.Value.Validate(ProfileFixture.Read(Message(""" "focus":[{"display":"somebody"}] """))).Issues, issue => issue.Rule == "ATC-V146");
    }

    [Fact]
    public void TheFirstEntryOfAMessageIsItsHeader()
    {
        Assert.Equal(["ATC-V050 Bundle"], Errors(Bundle("message", Entry("http://example.org/fhir/Patient/p", Patient))));
        Assert.Equal(["ATC-V050 Bundle"], Errors("""{"resourceType":"Bundle","type":"message"}"""));
    }

    /// <summary>R4, bdl-11: "A document must have a Composition as the first resource".</summary>
    [Fact]
    public void ADocumentWithoutEntriesIsNone()
        => Assert.Equal(["ATC-V050 Bundle"], Errors("""{"resourceType":"Bundle","type":"document","identifier":{"system":"http://example.org/d","value":"1"},"timestamp":"2020-01-01T00:00:00Z"}"""));

    /// <summary>R4, references.html#regex: the id in a reference has the characters of an id.</summary>
    [Theory]
    [InlineData("Patient/ä_", false)]
    [InlineData("Patient/a_b", false)]
    [InlineData("Patient/a b", false)]
    [InlineData("Patient/", false)]
    [InlineData("Patient/p/_history/ä", false)]
    [InlineData("Patient/p/_history/", false)]
    [InlineData("Patient/1234567890123456789012345678901234567890123456789012345678901234", true)]
    [InlineData("Patient/A-1.b", true)]
    [InlineData("Patient/p/_history/2", true)]
    [InlineData("http://example.org/fhir/Patient/a_b", true)]
    [InlineData("http://example.org/fhir/Patient/a b", false)]
    public void TheIdInARelativeReferenceIsAnId(string reference, bool isRight)
        => Assert.Equal(isRight ? [] : ["ATC-V070 Observation.subject"], Errors(ObservationOf(reference)));

    /// <summary>Some hospitals give longer ids than R4 allows. Their results are not to be refused for it.</summary>
    [Theory]
    [InlineData(64, "", false)]
    [InlineData(65, "", true)]
    [InlineData(65, "/_history/2", true)]
    public void AnIdOfAnotherServerThatIsTooLongIsWarnedOf(int length, string version, bool isWarnedOf)
    {
        var warning = Official.Value.Validate(ProfileFixture.Read(ObservationOf("Patient/" + new string('1', length) + version)), null).Issues.SingleOrDefault(issue => issue.Rule == "ATC-V070");
        Assert.Equal(isWarnedOf ? IssueSeverity.Warning : null, warning?.Severity);
    }

    [Fact]
    public void WhatTheCallerResolvesIsLookedAt()
    {
        var group = ProfileFixture.Read("""{"resourceType":"Medication","id":"p"}""");
        Assert.Equal(["ATC-V078 Observation.subject"], Errors(ObservationOf("Patient/p"), new ValidateRequest(Resolve: _ => group)));
    }

    [Fact]
    public void ResourcesOfABundleObeyTheirMetaProfile()
        => Assert.Contains(
            "ATC-V010 Bundle.entry[0].resource",
            Errors(Bundle("collection", Entry("http://example.org/fhir/Observation/o", ObservationOf("Patient/p").Replace("\"id\":\"o\"", "\"id\":\"o\",\"meta\":{\"profile\":[\"http://hl7.org/fhir/StructureDefinition/vitalsigns\"]}", StringComparison.Ordinal)))));

    [Fact]
    public void OnUpdateThereIsAnId()
        => Assert.Equal(["ATC-V007 Patient"], Errors("""{"resourceType":"Patient","active":true}""", new ValidateRequest(Mode: ValidateMode.Update)));

    [Fact]
    public void ARuleThatIsIgnoredIsNotReported()
        => Assert.Empty(Errors(Bundle("collection", Entry("Patient/p", Patient)), new ValidateRequest(Suppressions: [new Suppression("ATC-V091", "a test")])));
}
