using System.Text;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Tests.Validation;

/// <summary>Input that is made to hurt: each shape ends in a clear issue, at a cost that grows with its size. The cost is counted in bytes allocated and in looks at the document, which no slow machine changes.</summary>
public sealed class HostileShapesTests
{
    private static readonly Validator Official = new(ConformanceSource.Official);

    /// <summary>Less than this may be a list that grew or was kept; quadratic cost is gigabytes.</summary>
    private const long Little = 1_000_000;

    /// <summary>What a profile slices, and what is sliced by the values of a profile of its own.</summary>
    private static readonly Validator Slicing = new(ConformanceSource.Official.With(
    [
        ResourceDocument.Parse(Encoding.UTF8.GetBytes($$$"""
            {"resourceType":"StructureDefinition","url":"http://example.org/sliced","name":"S","status":"active","kind":"resource","abstract":false,"type":"Observation",
             "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Observation","derivation":"constraint","differential":{"element":[
             {"id":"Observation.component","path":"Observation.component","slicing":{"discriminator":[{"type":"pattern","path":"code"}],"ordered":true,"rules":"closed"}},
             {{{Numbered(50, i => $$$$"""{"id":"Observation.component:s{{{{i}}}}","path":"Observation.component","sliceName":"s{{{{i}}}}"},{"id":"Observation.component:s{{{{i}}}}.code","path":"Observation.component.code","patternCodeableConcept":{"coding":[{"system":"http://example.org/s","code":"c{{{{i}}}}"}]}}""")}}}]}}
            """)).Value,
        ResourceDocument.Parse("""
            {"resourceType":"StructureDefinition","url":"http://example.org/refers","name":"R","status":"active","kind":"resource","abstract":false,"type":"List",
             "baseDefinition":"http://hl7.org/fhir/StructureDefinition/List","derivation":"constraint","differential":{"element":[
             {"id":"List.entry","path":"List.entry","slicing":{"discriminator":[{"type":"type","path":"item.resolve()"}],"rules":"open"}},
             {"id":"List.entry:patient","path":"List.entry","sliceName":"patient"},
             {"id":"List.entry:patient.item","path":"List.entry.item","type":[{"code":"Reference","targetProfile":["http://hl7.org/fhir/StructureDefinition/Patient"]}]}]}}
            """u8.ToArray()).Value,
    ]));

