using System.Text;
using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath;
using AtcFhir.Validation.Instance;

namespace AtcFhir.Tests.Validation.Instance;

/// <summary>The engine is the judge: a shortcut may leave it to the engine, but never pass what the engine finds false.</summary>
public class InvariantShortcutsTests
{
    private const string BundleUrls = "(type = 'history') or entry.where(fullUrl.exists()).select(fullUrl&resource.meta.versionId).isDistinct()";
    private const string Requests = "entry.all(request.exists() = (%resource.type = 'batch' or %resource.type = 'transaction' or %resource.type = 'history'))";
    private const string Responses = "entry.all(response.exists() = (%resource.type = 'batch-response' or %resource.type = 'transaction-response' or %resource.type = 'history'))";
    private const string Period = "start.hasValue().not() or end.hasValue().not() or (start <= end)";
    private const string NoHistory = "fullUrl.contains('/_history/').not()";
    private const string LongEnough = "($this as dateTime).toString().length() >= 8";

    private const string Equivalence = "comment.exists() or equivalence.empty() or ((equivalence != 'narrower') and (equivalence != 'inexact'))";
    private const string GroupOrDisplay = "(type='group' implies item.empty().not()) and (type.trace('type')='display' implies item.trace('item').empty())";
    private const string LinkIds = "descendants().linkId.isDistinct()";
    private const string ComponentCodes = "value.empty() or component.code.where(coding.intersect(%resource.code.coding).exists()).empty()";
    private const string Dispense = "whenHandedOver.empty() or whenPrepared.empty() or whenHandedOver >= whenPrepared";
    private const string Named = "(identifier.count() + name.count()) > 0";
    private const string Period0 = "period.exists() implies period >= 0";

