using System.Text.RegularExpressions;
using AtcFhir.R4.Documents;

namespace AtcFhir.Trial.Concepts;

/// <summary>
/// A coding of a code system that everyone knows, reduced to system and code. Hospital-local systems, displays and texts may hold anything,
/// a name too, so they do not pass the border.
/// </summary>
internal static partial class PublicCode
{
    public static readonly IReadOnlyList<string> Systems =
    [
        "http://loinc.org",
        "http://snomed.info/sct",
        "http://unitsofmeasure.org",
        "http://www.whocc.no/atc",
        "http://hl7.org/fhir/sid/icd-10",
        "http://terminology.hl7.org/CodeSystem/icd-o-3",
        "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl",
        "https://www.meddra.org",
    ];

    public static ConceptCode? From(Node coding)
        => coding.Child("system").Text is { } system && coding.Child("code").Text is { } code && IsPublic(system) && Shape().IsMatch(code)
            ? new ConceptCode(system, code)
            : null;

    private static bool IsPublic(string system)
        => Systems.Contains(system) || system.StartsWith("http://terminology.hl7.org/CodeSystem/", StringComparison.Ordinal) || system.StartsWith("http://hl7.org/fhir/", StringComparison.Ordinal);

    // Every code of the systems above that carries meaning here has a digit or is a short word of HL7's.
    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9./:-]{0,31}\z")]
    private static partial Regex Shape();
}
