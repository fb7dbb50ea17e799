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

    [Fact]
    public void AreNoNewsWhereTheSystemIsKnown()
        => Assert.Empty(Notes(Coded("""{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory"}""", """{"system":"http://loinc.org"}""")));

    [Fact]
    public void MakeNoResourceInvalid() => Assert.True(Official.Validate(Read(Coded("""{"system":"http://example.org/local","code":"a"}"""))).IsValid);
}
