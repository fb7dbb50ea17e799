using AtcFhir.R4.Documents;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Tests.Validation;

public class AllocationTests
{
    /// <summary>With the code of the laboratory result, which R4's definitions do not have; a code that cannot be checked is reported, which costs its text.</summary>
    private static readonly Validator Official = new(ConformanceSource.Official.With(ResourceDocument.Parse("""
        {"resourceType":"CodeSystem","url":"http://loinc.org","status":"active","content":"fragment",
        "concept":[{"code":"6690-2","display":"Leukocytes [#/volume] in Blood by Automated count"}]}
        """u8.ToArray()).Value));

    [Fact]
    public void AValidLaboratoryResultCostsNoAllocation()
    {
        using var document = ResourceDocument.Parse("""
            {"resourceType":"Observation","id":"x","meta":{"versionId":"1","lastUpdated":"2026-01-01T00:00:00.000Z"},"status":"final",
            "text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Leukocytes &amp; more</p></div>"},
            "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory","display":"Laboratory"}]}],
            "code":{"coding":[{"system":"http://loinc.org","code":"6690-2","display":"Leukocytes [#/volume] in Blood by Automated count"}],"text":"Leukocytes"},
            "subject":{"reference":"Patient/p1"},"effectivePeriod":{"start":"2026-01-01T08:30:00+01:00","end":"2026-01-01T08:45:00+01:00"},
            "performer":[{"reference":"Organization/radboudumc","display":"Laboratory"}],
            "valueQuantity":{"value":7.2,"unit":"10*9/L","system":"http://unitsofmeasure.org","code":"10*9/L"},
            "interpretation":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation","code":"N","display":"Normal"}]}],
            "referenceRange":[{"text":"4.0 to 10.0"}]}
            """u8.ToArray()).Value;
        for (var i = 0; i < 3; i++)
        {
            Assert.Empty(Official.Validate(document).Issues);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        Official.Validate(document);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void AValidExampleCostsNoAllocation()
    {
        var free = 0;
        var costly = new List<string>();
        foreach (var example in R4Examples.All)
        {
            if (!ResourceDocument.Parse(example.Utf8).TryGet(out var document, out _) || Official.Validate(document).Issues.Count > 0)
            {
                continue;
            }

            Official.Validate(document);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Official.Validate(document);
            var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            if (bytes == 0)
            {
                free++;
            }
            else
            {
                costly.Add($"{example.Name}: {bytes} bytes");
            }
        }

        Assert.Empty(costly);
        Assert.True(free >= 193, $"{free} examples cost nothing");
    }
}
