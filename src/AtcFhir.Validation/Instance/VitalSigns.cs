using System.Collections.Frozen;
using AtcFhir.R4.Documents;

namespace AtcFhir.Validation.Instance;

/// <summary>
/// An Observation of a vital sign conforms to the vital signs profile of its code, whether or not it says so: R4 demands it of everyone who
/// expresses these concepts as an Observation. <see href="https://hl7.org/fhir/R4/observation-vitalsigns.html"/>
/// </summary>
internal static class VitalSigns
{
    private const string Profiles = "http://hl7.org/fhir/StructureDefinition/";

    /// <summary>LOINC codes of the R4 page, and the SNOMED CT concepts for the same measurements.</summary>
    private static readonly FrozenDictionary<string, string> ProfileByCode = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["http://loinc.org|85353-1"] = "vitalspanel",
        ["http://loinc.org|9279-1"] = "resprate",
        ["http://snomed.info/sct|86290005"] = "resprate",
        ["http://loinc.org|8867-4"] = "heartrate",
        ["http://snomed.info/sct|364075005"] = "heartrate",
        ["http://loinc.org|2708-6"] = "oxygensat",
        ["http://snomed.info/sct|431314004"] = "oxygensat",
        ["http://loinc.org|8310-5"] = "bodytemp",
        ["http://snomed.info/sct|276885007"] = "bodytemp",
        ["http://snomed.info/sct|386725007"] = "bodytemp",
        ["http://loinc.org|8302-2"] = "bodyheight",
        ["http://snomed.info/sct|1153637007"] = "bodyheight",
        ["http://loinc.org|9843-4"] = "headcircum",
        ["http://snomed.info/sct|363812007"] = "headcircum",
        ["http://loinc.org|29463-7"] = "bodyweight",
        ["http://snomed.info/sct|27113001"] = "bodyweight",
        ["http://loinc.org|39156-5"] = "bmi",
        ["http://snomed.info/sct|60621009"] = "bmi",
        ["http://loinc.org|85354-9"] = "bp",
        ["http://snomed.info/sct|75367002"] = "bp",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> ByLoinc = Of("http://loinc.org|");
    private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> BySnomed = Of("http://snomed.info/sct|");

    public static void Check(Run run, Node observation)
    {
        foreach (var coding in observation.Child("code").ChildrenOf("coding"))
        {
            if (ProfileOf(coding) is { } canonical && run.Profiles.Find(canonical) is { } profile)
            {
                run.Check(observation, profile);
            }
        }
    }

    private static FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> Of(string system)
        => ProfileByCode.Where(pair => pair.Key.StartsWith(system, StringComparison.Ordinal))
            .ToFrozenDictionary(pair => pair.Key[system.Length..], pair => Profiles + pair.Value, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private static string? ProfileOf(Node coding)
    {
        var system = coding.Child("system");
        var isLoinc = system.TextEquals("http://loinc.org"u8);
        if (!isLoinc && !system.TextEquals("http://snomed.info/sct"u8))
        {
            return null;
        }

        Span<char> buffer = stackalloc char[NodeText.Usual];
        return (isLoinc ? ByLoinc : BySnomed).TryGetValue(coding.Child("code").Chars(buffer), out var canonical) ? canonical : null;
    }
}