    /// <summary>Name -> what repeats it so many times.</summary>
    private static readonly Dictionary<string, Func<int, string>> Large = new(StringComparer.Ordinal)
    {
        ["primitives and their extensions"] = n => $$$"""{"resourceType":"Patient","name":[{"given":[{{{Repeat("\"a\"", n)}}}],"_given":[{{{Repeat("{\"id\":\"x\"}", n)}}}]}]}""",
        ["extensions of primitives before the values"] = n => $$$"""{"resourceType":"Patient","name":[{"_given":[{{{Repeat("{\"id\":\"x\"}", n)}}}],"given":[{{{Repeat("\"a\"", n)}}}]}]}""",
        ["nulls"] = n => $$$"""{"resourceType":"Patient","name":[{"given":[{{{Repeat("null", n)}}}]}]}""",
        ["unknown elements"] = n => $$$"""{"resourceType":"Patient",{{{string.Join(',', Enumerable.Range(0, n).Select(i => $"\"x{i}\":1"))}}}}""",
        ["the same element"] = n => $$$"""{"resourceType":"Patient",{{{Repeat("\"active\":true", n)}}}}""",
        ["codings"] = n => $$$"""{"resourceType":"Observation","status":"final","code":{"coding":[{{{Repeat("{\"system\":\"http://loinc.org\",\"code\":\"8867-4\"}", n)}}}]}}""",
        ["unknown extensions"] = n => $$$"""{"resourceType":"Patient","extension":[{{{string.Join(',', Enumerable.Range(0, n).Select(i => $$$"""{"url":"http://example.org/{{{i}}}","valueBoolean":true}"""))}}}]}""",
        ["contained resources"] = n => $$$"""{"resourceType":"Patient","contained":[{{{string.Join(',', Enumerable.Range(0, n).Select(i => $$$"""{"resourceType":"Patient","id":"p{{{i}}}","link":[{"type":"seealso","other":{"reference":"#p{{{i - 1}}}"}}]}"""))}}}]}""",
        ["references to one contained resource"] = n => $$$"""{"resourceType":"List","status":"current","mode":"working","contained":[{"resourceType":"Patient","id":"p"}],"entry":[{{{Repeat("{\"item\":{\"reference\":\"#p\"}}", n)}}}]}""",
        ["entries with one fullUrl"] = n => $$$"""{"resourceType":"Bundle","type":"collection","entry":[{{{Repeat("""{"fullUrl":"http://example.org/fhir/Patient/p","resource":{"resourceType":"Patient","id":"p","managingOrganization":{"reference":"Organization/o"}}}""", n)}}}]}""",
        ["versioned references to entries with one fullUrl"] = n => $$$"""{"resourceType":"Bundle","type":"collection","entry":[{{{Numbered(n, i => $$$$"""{"fullUrl":"http://example.org/fhir/Organization/o","resource":{"resourceType":"Organization","id":"o","partOf":{"reference":"Organization/o/_history/{{{{i}}}}"}}}""")}}}]}""",
        ["items with one linkId"] = n => $$$"""{"resourceType":"Questionnaire","status":"draft","item":[{{{Repeat("""{"linkId":"a","type":"string","enableWhen":[{"question":"a","operator":"exists","answerBoolean":true}]}""", n)}}}]}""",
        ["answers to an unknown questionnaire"] = n => $$$"""{"resourceType":"QuestionnaireResponse","status":"completed","questionnaire":"http://example.org/q","item":[{{{Repeat("""{"linkId":"a","answer":[{"valueString":"x"}]}""", n)}}}]}""",
        ["concepts with one code"] = n => $$$"""{"resourceType":"CodeSystem","status":"draft","content":"complete","concept":[{{{Repeat("{\"code\":\"a\"}", n)}}}]}""",
        ["concepts above each other"] = n => $$$"""{"resourceType":"CodeSystem","status":"draft","content":"complete","url":"http://example.org/s","property":[{"code":"parent","type":"code"}],"concept":[{{{Numbered(n, i => $$$"""{"code":"c{{{i}}}","property":[{"code":"parent","valueCode":"c{{{i + 1}}}"}]}""")}}}]}""",
        ["concepts of a value set"] = n => $$$"""{"resourceType":"ValueSet","status":"draft","url":"http://example.org/v","compose":{"include":[{"system":"http://example.org/s","concept":[{{{Numbered(n, i => $$$"""{"code":"c{{{i}}}"}""")}}}]}]}}""",
        ["identical elements of a differential"] = n => Structure("differential", Repeat("""{"id":"Observation.status","path":"Observation.status","short":"x"}""", n)),
        ["identical elements of a snapshot"] = n => Structure("snapshot", Repeat("""{"id":"Observation.status","path":"Observation.status","definition":"d","min":0,"max":"1","base":{"path":"Observation.status","min":0,"max":"1"}}""", n)),
        ["slices of a differential"] = n => Structure("differential", Numbered(n, i => $$$"""{"id":"Observation.component:s{{{i}}}","path":"Observation.component","sliceName":"s{{{i}}}"}""")),
        ["paths that do not exist"] = n => Structure("differential", Numbered(n, i => $$$"""{"id":"Observation.x{{{i}}}","path":"Observation.x{{{i}}}"}""")),
        ["entries that refer to the next"] = n => $$$"""{"resourceType":"Bundle","type":"collection","entry":[{{{Numbered(n, i => $$$"""{"fullUrl":"http://example.org/fhir/Patient/p{{{i}}}","resource":{"resourceType":"Patient","id":"p{{{i}}}","link":[{"type":"seealso","other":{"reference":"Patient/p{{{i + 1}}}"}}]}}""")}}}]}""",
        ["components of fifty slices"] = n => $$$"""{"resourceType":"Observation","meta":{"profile":["http://example.org/sliced"]},"status":"final","code":{"text":"x"},"component":[{{{Numbered(n, i => $$$$"""{"code":{"coding":[{"system":"http://example.org/s","code":"c{{{{i % 50}}}}"}]},"valueInteger":1}""")}}}]}""",
        ["entries that are sliced by what they refer to"] = n => $$$"""{"resourceType":"List","meta":{"profile":["http://example.org/refers"]},"status":"current","mode":"working","contained":[{{{Numbered(n, i => $$$$"""{"resourceType":"Patient","id":"p{{{{i}}}}"}""")}}}],"entry":[{{{Numbered(n, i => $$$$"""{"item":{"reference":"#p{{{{i}}}}"}}""")}}}]}""",
        ["entries of a transaction"] = n => $$$"""{"resourceType":"Bundle","type":"transaction","entry":[{{{Numbered(n, i => $$$$"""{"fullUrl":"urn:uuid:00000000-0000-0000-0000-{{{{i:000000000000}}}}","resource":{"resourceType":"Patient","active":true},"request":{"method":"POST","url":"Patient"}}""")}}}]}""",
        ["sections of a document"] = n => $$$"""
            {"resourceType":"Bundle","type":"document","identifier":{"system":"http://example.org","value":"1"},"timestamp":"2020-01-01T00:00:00Z","entry":[
             {"fullUrl":"http://example.org/fhir/Composition/c","resource":{"resourceType":"Composition","id":"c","status":"final","type":{"text":"x"},"date":"2020","author":[{"display":"x"}],"title":"x","section":[{{{Numbered(n, i => $$$$"""{"title":"x","entry":[{"reference":"Patient/p{{{{i}}}}"}]}""")}}}]}},
             {{{Numbered(n, i => $$$$"""{"fullUrl":"http://example.org/fhir/Patient/p{{{{i}}}}","resource":{"resourceType":"Patient","id":"p{{{{i}}}}","active":true}}""")}}}]}
            """,
        ["focuses of a message"] = n => $$$"""
            {"resourceType":"Bundle","type":"message","entry":[{"fullUrl":"http://example.org/fhir/MessageHeader/h","resource":{"resourceType":"MessageHeader","id":"h","eventUri":"http://example.org/e","source":{"endpoint":"http://example.org"},"focus":[{{{Numbered(n, i => $$$$"""{"reference":"Patient/p{{{{i}}}}"}""")}}}]}},
             {{{Numbered(n, i => $$$$"""{"fullUrl":"http://example.org/fhir/Patient/p{{{{i}}}}","resource":{"resourceType":"Patient","id":"p{{{{i}}}}","active":true}}""")}}}]}
            """,
        ["items of a questionnaire"] = n => $$$"""{"resourceType":"Questionnaire","status":"draft","item":[{{{Numbered(n, i => $$$$"""{"linkId":"l{{{{i}}}}","type":"choice","answerOption":[{"valueString":"a"},{"valueString":"b"}]}""")}}}]}""",
        ["answers to one question with as many options"] = n => $$$"""
            {"resourceType":"QuestionnaireResponse","status":"completed","questionnaire":"#q","item":[{"linkId":"l","answer":[{{{Numbered(n, i => $$$"""{"valueInteger":{{{i}}}}""")}}}]}],
             "contained":[{"resourceType":"Questionnaire","id":"q","status":"active","item":[{"linkId":"l","type":"choice","repeats":true,"answerOption":[{{{Numbered(n, i => $$$"""{"valueInteger":{{{i}}}}""")}}}]}]}]}
            """,
        ["answers to one question with as many codings"] = n => $$$"""
            {"resourceType":"QuestionnaireResponse","status":"completed","questionnaire":"#q","item":[{"linkId":"l","answer":[{{{Numbered(n, i => $$$$"""{"valueCoding":{"system":"http://example.org/{{{{i}}}}","code":"a"}}""")}}}]}],
             "contained":[{"resourceType":"Questionnaire","id":"q","status":"active","item":[{"linkId":"l","type":"choice","repeats":true,"answerOption":[{{{Numbered(n, i => $$$$"""{"valueCoding":{"system":"http://example.org/{{{{i}}}}","code":"a"}}""")}}}]}]}]}
            """,
        ["codes of an expansion"] = n => $$$"""{"resourceType":"ValueSet","status":"draft","url":"http://example.org/v","expansion":{"timestamp":"2020-01-01","contains":[{{{Numbered(n, i => $$$"""{"system":"http://hl7.org/fhir/administrative-gender","code":"c{{{i}}}"}""")}}}]}}""",
        ["parts of a value set"] = n => $$$"""{"resourceType":"ValueSet","status":"draft","url":"http://example.org/v","compose":{"include":[{{{Numbered(n, i => $$$"""{"system":"http://example.org/s{{{i}}}","concept":[{"code":"a"}]}""")}}}]}}""",
        ["parameters"] = n => $$$"""{"resourceType":"Parameters","parameter":[{{{Numbered(n, i => $$$"""{"name":"p{{{i}}}","valueReference":{"reference":"Patient/{{{i}}}"}}""")}}}]}""",
        ["names of a patient"] = n => $$$"""{"resourceType":"Patient","name":[{{{Numbered(n, i => $$$$"""{"family":"f{{{{i}}}}","period":{"start":"2020","end":"2021"}}""")}}}],"contact":[{{{Numbered(n, i => $$$$"""{"name":{"text":"{{{{i}}}}"}}""")}}}]}""",
        ["answers that enable each other"] = n => $$$"""
            {"resourceType":"QuestionnaireResponse","status":"completed","questionnaire":"#q","item":[{{{Numbered(n, i => $$$"""{"linkId":"l{{{i}}}","answer":[{"valueString":"x"}]}""")}}}],
             "contained":[{"resourceType":"Questionnaire","id":"q","status":"active","item":[{{{Numbered(n, i => $$$"""{"linkId":"l{{{i}}}","type":"string","enableWhen":[{"question":"l{{{Math.Max(0, i - 1)}}}","operator":"exists","answerBoolean":true}]}""")}}}]}]}
            """,
    };

