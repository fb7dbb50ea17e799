using System.Text;
using System.Text.Json.Nodes;
using AtcFhir.R4.Documents;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Tests.Validation;

/// <summary>Thirty faults put into valid official examples, one at a time: each is found, by the right rule and at the right element.</summary>
public class SeededFaultsTests
{
    private static readonly Lazy<Validator> Official = new(() => new Validator(ConformanceSource.Official));

    private static readonly Dictionary<string, Fault> Faults = new(StringComparer.Ordinal)
    {
        ["unknown element"] = new("Patient-example", r => r["nickname"] = "Jim", "ATC-S010", "Patient"),
        ["missing status"] = new("Observation-f001", r => r.Remove("status"), "ATC-S013", "Observation"),
        ["missing code"] = new("Condition-example", r => r.Remove("subject"), "ATC-S013", "Condition"),
        ["object instead of list"] = new("Patient-example", r => r["name"] = new JsonObject { ["family"] = "Chalmers" }, "ATC-S014", "Patient.name"),
        ["list instead of object"] = new("Observation-f001", r => r["subject"] = new JsonArray(new JsonObject { ["reference"] = "Patient/f001" }), "ATC-S015", "Observation.subject"),
        ["two types of a choice"] = new("Observation-f001", r => r["valueString"] = "6.3", "ATC-S012", "Observation"),
        ["number instead of text"] = new("Patient-example", r => r["gender"] = 1, "ATC-S017", "Patient.gender"),
        ["no such code of a required value set"] = new("Patient-example", r => r["gender"] = "mann", "ATC-S021", "Patient.gender"),
        ["impossible date"] = new("Patient-example", r => r["birthDate"] = "1974-02-30", "ATC-S020", "Patient.birthDate"),
        ["bad id"] = new("Patient-example", r => r["id"] = "pat_1", "ATC-S020", "Patient.id"),
        ["empty list"] = new("Patient-example", r => r["address"] = new JsonArray(), "ATC-S016", "Patient.address"),
        ["element with an id only"] = new("Patient-example", r => r["maritalStatus"] = new JsonObject { ["id"] = "m" }, "ATC-V050", "Patient.maritalStatus"),
        ["invariant pat-1"] = new("Patient-example", r => r["contact"] = new JsonArray(new JsonObject { ["gender"] = "male" }), "ATC-V050", "Patient.contact[0]"),
        ["invariant obs-6"] = new("Observation-f001", r => r["dataAbsentReason"] = Concept("http://terminology.hl7.org/CodeSystem/data-absent-reason", "unknown"), "ATC-V050", "Observation"),
        ["invariant per-1"] = new("Observation-f001", r => { r.Remove("effectiveDateTime"); r["effectivePeriod"] = new JsonObject { ["start"] = "2014-02-01", ["end"] = "2014-01-01" }; }, "ATC-V050", "Observation.effective"),
        ["invariant qty-3"] = new("Observation-f001", r => ((JsonObject)r["valueQuantity"]!).Remove("system"), "ATC-V050", "Observation.value"),
        ["invariant ext-1"] = new("Patient-example", r => r["extension"] = new JsonArray(new JsonObject { ["url"] = "http://example.org/x" }), "ATC-V050", "Patient.extension[0]"),
        ["contained resource nobody refers to"] = new("Observation-f001", r => r["contained"] = new JsonArray(new JsonObject { ["resourceType"] = "Patient", ["id"] = "p" }), "ATC-V050", "Observation.contained[0]"),
        ["reference to no contained resource"] = new("Observation-f001", r => r["subject"] = new JsonObject { ["reference"] = "#p" }, "ATC-V072", "Observation.subject"),
        ["reference to a wrong type"] = new("Observation-f001", r => r["subject"] = new JsonObject { ["reference"] = "Medication/1" }, "ATC-V071", "Observation.subject"),
        ["reference of no form"] = new("Observation-f001", r => r["subject"] = new JsonObject { ["reference"] = "the patient" }, "ATC-V070", "Observation.subject"),
        ["extension where it may not stand"] = new("Observation-f001", r => r["extension"] = new JsonArray(new JsonObject { ["url"] = "http://hl7.org/fhir/StructureDefinition/patient-birthPlace", ["valueAddress"] = new JsonObject { ["city"] = "X" } }), "ATC-V062", "Observation"),
        ["extension with a wrong type"] = new("Patient-example", r => r["extension"] = new JsonArray(new JsonObject { ["url"] = "http://hl7.org/fhir/StructureDefinition/patient-birthPlace", ["valueString"] = "X" }), "ATC-V012", "Patient.extension[0].value"),
        ["script in narrative"] = new("Patient-example", r => r["text"]!["div"] = "<div xmlns=\"http://www.w3.org/1999/xhtml\"><script>x</script></div>", "ATC-V100", "Patient.text.div"),
        ["a target in narrative"] = new("Patient-example", r => r["text"]!["div"] = "<div xmlns=\"http://www.w3.org/1999/xhtml\"><a href=\"http://example.org\" target=\"_blank\">x</a></div>", "ATC-V100", "Patient.text.div"),
        ["narrative that is not closed"] = new("Patient-example", r => r["text"]!["div"] = "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>x</div>", "ATC-V100", "Patient.text.div"),
        ["empty narrative"] = new("Patient-example", r => r["text"]!["div"] = "<div xmlns=\"http://www.w3.org/1999/xhtml\"> </div>", "ATC-V101", "Patient.text.div"),
        ["language that is no tag"] = new("Patient-example", r => r["language"] = "dutch!", "ATC-V042", "Patient.language"),
        ["no such code of an R4 system"] = new("Observation-f001", r => r["code"] = Concept("http://hl7.org/fhir/observation-status", "finished"), "ATC-V043", "Observation.code.coding[0].code"),
        ["vital sign without a time"] = new("Observation-heart-rate", r => r.Remove("effectiveDateTime"), "ATC-V010", "Observation"),
        ["profile of another type"] = new("Patient-example", r => r["meta"] = new JsonObject { ["profile"] = new JsonArray("http://hl7.org/fhir/StructureDefinition/vitalsigns") }, "ATC-V005", "Patient.meta.profile[0]"),
        ["bundle entry without fullUrl"] = new("Bundle-bundle-example", r => ((JsonObject)r["entry"]![0]!).Remove("fullUrl"), "ATC-V090", "Bundle.entry[0]"),
    };

    public static TheoryData<string> Names => [.. Faults.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void EachIsFound(string name)
    {
        var fault = Faults[name];
        var resource = JsonNode.Parse(R4Examples.Get(fault.Example))!.AsObject();
        Assert.DoesNotContain(Validate(resource), issue => issue.IsError);
        fault.Break(resource);
        Assert.Contains(Validate(resource), issue => issue.Rule == fault.Rule && issue.Expression == fault.Expression && issue.IsError);
    }

    private static IReadOnlyList<AtcFhir.R4.Outcomes.Issue> Validate(JsonObject resource)
        => Official.Value.Validate(ResourceDocument.Parse(Encoding.UTF8.GetBytes(resource.ToJsonString())).Value).Issues;

    private static JsonObject Concept(string system, string code) => new() { ["coding"] = new JsonArray(new JsonObject { ["system"] = system, ["code"] = code }) };

    private sealed record Fault(string Example, Action<JsonObject> Break, string Rule, string Expression);
}
