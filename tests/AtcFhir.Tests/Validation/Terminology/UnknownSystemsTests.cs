using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;
using static AtcFhir.Tests.Validation.Profiles.ProfileFixture;

namespace AtcFhir.Tests.Validation.Terminology;

/// <summary>Codes of systems that are not known here, in elements that no value set binds: neither right nor wrong, and that is said.</summary>
public class UnknownSystemsTests
{
    private static readonly Validator Official = new(ConformanceSource.Official);

    private static List<string?> Notes(string json)
        => [.. Official.Validate(Read(json)).Issues.Where(issue => issue.Rule == "ATC-V044").Select(issue => $"{issue.Expression}: {issue.Text}")];

    private static string Coded(params string[] codings)
        => $$$"""{"resourceType":"Observation","status":"final","code":{"coding":[{{{string.Join(',', codings)}}}]}}""";

    [Fact]
    public void AreReportedAsNotCheckedOnceForEachSystem()
    {
        var observation = Coded(
            """{"system":"http://loinc.org","code":"8867-4"}""",
            """{"system":"http://loinc.org","code":"8480-6"}""",
            """{"system":"http://example.org/local","code":"a"}""");

        // The second time the codings are remembered.
        for (var times = 0; times < 2; times++)
        {
            Assert.Equal(
                [
                    "Observation.code.coding[0]: The codes of http://loinc.org were not checked: not all of this code system is known here.",
                    "Observation.code.coding[2]: The codes of http://example.org/local were not checked: not all of this code system is known here.",
                ],
                Notes(observation));
        }
    }

    [Theory]
    [InlineData("""{"system":"urn:x Patient Heuvel","code":"a"}""")]
    [InlineData("""{"system":"http://example.org/\nPatient Heuvel","code":"a"}""")]
    public void AreNotQuotedWhereTheyAreNoUriAndMayBeAnyText(string coding)
    {
        var issues = Official.Validate(Read(Coded(coding))).Issues;

        Assert.Contains(issues, issue => issue is { Rule: "ATC-S020", Expression: "Observation.code.coding[0].system" });
        Assert.DoesNotContain(issues, issue => $"{issue.Text} {issue.Diagnostics}".Contains("Heuvel", StringComparison.Ordinal));
    }

    [Fact]
    public void AreNoNewsWhereTheSystemIsKnown()
        => Assert.Empty(Notes(Coded("""{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory"}""", """{"system":"http://loinc.org"}""")));

    private static readonly Validator Versions = new(ConformanceSource.Official.With(
        Read("""{"resourceType":"CodeSystem","url":"http://example.org/v","version":"1.0","status":"active","content":"complete","concept":[{"code":"a"}]}"""),
        Read("""{"resourceType":"CodeSystem","url":"http://example.org/v","version":"2.0","status":"active","content":"complete","concept":[{"code":"a"}]}"""),
        Read("""{"resourceType":"CodeSystem","url":"http://example.org/part","version":"1.0","status":"active","content":"fragment","concept":[{"code":"a"}]}"""),
        Read("""{"resourceType":"ValueSet","url":"http://example.org/ValueSet/v","version":"1.1","status":"active","compose":{"include":[{"system":"http://example.org/v"}]}}""")));

    /// <summary>That a version is not at hand says nothing about the code; which ones are says what to do.</summary>
    [Theory]
    [InlineData("http://example.org/v", "3.0", "The codes of http://example.org/v|3.0 were not checked: this version of the code system is not known here (known: 2.0, 1.0).")]
    [InlineData("http://example.org/part", "2.0", "The codes of http://example.org/part|2.0 were not checked: this version of the code system is not known here (known: 1.0).")]
    [InlineData("http://example.org/part", "1.0", "The codes of http://example.org/part were not checked: not all of this code system is known here.")]
    [InlineData("http://example.org/none", "1.0", "The codes of http://example.org/none were not checked: not all of this code system is known here.")]
    public void OfAVersionThatIsNotKnownTheKnownOnesAreNamed(string system, string version, string text)
    {
        var result = Versions.Validate(Read(Coded($$"""{"system":"{{system}}","version":"{{version}}","code":"b"}""")));
        Assert.True(result.IsValid);
        Assert.Equal([text], result.Issues.Where(issue => issue.Rule == "ATC-V044").Select(issue => issue.Text));
    }

    [Fact]
    public void SoTheyAreOfAValueSet()
    {
        var result = Versions.Validate(Read("""
            {"resourceType":"ValueSet","status":"active","compose":{"include":[{"valueSet":["http://example.org/ValueSet/v|2"]},{"valueSet":["http://example.org/ValueSet/none|2"]}]}}
            """));
        Assert.Equal(
            [
                "The value set http://example.org/ValueSet/v|2 is not known here (known: 1.1); what it brings in was not checked.",
                "The value set http://example.org/ValueSet/none|2 is not known here; what it brings in was not checked.",
            ],
            result.Issues.Where(issue => issue.Rule == "ATC-V044").Select(issue => issue.Text));
    }

    [Fact]
    public void MakeNoResourceInvalid() => Assert.True(Official.Validate(Read(Coded("""{"system":"http://example.org/local","code":"a"}"""))).IsValid);
}