    public static TheoryData<string> LargeShapes => [.. Large.Keys];

    /// <summary>Eight times the size costs eight times the memory, and no invariant runs into the budget of its steps; what is quadratic would cost sixty-four times.</summary>
    /// <remarks>Of the memory half of that is let pass: the buffers of the small one may come from the pool, which has none of the large one's size.</remarks>
    [Theory]
    [MemberData(nameof(LargeShapes))]
    public void LargeArraysCostWhatGrowsWithTheirSize(string shape)
    {
        _ = Cost(shape, 100);
        var (small, smallLooks, few) = Cost(shape, 3_000);
        var (large, largeLooks, many) = Cost(shape, 24_000);
        Assert.True(large < 32 * Math.Max(small, Little), $"{small} bytes are allocated for 3,000, {large} for 24,000.");
        Assert.True(largeLooks < 12 * Math.Max(smallLooks, 100), $"{smallLooks} looks for 3,000, {largeLooks} for 24,000.");
        Assert.DoesNotContain(few.Concat(many), issue => issue.Rule == "ATC-V051");
        Assert.True(many.Count <= 800);
        Assert.All(many, issue => Assert.NotEmpty(issue.Text));
    }

    /// <summary>As many conditions as answers, each with all: that it gives up is said, and nothing is made up of what was not looked at.</summary>
    [Theory]
    [InlineData(1_000, false, false)]
    [InlineData(30_000, false, true)]
    [InlineData(30_000, true, false)]
    public void ManyConditionsOnManyAnswersEnd(int times, bool same, bool isGivenUp)
    {
        var utf8 = Encoding.UTF8.GetBytes($$$"""
            {"resourceType":"QuestionnaireResponse","status":"completed","questionnaire":"#q","item":[{"linkId":"l","answer":[{{{Numbered(times, i => $$$"""{"valueInteger":{{{i}}}}""")}}}]}],
             "contained":[{"resourceType":"Questionnaire","id":"q","status":"active","item":[{"linkId":"l","type":"integer","repeats":true},
             {{{Numbered(times, i => $$$"""{"linkId":"l{{{i}}}","type":"string","required":true,"enableWhen":[{"question":"l","operator":"=","answerInteger":{{{(same ? -1 : -1 - i)}}}}]}""")}}}]}]}
            """);
        var issues = Official.Validate(ResourceDocument.Parse(utf8).Value).Issues;
        Assert.Equal(isGivenUp ? ["ATC-V003"] : [], issues.Where(issue => issue.Rule is "ATC-V003" or "ATC-V113" or "ATC-V116").Select(issue => issue.Rule));
    }

