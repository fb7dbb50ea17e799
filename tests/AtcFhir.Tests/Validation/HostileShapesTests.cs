using System.Text;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Tests.Validation;

/// <summary>Input that is made to hurt: each shape ends in a clear issue, at a cost that grows with its size. The cost is counted in bytes allocated, which no slow machine changes.</summary>
public sealed class HostileShapesTests
{
    private static readonly Validator Official = new(ConformanceSource.Official);

    /// <summary>Less than this may be a list that grew or was kept; quadratic cost is gigabytes.</summary>
    private const long Little = 1_000_000;

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
        ["answers that enable each other"] = n => $$$"""
            {"resourceType":"QuestionnaireResponse","status":"completed","questionnaire":"#q","item":[{{{Numbered(n, i => $$$"""{"linkId":"l{{{i}}}","answer":[{"valueString":"x"}]}""")}}}],
             "contained":[{"resourceType":"Questionnaire","id":"q","status":"active","item":[{{{Numbered(n, i => $$$"""{"linkId":"l{{{i}}}","type":"string","enableWhen":[{"question":"l{{{Math.Max(0, i - 1)}}}","operator":"exists","answerBoolean":true}]}""")}}}]}]}
            """,
    };

    public static TheoryData<string> LargeShapes => [.. Large.Keys];

    /// <summary>Eight times the size costs eight times the memory, and no invariant runs into the budget of its steps; what is quadratic would cost sixty-four times.</summary>
    [Theory]
    [MemberData(nameof(LargeShapes))]
    public void LargeArraysCostWhatGrowsWithTheirSize(string shape)
    {
        _ = Cost(shape, 100);
        var (small, few) = Cost(shape, 5_000);
        var (large, many) = Cost(shape, 40_000);
        Assert.True(large < 16 * Math.Max(small, Little), $"{small} bytes are allocated for 5,000, {large} for 40,000.");
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

    private static (long Bytes, IReadOnlyList<Issue> Issues) Cost(string shape, int times)
    {
        var utf8 = Encoding.UTF8.GetBytes(Large[shape](times));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var issues = ResourceDocument.Parse(utf8).TryGet(out var document, out var failure) ? Official.Validate(document, new ValidateRequest(LintProfiles: true)).Issues : failure.Issues;
        return (GC.GetAllocatedBytesForCurrentThread() - before, issues);
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