    public static TheoryData<string, string, string, bool> Cases => new()
    {
        { BundleUrls, "Bundle", """{"type":"collection","entry":[{"fullUrl":"urn:a"},{"fullUrl":"urn:b"},{}]}""", true },
        { BundleUrls, "Bundle", """{"type":"collection","entry":[{"fullUrl":"urn:a"},{"fullUrl":"urn:a"}]}""", false },
        { BundleUrls, "Bundle", """{"type":"collection","entry":[{"fullUrl":"urn:a","resource":{"resourceType":"Basic","meta":{"versionId":"1"}}},{"fullUrl":"urn:a"}]}""", true },
        { BundleUrls, "Bundle", """{"type":"collection","entry":[{"fullUrl":"urn:a","resource":{"resourceType":"Basic","meta":{"versionId":"1"}}},{"fullUrl":"urn:a1"}]}""", false },
        { BundleUrls, "Bundle", """{"type":"collection","entry":[{"fullUrl":"urn:\u0061"},{"fullUrl":"urn:a"}]}""", false },
        { Requests, "Bundle", """{"type":"batch","entry":[{"request":{"method":"GET","url":"a"}}]}""", true },
        { Requests, "Bundle", """{"type":"batch","entry":[{"request":{"method":"GET","url":"a"}},{}]}""", false },
        { Requests, "Bundle", """{"type":"collection","entry":[{"request":{"method":"GET","url":"a"}}]}""", false },
        { Responses, "Bundle", """{"type":"transaction-response","entry":[{"response":{"status":"200"}}]}""", true },
        { Responses, "Bundle", """{"type":"history","entry":[{}]}""", false },
        { Responses, "Bundle", """{"type":"searchset","entry":[{}]}""", true },
        { NoHistory, "Bundle.entry", """{"type":"collection","entry":[{"fullUrl":"http://a/Basic/1"}]}""", true },
        { NoHistory, "Bundle.entry", """{"type":"collection","entry":[{"fullUrl":"http://a/Basic/1/_history/2"}]}""", false },
        { NoHistory, "Bundle.entry", """{"type":"collection","entry":[{"fullUrl":"http://a/Basic/1\/_history/2"}]}""", false },
        { Period, "Encounter.period", """{"period":{"start":"2020-01-01","end":"2020-01-01"}}""", true },
        { Period, "Encounter.period", """{"period":{"start":"2020-02","end":"2020-01"}}""", false },
        { Period, "Encounter.period", """{"period":{"start":"2020-01-01T10:00:00Z","end":"2020-01-01T10:00:01Z"}}""", true },
        { Period, "Encounter.period", """{"period":{"start":"2020-01-01T10:00:00+01:00","end":"2020-01-01T10:00:00+02:00"}}""", false },
        { Period, "Encounter.period", """{"period":{"start":"2020-01-01T12:00:00-01:00","end":"2020-01-01T13:00:00+01:00"}}""", false },
        { Period, "Encounter.period", """{"period":{"start":"2020-01-01T10:00:00.5Z","end":"2020-01-01T10:00:00.4Z"}}""", false },
        { LongEnough, "Observation.value", """{"valueDateTime":"2020-01-01"}""", true },
        { LongEnough, "Observation.value", """{"valueDateTime":"2020-01"}""", false },
        { Equivalence, "ConceptMap.group.element.target", """{"group":[{"element":[{"target":[{"equivalence":"equal"}]}]}]}""", true },
        { Equivalence, "ConceptMap.group.element.target", """{"group":[{"element":[{"target":[{"equivalence":"narrower"}]}]}]}""", false },
        { Equivalence, "ConceptMap.group.element.target", """{"group":[{"element":[{"target":[{"equivalence":"\u0069nexact"}]}]}]}""", false },
        { GroupOrDisplay, "Questionnaire.item", """{"item":[{"linkId":"1","type":"group","item":[{"linkId":"2","type":"string"}]}]}""", true },
        { GroupOrDisplay, "Questionnaire.item", """{"item":[{"linkId":"1","type":"group"}]}""", false },
        { GroupOrDisplay, "Questionnaire.item", """{"item":[{"linkId":"1","type":"display","item":[{"linkId":"2","type":"string"}]}]}""", false },
        { LinkIds, "Questionnaire", """{"item":[{"linkId":"1","item":[{"linkId":"2"}]}]}""", true },
        { LinkIds, "Questionnaire", """{"item":[{"linkId":"1","item":[{"linkId":"1"}]}]}""", false },
        { LinkIds, "Questionnaire", """{"contained":[{"resourceType":"Questionnaire","item":[{"linkId":"1"}]}],"item":[{"linkId":"1"}]}""", false },
        { LinkIds, "Questionnaire", """{"item":[{"text":"a"},{"linkId":"1","item":[{"text":"b"},{"linkId":"2"}]}]}""", true },
        { LinkIds, "Questionnaire", """{"item":[{"text":"a","item":[{"linkId":"1"}]},{"linkId":"1"}]}""", false },
        { ComponentCodes, "Observation", """{"code":{"coding":[{"code":"a"}]},"valueString":"x","component":[{"code":{"coding":[{"code":"b"}]}}]}""", true },
        { ComponentCodes, "Observation", """{"code":{"coding":[{"code":"a"}]},"valueString":"x","component":[{"code":{"coding":[{"code":"b"},{"code":"a"}]}}]}""", false },
        { ComponentCodes, "Observation", """{"code":{"coding":[{"code":"a"}]},"valueString":"x","component":[{"code":{"coding":[{"code":"\u0061"}]}}]}""", false },
        { ComponentCodes, "Observation", """{"code":{"coding":[{"display":"a"}]},"valueString":"x","component":[{"code":{"coding":[{"display":"a"}]}}]}""", false },
        { Dispense, "MedicationDispense", """{"whenPrepared":"2020-01-01","whenHandedOver":"2020-01-02"}""", true },
        { Dispense, "MedicationDispense", """{"whenPrepared":"2020-01-02","whenHandedOver":"2020-01-01"}""", false },
        { Named, "Organization", """{"name":"a"}""", true },
        { Named, "Organization", """{"active":true}""", false },
        { Period0, "ServiceRequest.occurrence.repeat", """{"occurrenceTiming":{"repeat":{"period":2.5}}}""", true },
        { Period0, "ServiceRequest.occurrence.repeat", """{"occurrenceTiming":{"repeat":{"period":-1}}}""", false },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void AgreesWithTheEngine(string expression, string path, string json, bool holds)
    {
        var node = Find(path, json);
        Assert.Equal(holds, FhirPathExpression.Compile(expression, null, FhirPathUse.Definition).Value.Predicate(node) != false);
        Assert.True(holds || !InvariantShortcuts.Find(expression)!(node));
    }

    [Theory]
    [InlineData(BundleUrls, "Bundle", """{"type":"collection","entry":[{"fullUrl":"urn:a"},{"fullUrl":"urn:b"}]}""")]
    [InlineData(Requests, "Bundle", """{"type":"batch","entry":[{"request":{"method":"GET","url":"a"}}]}""")]
    [InlineData(NoHistory, "Bundle.entry", """{"type":"collection","entry":[{"fullUrl":"http://a/Basic/1"}]}""")]
    [InlineData(Period, "Encounter.period", """{"period":{"start":"2020-01-01T10:00:00Z","end":"2020-01-01T10:00:01Z"}}""")]
    [InlineData(LongEnough, "Observation.value", """{"valueDateTime":"2020-01-01"}""")]
    [InlineData(Equivalence, "ConceptMap.group.element.target", """{"group":[{"element":[{"target":[{"equivalence":"equal"}]}]}]}""")]
    [InlineData(GroupOrDisplay, "Questionnaire.item", """{"item":[{"linkId":"1","type":"string"}]}""")]
    [InlineData(LinkIds, "Questionnaire", """{"item":[{"linkId":"1","item":[{"linkId":"2"}]}]}""")]
    [InlineData(LinkIds, "Questionnaire", """{"item":[{"text":"a"},{"linkId":"1"}]}""")]
    [InlineData(ComponentCodes, "Observation", """{"code":{"coding":[{"code":"a"}]},"valueString":"x","component":[{"code":{"coding":[{"code":"b"}]}}]}""")]
    [InlineData(Dispense, "MedicationDispense", """{"whenPrepared":"2020-01-01","whenHandedOver":"2020-01-02"}""")]
    [InlineData(Named, "Organization", """{"name":"a"}""")]
    [InlineData(Period0, "ServiceRequest.occurrence.repeat", """{"occurrenceTiming":{"repeat":{"period":2.5}}}""")]
    public void PassesTheUsualCase(string expression, string path, string json) => Assert.True(InvariantShortcuts.Find(expression)!(Find(path, json)));

    private static Node Find(string path, string json)
    {
        var steps = path.Split('.');
        var node = ResourceDocument.Parse(Encoding.UTF8.GetBytes(json.Insert(1, $"\"resourceType\":\"{steps[0]}\","))).Value.Root;
        return steps.Skip(1).Aggregate(node, (at, name) => at.Child(name));
    }
}