    private static (long Bytes, long Looks, IReadOnlyList<Issue> Issues) Cost(string shape, int times)
    {
        var utf8 = Encoding.UTF8.GetBytes(Large[shape](times));
        var (bytes, looks) = (GC.GetAllocatedBytesForCurrentThread(), ResourceDocument.Looks);
        var issues = ResourceDocument.Parse(utf8).TryGet(out var document, out var failure) ? Slicing.Validate(document, new ValidateRequest(LintProfiles: true)).Issues : failure.Issues;
        return (GC.GetAllocatedBytesForCurrentThread() - bytes, ResourceDocument.Looks - looks, issues);
    }

    [Fact]
    public void AProfileOfMoreElementsThanAnyNeedsIsRefused()
    {
        var utf8 = Encoding.UTF8.GetBytes(Structure("differential", Repeat("""{"id":"Observation.status","path":"Observation.status","short":"x"}""", 10_001)));
        Assert.Contains(
            Official.Validate(ResourceDocument.Parse(utf8).Value, new ValidateRequest(LintProfiles: true)).Issues,
            issue => issue.Rule == "ATC-V004" && issue.Text.Contains("10001 elements", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("<name/><telecom/>")]
    [InlineData("<active value=\"true\"/>")]
    [InlineData("<nonsense><a/></nonsense>")]
    [InlineData("<!-- x --><?y ?>")]
    [InlineData("text &lt; text")]
    public void LargeXmlCostsWhatGrowsWithItsSize(string piece)
    {
        _ = CostOfXml(piece, 100);
        var (small, _) = CostOfXml(piece, 5_000);
        var (large, issues) = CostOfXml(piece, 40_000);
        Assert.True(large < 16 * Math.Max(small, Little), $"{small} bytes are allocated for 5,000, {large} for 40,000.");
        Assert.True(issues.Count <= 800);
    }

    private static (long Bytes, IReadOnlyList<Issue> Issues) CostOfXml(string piece, int times)
    {
        var xml = Encoding.UTF8.GetBytes("<Patient xmlns=\"http://hl7.org/fhir\">" + string.Concat(Enumerable.Repeat(piece, times)) + "</Patient>");
        var before = GC.GetAllocatedBytesForCurrentThread();
        var issues = ResourceDocument.ParseXml(xml).TryGet(out var document, out var failure) ? Official.Validate(document).Issues : failure.Issues;
        return (GC.GetAllocatedBytesForCurrentThread() - before, issues);
    }

    [Fact]
    public void AMillionLaughsAreADoctype()
    {
        const string Xml = """
            <!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>
            <Patient xmlns="http://hl7.org/fhir"><name><text value="&d;"/></name></Patient>
            """;
        var issue = ResourceDocument.ParseXml(Encoding.UTF8.GetBytes(Xml)).Failure!.Issues[0];
        Assert.Equal(("ATC-S030", "A document type declaration is not allowed in FHIR XML."), (issue.Rule, issue.Text));
    }

    [Fact]
    public void LaughsInANarrativeAreNotRead()
    {
        var issues = Issues("""{"resourceType":"Patient","text":{"status":"generated","div":"<!DOCTYPE x [<!ENTITY a \"ha\">]><div xmlns=\"http://www.w3.org/1999/xhtml\">&a;</div>"}}""");
        Assert.Contains(issues, issue => issue.Rule == "ATC-V100" && issue.IsError);
    }

    [Theory]
    [InlineData("{\"extension\":[", 100_000)]
    [InlineData("[", 1_000_000)]
    [InlineData("{\"a\":", 1_000_000)]
    public void DeepNestingIsRefused(string piece, int times)
        => Assert.Equal("ATC-S003", ResourceDocument.Parse(Encoding.UTF8.GetBytes("{\"resourceType\":\"Patient\",\"extension\":[" + string.Concat(Enumerable.Repeat(piece, times)))).Failure!.Issues[0].Rule);

    [Fact]
    public void DeepNarrativeIsRefused()
        => Assert.Contains(
            Issues($$$"""{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">{{{string.Concat(Enumerable.Repeat("<b>", 200_000))}}}"}}"""),
            issue => issue.Rule == "ATC-V100" && issue.IsError);

    [Theory]
    [InlineData("\\u202e")]
    [InlineData("\\u2066")]
    [InlineData("\\u0000")]
    [InlineData("\\u0007")]
    public void BidiAndControlCharactersAreTold(string escape)
        => Assert.Contains(Issues($$$"""{"resourceType":"Patient","name":[{"text":"a{{{escape}}}b"}]}"""), issue => issue is { Expression: "Patient.name[0].text", Rule: "ATC-V104" or "ATC-S020" });

    private static IReadOnlyList<Issue> Issues(string json) => Official.Validate(ResourceDocument.Parse(Encoding.UTF8.GetBytes(json)).Value).Issues;

    private static string Repeat(string piece, int times) => string.Join(',', Enumerable.Repeat(piece, times));

    private static string Numbered(int times, Func<int, string> piece) => string.Join(',', Enumerable.Range(0, times).Select(piece));

    private static string Structure(string list, string elements)
        => $$$"""
        {"resourceType":"StructureDefinition","url":"http://example.org/p","name":"P","status":"draft","kind":"resource","abstract":false,"type":"Observation",
         "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Observation","derivation":"constraint","{{{list}}}":{"element":[{{{elements}}}]}}
        """;
}
