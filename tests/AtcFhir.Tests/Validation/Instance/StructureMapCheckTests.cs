using AtcFhir.Tests.Validation.Profiles;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Tests.Validation.Instance;

/// <summary>R4, StructureMap.group.rule: a source applies to a type or variable, a target to the variable that it names; parameters that are ids are variables.</summary>
public class StructureMapCheckTests
{
    private static readonly Lazy<Validator> Official = new(() => new Validator(ConformanceSource.Official));

    private static IReadOnlyList<string> Errors(string rule)
        => Errors(ProfileFixture.Read($$"""
            {"resourceType":"StructureMap","url":"http://example.org/m","name":"M","status":"active","structure":[{"url":"http://example.org/s","mode":"source","alias":"Own"}],
             "group":[{"name":"g","typeMode":"none","input":[{"name":"src","mode":"source"},{"name":"tgt","mode":"target"}],"rule":[{{rule}}]}]}
            """));

    private static IReadOnlyList<string> Errors(AtcFhir.R4.Documents.ResourceDocument map)
        => [.. Official.Value.Validate(map).Issues.Where(issue => issue.Rule == "ATC-V145").Select(issue => $"{issue.Rule} {issue.Expression}")];

    [Theory]
    [InlineData("src", null)]
    [InlineData("Patient", null)] // a type
    [InlineData("Own", null)] // a type by its alias
    [InlineData("source", "ATC-V145 StructureMap.group[0].rule[0].source[0].context")]
    public void ASourceAppliesToAVariableOrType(string context, string? expected)
        => Assert.Equal(expected is null ? [] : [expected], Errors($$"""{"name":"r","source":[{"context":"{{context}}"}]}"""));

    [Theory]
    [InlineData("tgt", "variable", null)]
    [InlineData("s", "variable", null)]
    [InlineData("Observation", "type", null)]
    [InlineData("Observation", "variable", "ATC-V145 StructureMap.group[0].rule[0].target[0].context")]
    public void ATargetAppliesToTheVariableThatItNames(string context, string type, string? expected)
        => Assert.Equal(
            expected is null ? [] : [expected],
            Errors($$"""{"name":"r","source":[{"context":"src","variable":"s"}],"target":[{"context":"{{context}}","contextType":"{{type}}","element":"x"}]}"""));

    [Theory]
    [InlineData("\"valueId\":\"s\"", true)]
    [InlineData("\"valueId\":\"x\"", false)]
    [InlineData("\"valueString\":\"x\"", true)]
    public void AParameterThatIsAnIdIsAVariable(string value, bool isRight)
        => Assert.Equal(
            isRight ? [] : ["ATC-V145 StructureMap.group[0].rule[0].target[0].parameter[0].value"],
            Errors($$"""{"name":"r","source":[{"context":"src","variable":"s"}],"target":[{"transform":"copy","parameter":[{ {{value}} }]}]}"""));

    /// <summary>What a rule names holds for what comes after it in the rule and for the rules in it, not for the rules beside.</summary>
    [Fact]
    public void AVariableHoldsWithinItsRule()
        => Assert.Equal(
            ["ATC-V145 StructureMap.group[0].rule[0].dependent[0].variable[1]", "ATC-V145 StructureMap.group[0].rule[1].source[0].context"],
            Errors("""
                {"name":"a","source":[{"context":"src","variable":"s"},{"context":"s","variable":"t"}],"target":[{"context":"tgt","contextType":"variable","element":"x","variable":"u"}],
                 "rule":[{"name":"b","source":[{"context":"t"}],"target":[{"context":"u","contextType":"variable","element":"y"}]}],"dependent":[{"name":"g","variable":["u","v"]}]},
                {"name":"c","source":[{"context":"t"}]}
                """));

    /// <summary>Of the two official ones one reads from a Source and writes into a Destination that nothing names: its only input is called test.</summary>
    [Fact]
    public void OfTheOfficialOnesOneIsWrong()
    {
        Assert.Empty(Errors(AtcFhir.R4.Documents.ResourceDocument.Parse(R4Examples.Get("StructureMap-supplyrequest-transform")).Value));
        Assert.Equal(
            ["ATC-V145 StructureMap.group[0].rule[0].source[0].context", "ATC-V145 StructureMap.group[0].rule[0].target[0].context"],
            Errors(AtcFhir.R4.Documents.ResourceDocument.Parse(R4Examples.Get("StructureMap-example")).Value));
    }
}
