using System.Text;
using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Tests.R4.FhirPath;

public sealed class FhirFunctionsTests
{
    private static readonly Node Bundle = Parse("""
        {
          "resourceType": "Bundle", "type": "collection",
          "entry": [
            {
              "fullUrl": "http://example.org/fhir/Observation/o1",
              "resource": {
                "resourceType": "Observation", "id": "o1", "status": "final",
                "contained": [ { "resourceType": "Device", "id": "d1", "owner": { "reference": "#" } } ],
                "modifierExtension": [ { "url": "http://example.org/modifier", "valueBoolean": true } ],
                "code": { "coding": [ { "system": "http://example.org/s", "code": "a" } ] },
                "subject": { "reference": "Patient/p1" },
                "device": { "reference": "#d1" },
                "performer": [ { "reference": "urn:uuid:6a5bb1a2-6b0f-4a1c-9d8b-111111111111" }, { "reference": "Practitioner/elsewhere" } ]
              }
            },
            {
              "fullUrl": "http://example.org/fhir/Patient/p1",
              "resource": {
                "resourceType": "Patient", "id": "p1",
                "birthDate": "1974-12-25",
                "_birthDate": { "extension": [ { "url": "http://example.org/time", "valueDateTime": "1974-12-25T14:35:45-05:00" } ] },
                "name": [ { "given": [ null, "Jim" ], "_given": [ { "extension": [ { "url": "http://example.org/absent", "valueCode": "unknown" } ] }, null ] } ]
              }
            },
            {
              "fullUrl": "urn:uuid:6a5bb1a2-6b0f-4a1c-9d8b-111111111111",
              "resource": { "resourceType": "Practitioner", "id": "pr" }
            }
          ]
        }
        """);

    [Theory]
    [InlineData("entry[0].resource.subject.resolve().id", "p1")]
    [InlineData("entry[0].resource.device.resolve().id", "d1")]
    [InlineData("entry[0].resource.contained.owner.resolve().id", "o1")]
    [InlineData("entry[0].resource.performer.resolve().id", "pr")]
    [InlineData("'Patient/p1'.resolve().birthDate", "1974-12-25")]
    [InlineData("entry[0].resource.performer[1].resolve()", null)]
    [InlineData("entry[1].resource.birthDate.extension('http://example.org/time').value", "1974-12-25T14:35:45-05:00")]
    [InlineData("entry[1].resource.name.given[0].hasValue()", "false")]
    [InlineData("entry[1].resource.name.given[1].hasValue()", "true")]
    [InlineData("entry[1].resource.name.given.hasValue()", "false")]
    [InlineData("entry[1].resource.name.given[1].getValue().is(System.String)", "true")]
    [InlineData("entry[1].resource.name.given[0].getValue()", null)]
    [InlineData("entry[1].resource.name.given[0] = 'x'", null)]
    [InlineData("entry[1].resource.birthDate.type().name", "date")]
    [InlineData("entry[1].resource.conformsTo('http://hl7.org/fhir/StructureDefinition/Patient')", "true")]
    [InlineData("entry[1].resource.conformsTo('http://hl7.org/fhir/StructureDefinition/Observation')", "false")]
    [InlineData("entry[0].resource.checkModifiers('http://example.org/modifier').id", "o1")]
    [InlineData("entry[0].resource.code.coding.subsumes(%context.entry[0].resource.code.coding)", "true")]
    [InlineData("entry.resource.ofType(Patient).elementDefinition()", null)]
    [InlineData("%sct", "http://snomed.info/sct")]
    [InlineData("%`ext-patient-birthTime`", "http://hl7.org/fhir/StructureDefinition/patient-birthTime")]
    [InlineData("%`vs-administrative-gender`", "http://hl7.org/fhir/ValueSet/administrative-gender")]
    public void Evaluates(string expression, string? expected)
    {
        var items = FhirPathExpression.Compile(expression, Bundle.Type).Value.Evaluate(Bundle);
        Assert.Equal(expected, items.IsEmpty ? null : Assert.Single(items).Text);
    }

    [Fact]
    public void KnowsTheResourceAndItsContainer()
    {
        var device = Bundle.Child("entry").Child("resource").Child("contained");
        Assert.True(FhirPathExpression.Compile("%resource.id = 'd1' and %rootResource.id = 'o1' and %context.id = 'd1'").Value.Predicate(device));
    }

    [Fact]
    public void AsksTheContextForWhatItCannotKnow()
    {
        var other = Parse("""{ "resourceType": "Practitioner", "id": "far" }""");
        var context = new FhirPathContext
        {
            Resolve = (reference, _) => reference == "Practitioner/elsewhere" ? other : null,
            MemberOf = (valueSet, item) => valueSet == "http://example.org/ValueSet/v" ? item.Node.Type.Name == "Coding" : null,
            ConformsTo = (profile, node) => profile == "http://example.org/StructureDefinition/p" ? node.Type.Name == "Patient" : null,
            Subsumes = (above, below) => (above.Code, below.Code) == ("a", "b"),
        };
        Assert.True(Predicate("entry[0].resource.performer[1].resolve().id = 'far'"));
        Assert.True(Predicate("entry[0].resource.code.coding.memberOf('http://example.org/ValueSet/v')"));
        Assert.Null(Predicate("entry[0].resource.code.coding.memberOf('http://example.org/ValueSet/other')"));
        Assert.True(Predicate("entry[1].resource.conformsTo('http://example.org/StructureDefinition/p')"));
        Assert.False(Predicate("entry[0].resource.conformsTo('http://example.org/StructureDefinition/p')"));

        bool? Predicate(string expression) => FhirPathExpression.Compile(expression).Value.Predicate(Bundle, context);
    }

    [Theory]
    [InlineData("entry[1].resource.conformsTo('http://example.org/StructureDefinition/unknown')", IssueCode.NotSupported)]
    [InlineData("entry[0].resource.code.memberOf('http://example.org/ValueSet/v')", IssueCode.NotSupported)]
    [InlineData("entry[0].resource.checkModifiers('http://example.org/other')", IssueCode.Processing)]
    public void IsAFaultWhereNobodyKnows(string expression, string code)
        => Assert.Equal(code, FhirPathExpression.Compile(expression).Value.TryEvaluate(Bundle).Failure!.Issues[0].Code);

    private static Node Parse(string json) => ResourceDocument.Parse(Encoding.UTF8.GetBytes(json)).Value.Root;
}
