using System.Text;
using System.Text.Json;
using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath;
using AtcFhir.R4.Generator;

namespace AtcFhir.Tests.R4.Definitions;

public sealed class ErrataTests
{
    [Fact]
    public void EveryEntryReplacesAnExpressionThatIsPublished()
    {
        var published = DefinitionSource.FromExamplesPackage(R4Examples.Folder).Types
            .SelectMany(structure => structure.GetProperty("differential").Items("element")).SelectMany(element => element.Items("constraint"))
            .Select(constraint => (constraint.Required("key"), constraint.Required("expression"))).ToHashSet();
        Assert.Equal([], Errata.All.Where(erratum => !published.Contains((erratum.Key, erratum.Published))).Select(erratum => erratum.Key));
    }

    [Fact]
    public void TheTypesCarryTheCorrectedExpressions()
    {
        var used = R4Definitions.Types.SelectMany(type => type.Constraints.Concat(type.Elements.SelectMany(element => element.Constraints))).ToList();
        Assert.All(Errata.All, erratum =>
        {
            Assert.Contains(used, constraint => constraint.Key == erratum.Key && constraint.Expression == erratum.Corrected);
            Assert.DoesNotContain(used, constraint => constraint.Key == erratum.Key && constraint.Expression == erratum.Published);
        });
        Assert.DoesNotContain(used, constraint => constraint.Expression.StartsWith("name.matches", StringComparison.Ordinal));
        Assert.Equal("id", R4Definitions.Find("Observation")!.Find("id")!.Types.Single().Type.Name);
        Assert.Equal("string", R4Definitions.Find("Quantity")!.Find("id")!.Types.Single().Type.Name);
    }

    [Theory]
    [InlineData("app-4", """{"resourceType":"Appointment","status":"noshow","cancelationReason":{"text":"x"}}""", true)]
    [InlineData("app-4", """{"resourceType":"Appointment","status":"booked","cancelationReason":{"text":"x"}}""", false)]
    [InlineData("con-3", """{"resourceType":"Condition","category":[{"coding":[{"code":"encounter-diagnosis"}]}]}""", true)]
    [InlineData("con-3", """{"resourceType":"Condition","category":[{"coding":[{"code":"problem-list-item"}]}]}""", false)]
    [InlineData("que-0", """{"resourceType":"Questionnaire"}""", true)]
    [InlineData("que-0", """{"resourceType":"Questionnaire","name":"Quality_of_life"}""", true)]
    [InlineData("que-0", """{"resourceType":"Questionnaire","name":"The Quality"}""", false)]
    public void OnTheResourceItself(string key, string json, bool holds) => Check(key, json, document => document.Root, holds);

    [Theory]
    [InlineData("que-7", """{"operator":"exists","answerBoolean":true}""", true)]
    [InlineData("que-7", """{"operator":"exists","answerInteger":1}""", false)]
    public void OnAnEnableWhen(string key, string json, bool holds)
        => Check(key, $$"""{"resourceType":"Questionnaire","item":[{"linkId":"1","enableWhen":[{{json}}]}]}""", document => document.Root.Child("item").Child("enableWhen"), holds);

    [Theory]
    [InlineData("que-12", """[{"question":"a"}]""", true)]
    [InlineData("que-12", """[{"question":"a"},{"question":"b"}]""", false)]
    public void OnAnItem(string key, string enableWhen, bool holds)
        => Check(key, $$"""{"resourceType":"Questionnaire","item":[{"linkId":"1","enableWhen":{{enableWhen}}}]}""", document => document.Root.Child("item"), holds);

    [Theory]
    [InlineData("tim-9", """{"offset":30,"when":["ACM","PCV"]}""", true)]
    [InlineData("tim-9", """{"offset":30,"when":["ACM","C"]}""", false)]
    [InlineData("tim-9", """{"offset":30}""", false)]
    public void OnARepeat(string key, string repeat, bool holds)
        => Check(key, $$"""{"resourceType":"ServiceRequest","occurrenceTiming":{"repeat": {{repeat}} } }""", document => document.Root.Child("occurrence").Child("repeat"), holds);

    [Theory]
    [InlineData("ref-1", "#", true)]
    [InlineData("ref-1", "#c", true)]
    [InlineData("ref-1", "#d", false)]
    public void OnAReferenceOfAContainedResource(string key, string reference, bool holds)
        => Check(key, $$"""{"resourceType":"Observation","contained":[{"resourceType":"Observation","id":"c","focus":[{"reference":"{{reference}}"}]}]}""", document => document.Root.Child("contained").Child("focus"), holds);

    [Theory]
    [InlineData("eld-19", "Observation.value[x]", true)]
    [InlineData("eld-19", "Observation.a/b", false)]
    [InlineData("eld-20", "Observation.value[x]", true)]
    [InlineData("eld-20", "Observation.a-b", false)]
    public void OnAnElementDefinition(string key, string path, bool holds)
        => Check(key, $$"""{"resourceType":"StructureDefinition","differential":{"element":[{"path":"{{path}}"}] } }""", document => document.Root.Child("differential").Child("element"), holds);

    private static void Check(string key, string json, Func<ResourceDocument, Node> find, bool holds)
    {
        var document = ResourceDocument.Parse(Encoding.UTF8.GetBytes(json)).Value;
        var erratum = Errata.All.Single(erratum => erratum.Key == key);
        var expression = FhirPathExpression.Compile(erratum.Corrected, use: FhirPathUse.Definition).Value;
        Assert.Equal(holds, expression.Predicate(find(document)) != false);
    }
}
