using AtcFhir.Tests.Validation.Profiles;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Tests.Validation.Instance;

/// <summary>A text that R4 defines as FHIRPath compiles.</summary>
public class ExpressionCheckTests
{
    private static readonly Lazy<Validator> Official = new(() => new Validator(ConformanceSource.Official));

    private static IReadOnlyList<string> Found(string json, ValidateRequest? request = null)
        => [.. Official.Value.Validate(ProfileFixture.Read(json), request).Issues.Where(issue => issue.Rule is "ATC-V138" or "ATC-L004").Select(issue => $"{issue.Rule} {issue.Expression}")];

    private static string SearchParameter(string more)
        => $$"""{"resourceType":"SearchParameter","url":"http://example.org/sp","name":"P","status":"active","description":"x","code":"p","base":["Patient"],"type":"string",{{more}}}""";

    private static string Definition(string element, string more = "")
        => $$$"""
        {"resourceType":"StructureDefinition","url":"http://example.org/p","name":"P","status":"active","kind":"resource","abstract":false,"type":"Patient","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient",
         "derivation":"constraint",{{{more}}}"differential":{"element":[{"id":"Patient","path":"Patient"},{{{element}}}]}}
        """;

    [Theory]
    [InlineData("Patient.name.given", true)]
    [InlineData("Patient.name.where(use = 'official').given | Patient.identifier.value", true)]
    [InlineData("(Patient.deceased as boolean)", true)]
    [InlineData("Patient.name.", false)]
    [InlineData("Patient.name.vhere(use = 'official')", false)]
    [InlineData("Patient.name[", false)]
    [InlineData("family name", false)]
    public void TheExpressionOfASearchParameterIsFhirPath(string expression, bool isRight)
        => Assert.Equal(isRight ? [] : ["ATC-V138 SearchParameter.expression"], Found(SearchParameter($"\"expression\":\"{expression}\"")));

    [Fact]
    public void SoIsThatOfAComponent()
        => Assert.Equal(["ATC-V138 SearchParameter.component[0].expression"], Found(SearchParameter("""
            "component":[{"definition":"http://example.org/sp2","expression":"a b"},{"definition":"http://example.org/sp2","expression":"value"}]
            """)));

    [Fact]
    public void TheInvariantsOfAProfileAreFhirPathAndAreSaidOnce()
    {
        var definition = Definition("""{"id":"Patient.name","path":"Patient.name","constraint":[{"key":"x-1","severity":"error","human":"x","expression":"given.exists("}]}""");
        Assert.Equal(["ATC-V138 StructureDefinition.differential.element[1].constraint[0].expression"], Found(definition));
        Assert.Equal(["ATC-L004 StructureDefinition.differential.element[1]"], Found(definition, new ValidateRequest(LintProfiles: true)));
    }

    [Fact]
    public void TheDiscriminatorOfASlicingIsFhirPath()
        => Assert.Equal(
            ["ATC-V138 StructureDefinition.differential.element[1].slicing.discriminator[0].path"],
            Found(Definition("""{"id":"Patient.name","path":"Patient.name","slicing":{"discriminator":[{"type":"value","path":"use/"}],"rules":"open"}}""")));

    [Fact]
    public void TheContextOfAnExtensionIsFhirPathWhereItsTypeSaysSo()
        => Assert.Equal(
            ["ATC-V138 StructureDefinition.context[1].expression", "ATC-V138 StructureDefinition.contextInvariant[0]"],
            Found(Definition("""{"id":"Patient.name","path":"Patient.name"}""", """
                "context":[{"type":"element","expression":"Patient..name"},{"type":"fhirpath","expression":"Patient..name"}],"contextInvariant":["a b"],
                """)));

    [Theory]
    [InlineData("text/fhirpath", false)]
    [InlineData("text/cql", true)]
    public void TheLanguageBesideAnExpressionDecides(string language, bool isRight)
        => Assert.Equal(
            isRight ? [] : ["ATC-V138 PlanDefinition.action[0].condition[0].expression.expression"],
            Found($$$"""{"resourceType":"PlanDefinition","status":"active","action":[{"condition":[{"kind":"start","expression":{"language":"{{{language}}}","expression":"exists [Condition: code]"} }]}]}"""));

    [Fact]
    public void AVariableThatATestScriptPutsInIsNoFault()
        => Assert.Equal(
            ["ATC-V138 TestScript.variable[1].expression"],
            Found("""{"resourceType":"TestScript","url":"http://example.org/t","name":"T","status":"active","variable":[{"name":"a","expression":"Patient.where(id = ${x})"},{"name":"b","expression":"Patient.where("}]}"""));

    /// <summary>R4, GraphDefinition.link.path: "If the path is "*" then this means all references in the resource."</summary>
    [Fact]
    public void ThePathOfAGraphIsMoreThanFhirPath()
        => Assert.Empty(Found("""{"resourceType":"GraphDefinition","name":"G","status":"active","start":"Patient","link":[{"path":"*","target":[{"type":"Group"}]}]}"""));
}
