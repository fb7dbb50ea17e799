using AtcFhir.R4.Documents;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Tests.Validation;

/// <summary>The official examples of R4: exactly those that break the standard are flagged, and each is named here with the reason.</summary>
public class OfficialExamplesTests
{
    private const string NoFullUrl = "searchset entry without fullUrl (bundle.html: fullUrl is mandatory except in transactions and batches)";
    private const string OtherFullUrl = "RESTful fullUrl that does not end with the id of its resource (bundle.html: fullUrl must be consistent with the id)";
    private const string EmptyNarrative = "txt-2: a narrative without any text";
    private const string NoFhirPath = "dynamicValue.path is / (plandefinition-definitions.html: the specified path SHALL be a FHIRPath)";
    private const string TargetType = "a reference to a type that the element does not allow";

    private static readonly Dictionary<string, (string Rule, string Reason)> Invalid = new(StringComparer.Ordinal)
    {
        ["ActivityDefinition-blood-tubes-supply"] = ("ATC-V101", EmptyNarrative),
        ["ActivityDefinition-heart-valve-replacement"] = ("ATC-V101", EmptyNarrative),
        ["EventDefinition-example"] = ("ATC-V101 ATC-V138", EmptyNarrative + "; a condition in text/fhirpath with a list in braces, which FHIRPath does not have"),
        ["Questionnaire-zika-virus-exposure-assessment"] = ("ATC-V101", EmptyNarrative),
        ["Bundle-10bb101f-a121-4264-a920-67be9cb82c74"] = ("ATC-V092", OtherFullUrl),
        ["Bundle-3a0707d3-549e-4467-b8b8-5a2ab3800efe"] = ("ATC-V092", OtherFullUrl),
        ["Bundle-lri-example"] = ("ATC-V092", OtherFullUrl),
        ["Bundle-bundle-response"] = ("ATC-V150", "the status of a response is DELETE (Bundle.entry.response.status: three digits first)"),
        ["Bundle-bundle-search-warning"] = ("ATC-V090", NoFullUrl),
        ["DeviceMetric-example"] = ("ATC-V071", TargetType + ": parent is a DeviceDefinition, Device is allowed"),
        ["DeviceUseStatement-example"] = ("ATC-V071", TargetType + ": reasonReference is a Procedure"),
        ["MedicationRequest-medrx0301"] = ("ATC-V071", TargetType + ": dispenseRequest.performer is a Practitioner, Organization is allowed"),
        ["Observation-clinical-gender"] = ("ATC-V071", TargetType + ": performer is an Encounter"),
        ["Library-zika-virus-intervention-logic"] = ("ATC-V136", "valueSet is urn:oid:X.Y.Z, which is no OID"),
        ["Observation-f202"] = ("ATC-V010", "a body temperature (LOINC 8310-5) without a time; the vital signs profile, which R4 demands for that code, needs one"),
        ["Organization-2.16.840.1.113883.19.5"] = ("ATC-V135", "an identifier of the system urn:ietf:rfc:3986 whose value is a bare OID, not urn:oid:…"),
        ["PlanDefinition-example-cardiology-os"] = ("ATC-V072", "canonicals with the ids of a value set and of an activity that are not contained"),
        ["PlanDefinition-exclusive-breastfeeding-intervention-01"] = ("ATC-V138", NoFhirPath),
        ["PlanDefinition-exclusive-breastfeeding-intervention-02"] = ("ATC-V138", NoFhirPath),
        ["PlanDefinition-exclusive-breastfeeding-intervention-03"] = ("ATC-V138", NoFhirPath),
        ["PlanDefinition-exclusive-breastfeeding-intervention-04"] = ("ATC-V138", NoFhirPath),
        ["Questionnaire-qs1"] = ("ATC-S013", "32 items without linkId"),
        ["TerminologyCapabilities-example"] = ("ATC-V136", "urn:uuid with capital letters (datatypes.html#uri: UUIDs in lower case)"),
    };

    /// <summary>What is remembered from the first time changes nothing the second time, nor does the order.</summary>
    [Fact]
    public void WhatIsFoundIsTheSameTheSecondTime()
    {
        var validator = new Validator(ConformanceSource.Official);
        var first = R4Examples.All.Select(example => validator.Validate(ResourceDocument.Parse(example.Utf8).Value).Issues).ToList();
        for (var i = R4Examples.All.Count - 1; i >= 0; i--)
        {
            Assert.Equal(first[i].Select(issue => issue.ToString()), validator.Validate(ResourceDocument.Parse(R4Examples.All[i].Utf8).Value).Issues.Select(issue => issue.ToString()));
        }
    }

    [Fact]
    public void OnlyTheTrulyInvalidAreFlagged()
    {
        var validator = new Validator(ConformanceSource.Official);
        var flagged = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var example in R4Examples.All)
        {
            var result = validator.Validate(ResourceDocument.Parse(example.Utf8).Value);
            if (!result.IsValid)
            {
                flagged[example.Name] = string.Join(' ', result.Issues.Where(issue => issue.IsError).Select(issue => issue.Rule).Distinct());
            }
        }

        Assert.Equal(Invalid.ToDictionary(row => row.Key, row => row.Value.Rule), flagged);
    }
}
