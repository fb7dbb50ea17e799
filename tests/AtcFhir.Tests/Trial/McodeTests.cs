using System.Text.Json.Nodes;
using AtcFhir.R4.Documents;
using AtcFhir.Tests.Trial.Concepts;
using AtcFhir.Trial.Concepts;

namespace AtcFhir.Tests.Trial;

/// <summary>The two ECOG examples of HL7's mCODE, as a hospital that follows it would send them.</summary>
public class McodeTests
{
    public static TheoryData<string, string> Examples => new()
    {
        { "Observation-ecog-performance-status-fully-active.json", "2019-04-01" },
        { "Observation-ecog-performance-status-jenny-m.json", "2018-04-12" },
    };

    [Theory]
    [MemberData(nameof(Examples))]
    public void AnExampleBecomesATrialRecord(string file, string day)
    {
        var taken = Hospital.Takes(Read(file));

        Assert.Null(taken.Source);
        var record = EcogPerformanceStatus.FromFhir(ResourceDocument.Parse(taken.Trial).Value).Value;
        Assert.Equal(("final", 0, day, "survey", "patient-surrogate"), (record.Status, record.Score, record.Effective.Start?.ToString(), record.Category, record.Head.PatientId));
        Assert.Empty(TrialValidation.Errors(taken.Trial, EcogPerformanceStatus.Concept.Profile));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void NeitherPerformerNorMethodNorPatientPasses(string file, string day)
    {
        var trial = JsonNode.Parse(Hospital.Takes(Read(file)).Trial)!.ToJsonString();

        Assert.DoesNotContain("us-core-practitioner", trial, StringComparison.Ordinal);
        Assert.DoesNotContain("cancer-patient", trial, StringComparison.Ordinal);
        Assert.DoesNotContain("5880005", trial, StringComparison.Ordinal);
        Assert.Contains(day, trial, StringComparison.Ordinal);
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(Repository.Root, "tests", "AtcFhir.Tests", "Trial", "mcode", file));
}
