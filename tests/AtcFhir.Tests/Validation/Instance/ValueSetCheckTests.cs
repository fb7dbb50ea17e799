using AtcFhir.Tests.Validation.Profiles;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Tests.Validation.Instance;

/// <summary>A ValueSet as an instance: its systems, codes, filters and imports.</summary>
public class ValueSetCheckTests
{
    private const string Gender = "http://hl7.org/fhir/administrative-gender";

    private const string Colours =
        """
        {"resourceType":"CodeSystem","url":"http://example.org/colours","status":"active","content":"complete","property":[{"code":"warmth","type":"code"}],"filter":[{"code":"tone","operator":["="],"value":"x"}],
         "concept":[{"code":"red","concept":[{"code":"scarlet"}]},{"code":"blue"}]}
        """;

    private static string ValueSet(string url, string compose) => $$"""{"resourceType":"ValueSet","url":"{{url}}","status":"active","compose":{{compose}}}""";

    private static string Including(string include) => ValueSet("http://example.org/v", $$"""{"include":[{{include}}]}""");

    private static IReadOnlyList<string> Found(string json, params string[] others)
        => [.. new Validator(ConformanceSource.Official.With([.. others.Append(Colours).Select(ProfileFixture.Read)])).Validate(ProfileFixture.Read(json)).Issues.Select(issue => $"{issue.Severity} {issue.Rule} {issue.Expression}")];

    [Theory]
    [InlineData("male", true)]
    [InlineData("mail", false)]
    public void ACodeThatIsListedIsOneOfItsSystem(string code, bool isRight)
        => Assert.Equal(isRight ? [] : ["Error ATC-V043 ValueSet.compose.include[0].concept[0].code"], Found(Including($$"""{"system":"{{Gender}}","concept":[{"code":"{{code}}"}]}""")));

    [Fact]
    public void CodesOfASystemThatIsNotKnownAreNotCheckedAndThatIsSaidOnce()
        => Assert.Equal(["Information ATC-V044 ValueSet.compose.include[0].concept[0].code"], Found(Including("""{"system":"http://snomed.info/sct","concept":[{"code":"1"},{"code":"2"}]}""")));

    [Fact]
    public void TheSystemIsNoValueSet()
        => Assert.Equal(["Error ATC-V137 ValueSet.compose.include[0].system"], Found(Including("""{"system":"http://hl7.org/fhir/ValueSet/administrative-gender"}""")));

    /// <summary>R4, references.html#canonical: a version follows "|" in a canonical only; here it has an element of its own.</summary>
    [Fact]
    public void TheVersionOfTheSystemIsNotPartOfIt()
    {
        Assert.Equal(["Error ATC-V137 ValueSet.compose.include[0].system"], Found(Including($$"""{"system":"{{Gender}}|4.0.1"}""")));
        Assert.Empty(Found(Including($$"""{"system":"{{Gender}}","version":"4.0.1"}""")));
    }

    [Theory]
    [InlineData("is-a", "concept", "red", null)]
    [InlineData("is-a", "concept", "rad", "Error ATC-V043 ValueSet.compose.include[0].filter[0].value")]
    [InlineData("=", "warmth", "hot", null)]
    [InlineData("=", "tone", "dark", null)]
    [InlineData("=", "warmness", "hot", "Warning ATC-V139 ValueSet.compose.include[0].filter[0].property")]
    [InlineData("exists", "warmth", "true", null)]
    [InlineData("exists", "warmth", "yes", "Error ATC-V139 ValueSet.compose.include[0].filter[0].value")]
    [InlineData("regex", "display", "r.*", null)]
    [InlineData("regex", "display", "r(", "Error ATC-V139 ValueSet.compose.include[0].filter[0].value")]
    public void AFilterFitsTheCodeSystem(string op, string property, string value, string? expected)
        => Assert.Equal(
            expected is null ? [] : [expected],
            Found(Including($$"""{"system":"http://example.org/colours","filter":[{"property":"{{property}}","op":"{{op}}","value":"{{value}}"}]}""")));

    [Fact]
    public void AValueSetDoesNotImportItself()
    {
        Assert.Equal(["Error ATC-V139 ValueSet.compose.include[0].valueSet[0]"], Found(Including("""{"valueSet":["http://example.org/v|1.0"]}""")));
        Assert.Equal(
            ["Error ATC-V139 ValueSet.compose.include[0].valueSet[0]"],
            Found(Including("""{"valueSet":["http://example.org/w"]}"""), ValueSet("http://example.org/w", """{"include":[{"valueSet":["http://example.org/x"]}]}"""), ValueSet("http://example.org/x", """{"include":[{"valueSet":["http://example.org/v"]}]}""")));
    }

    [Fact]
    public void AnImportThatIsNotKnownIsNotChecked()
        => Assert.Equal(["Information ATC-V044 ValueSet.compose.include[0].valueSet[0]"], Found(Including("""{"valueSet":["http://example.org/other"]}""")));

    [Fact]
    public void TheCodesOfAnExpansionAreOnesOfTheirSystems()
        => Assert.Equal(
            ["Error ATC-V043 ValueSet.expansion.contains[0].contains[0].code"],
            Found($$"""{"resourceType":"ValueSet","status":"active","expansion":{"timestamp":"2026-01-01","contains":[{"system":"{{Gender}}","code":"male","contains":[{"system":"{{Gender}}","code":"mail"}]}]} }"""));

    /// <summary>ISO 3166-2: the country part is known, the parts of a country are not.</summary>
    [Theory]
    [InlineData("NL-NH", "Information ATC-V044 ValueSet.compose.include[0].concept[0].code")]
    [InlineData("QX-NH", "Warning ATC-V043 ValueSet.compose.include[0].concept[0].code")]
    public void APartOfACountryIsNotCheckedButItsCountryIs(string code, string expected)
        => Assert.Equal([expected], Found(Including($$"""{"system":"urn:iso:std:iso:3166:-2","concept":[{"code":"{{code}}"}]}""")));
}
