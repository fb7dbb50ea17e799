using System.Text;
using AtcFhir.R4.Documents;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;
using Hl7.Fhir.Serialization;

namespace AtcFhir.Tests.R4.Documents;

/// <summary>
/// The strict deserializer of the Firely SDK (structure, formats, codes, narrative) over the official examples: what it refuses we refuse, and what our structure check
/// refuses it refuses.
/// </summary>
public sealed class SdkStrictTests
{
    /// <summary>Examples that the SDK refuses and we do not, and what decides.</summary>
    private static readonly Dictionary<string, string> Explained = new(StringComparer.Ordinal)
    {
        ["MessageHeader-1cbdfb97-5859-48a4-8301-d54eab818d68"] = "http:////acme.com/…: by datatypes.html a canonical is a uri, which is any text without white space; that this one has no host is nothing that R4 forbids",
        ["Observation-decimal"] = "-1.000000000000000000E+245: R4 sets no bound to the exponent, a System.Decimal does",
    };

    private static readonly Validator Official = new(ConformanceSource.Official);

    [Fact]
    public void GivesTheSameVerdictOnTheOfficialExamples()
    {
        var strict = new FhirJsonDeserializer(new DeserializerSettings().UsingMode(DeserializationMode.Strict));
        var different = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var example in R4Examples.All)
        {
            strict.TryDeserializeResource(Encoding.UTF8.GetString(example.Utf8), out _, out var issues);
            var theirs = issues.ToList();
            var ours = ResourceDocument.Parse(example.Utf8).Value;
            if ((theirs.Count > 0 && Official.Validate(ours).IsValid) || (theirs.Count == 0 && ours.Issues.Count > 0))
            {
                different[example.Name] = theirs.Count > 0 ? theirs[0].Message : ours.Issues[0].Text;
            }
        }

        Assert.Equal(Explained.Keys.Order(StringComparer.Ordinal), different.Keys);
    }
}
