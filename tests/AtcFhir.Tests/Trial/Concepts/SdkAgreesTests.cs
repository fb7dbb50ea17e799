using System.Text;
using System.Text.Json.Nodes;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;

namespace AtcFhir.Tests.Trial.Concepts;

/// <summary>What the concepts write, read strictly by the SDK into its types: a judge that shares no code with us.</summary>
public class SdkAgreesTests
{
    private static readonly FhirJsonDeserializer Strict = new();

    public static TheoryData<string> Names => [.. Sample.All.Select(sample => sample.Concept)];

    [Theory]
    [MemberData(nameof(Names))]
    public void TheSdkReadsItAndWritesTheSame(string name)
    {
        var json = Encoding.UTF8.GetString(Sample.All.Single(sample => sample.Concept == name).Json);

        var written = new FhirJsonSerializer().SerializeToString(Strict.DeserializeResource(json));

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), JsonNode.Parse(written)), written);
    }

    [Fact]
    public void AGradeIsAnIntegerToTheSdk()
        => Assert.Equal(2, Assert.IsType<Integer>(Read<Observation>("ecog-performance-status").Value).Value);

    [Fact]
    public void AResultIsAQuantityWithItsComparator()
    {
        var quantity = Assert.IsType<Quantity>(Read<Observation>("c-reactive-protein").Value);

        Assert.Equal((1.0m, Quantity.QuantityComparator.LessThan, "mg/L"), (quantity.Value, quantity.Comparator, quantity.Code));
    }

    [Fact]
    public void ADoseIsInMilligrams()
        => Assert.Equal((600m, "mg"), (Read<MedicationAdministration>("anakinra-administration").Dosage?.Dose?.Value, Read<MedicationAdministration>("anakinra-administration").Dosage?.Dose?.Code));

    private static T Read<T>(string name)
        where T : Resource
        => Assert.IsType<T>(Strict.DeserializeResource(Encoding.UTF8.GetString(Sample.All.Single(sample => sample.Concept == name).Json)));
}
