using System.Text.RegularExpressions;
using AtcFhir.R4.Documents;

namespace AtcFhir.Trial.Concepts;

/// <summary>
/// A coding of a code system that everyone knows, reduced to system and code, and only when the code has the shape of that system. Codes of
/// hospital-local systems, displays and texts may hold anything, a name or a number of a person too, so they do not pass the border.
/// </summary>
internal static partial class PublicCode
{
    public static ConceptCode? From(Node coding)
        => coding.Child("system").Text is { } system && coding.Child("code").Text is { } code && HasShape(system, code) ? new ConceptCode(system, code) : null;

    private static bool HasShape(string system, string code) => system switch
    {
        Systems.Snomed => Snomed().IsMatch(code) && SnomedCheck.Holds(code),
        Systems.Loinc => Loinc().IsMatch(code),
        Systems.Atc => Atc().IsMatch(code),
        Systems.Icd10 => Icd10().IsMatch(code),
        Systems.IcdO3 => IcdO3().IsMatch(code),
        Systems.Ncit => Ncit().IsMatch(code),
        Systems.MedDra => MedDra().IsMatch(code),
        _ => false,
    };

    // Concepts only: the two digits before the check digit are 00, or 10 with a namespace.
    [GeneratedRegex(@"^[1-9]\d{2,14}[01]0\d\z")]
    private static partial Regex Snomed();

    [GeneratedRegex(@"^(LA|LP)?\d{1,6}-\d\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Loinc();

    [GeneratedRegex(@"^[A-Z](\d\d([A-Z]([A-Z](\d\d)?)?)?)?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Atc();

    [GeneratedRegex(@"^[A-Z]\d\d(\.\d{1,2})?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Icd10();

    [GeneratedRegex(@"^(\d{4}/\d|C\d\d(\.\d)?)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex IcdO3();

    [GeneratedRegex(@"^C\d{3,6}\z")]
    private static partial Regex Ncit();

    [GeneratedRegex(@"^10\d{6}\z")]
    private static partial Regex MedDra();
}
