using System.Text;
using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath;
using AtcFhir.Validation.Instance;

namespace AtcFhir.Tests.Validation.Instance;

/// <summary>The engine is the judge: what is written by hand says the same.</summary>
public class NativeInvariantsTests
{
    [Theory]
    [InlineData("vsd-0", "ValueSet", """{"name":"Vital_Signs2"}""", true)]
    [InlineData("vsd-0", "ValueSet", """{"url":"http://example.org/a"}""", true)]
    [InlineData("vsd-0", "ValueSet", """{"_name":{"id":"n"}}""", true)]
    [InlineData("vsd-0", "ValueSet", """{"name":"vitalSigns"}""", false)]
    [InlineData("vsd-0", "ValueSet", """{"name":"Vital Signs"}""", false)]
    [InlineData("vsd-0", "ValueSet", """{"name":"Vital\u0053igns"}""", true)]
    [InlineData("vsd-0", "ValueSet", """{"name":"Vital\u0020Signs"}""", false)]
    [InlineData("vsd-0", "ValueSet", """{"name":"Zürich"}""", false)]
    [InlineData("nsd-0", "NamingSystem", """{"name":"a"}""", false)]
    [InlineData("qty-3", "Observation.value", """{"valueQuantity":{"code":"mg"}}""", false)]
    [InlineData("qty-3", "Observation.value", """{"valueQuantity":{"code":"mg","system":"http://unitsofmeasure.org"}}""", true)]
    [InlineData("ext-1", "Patient.extension", """{"extension":[{"url":"http://example.org/a"}]}""", false)]
    [InlineData("att-1", "Patient.photo", """{"photo":[{"data":"YQ=="}]}""", false)]
    [InlineData("cpt-2", "Patient.telecom", """{"telecom":[{"value":"1"}]}""", false)]
    [InlineData("dom-2", "Patient", """{"contained":[{"resourceType":"Patient","contained":[{"resourceType":"Patient"}]}]}""", false)]
    public void SayWhatTheEngineSays(string key, string path, string json, bool holds)
    {
        var node = Find(path, json);
        var native = NativeInvariants.Of(node.Type).Single(invariant => invariant.Constraint.Key == key);

        Assert.Equal(holds, FhirPathExpression.Compile(native.Constraint.Expression, null, FhirPathUse.Definition).Value.Predicate(node) != false);
        Assert.Equal(holds, native.Holds(node));
    }

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public void ANameHasUpTo255Letters(int length, bool holds)
        => SayWhatTheEngineSays("vsd-0", "ValueSet", $$"""{"name":"{{new string('A', length)}}"}""", holds);

    private static Node Find(string path, string json)
    {
        var steps = path.Split('.');
        var node = ResourceDocument.Parse(Encoding.UTF8.GetBytes(json.Insert(1, $"\"resourceType\":\"{steps[0]}\","))).Value.Root;
        return steps.Skip(1).Aggregate(node, (at, name) => at.Child(name));
    }
}
