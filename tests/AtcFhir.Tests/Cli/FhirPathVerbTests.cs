using System.Text;
using AtcFhir.Cli;
using AtcFhir.R4.Documents;

namespace AtcFhir.Tests.Cli;

public class FhirPathVerbTests
{
    [Theory]
    [InlineData("gender.memberOf('http://hl7.org/fhir/ValueSet/administrative-gender')", "true")]
    [InlineData("maritalStatus.memberOf('http://hl7.org/fhir/ValueSet/marital-status')", "false")]
    [InlineData("managingOrganization.resolve().name", "UMC")]
    [InlineData("conformsTo('http://hl7.org/fhir/StructureDefinition/Patient')", "true")]
    public void ExpressionsMayAskForWhatR4Defines(string expression, string answer)
    {
        using var patient = ResourceDocument.Parse(Encoding.UTF8.GetBytes(
            """
            {"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"o","name":"UMC"}],"gender":"female","managingOrganization":{"reference":"#o"},
             "maritalStatus":{"coding":[{"system":"http://example.org/none","code":"M"}]}}
            """)).Value;

        Assert.Equal(answer, Assert.Single(FhirPathVerb.Evaluate(expression, patient).Value).ToString());
    }

    [Fact]
    public void AnUnknownValueSetIsSaidToBeUnknown()
    {
        using var patient = ResourceDocument.Parse("""{"resourceType":"Patient","gender":"female"}"""u8.ToArray()).Value;

        var answer = FhirPathVerb.Evaluate("gender.memberOf('http://example.org/none')", patient);

        Assert.True(!answer.Succeeded || answer.Value.Count == 0);
    }

    [Fact]
    public void EachLineOfNdjsonIsAnswered()
    {
        var file = Path.GetTempFileName() + ".ndjson";
        File.WriteAllText(file, """
            {"resourceType":"Patient","id":"a"}

            {"resourceType":"Patient","id":"b"}
            """);
        var answers = new StringWriter();

        var exitCode = FhirPathVerb.RunOne(["Patient.id", file], answers);

        File.Delete(file);
        Assert.Equal(0, exitCode);
        Assert.Equal(["a", "b"], answers.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("value").GetString()));
    }
}
