using AtcFhir.Trial.Concepts;

namespace AtcFhir.Trial.Register;

/// <summary>Words of the register for which there is a code that means the same; for any other there is none, and the words are kept.</summary>
internal static class RegisterVocabulary
{
    private const string StudyDesign = "http://hl7.org/fhir/study-design";
    private const string Purpose = "http://terminology.hl7.org/CodeSystem/research-study-prim-purp-type";

    /// <summary>Code of R4's research-study-status.</summary>
    public static string? Status(string words) => words.ToUpperInvariant() switch
    {
        "RECRUITING" or "OPEN FOR PATIENT INCLUSION" => "active",
        "RECRUITMENT STOPPED" or "RECRUITMENT COMPLETED" => "closed-to-accrual",
        "SUSPENDED" or "RECRUITMENT SUSPENDED" => "temporarily-closed-to-accrual",
        "COMPLETED" => "completed",
        "WITHDRAWN" => "withdrawn",
        _ => null,
    };

    /// <summary>Code of HL7's research-study-status for the opinion of a committee.</summary>
    public static string? Opinion(string words) => words.ToUpperInvariant() switch
    {
        "APPROVED" or "APPROVED WMO" or "POSITIVE OPINION" => "approved",
        "NOT APPROVED" or "NEGATIVE OPINION" => "disapproved",
        _ => null,
    };

    public static StudyTerm PrimaryPurpose(string words) => new(
        words.ToUpperInvariant() switch
        {
            "TREATMENT" => [new(Purpose, "treatment", "Treatment")],
            "PREVENTION" => [new(Purpose, "prevention", "Prevention")],
            "DIAGNOSTIC" => [new(Purpose, "diagnostic", "Diagnostic")],
            "SCREENING" => [new(Purpose, "screening", "Screening")],
            _ => [],
        },
        words);

    public static ValueList<ConceptCode> StudyType(string words)
        => words.StartsWith("Interventional", StringComparison.OrdinalIgnoreCase) ? [new(StudyDesign, "SEVCO:01001", "Interventional research")] : [];

    public static ValueList<ConceptCode> Control(string words)
        => words.Equals("Uncontrolled", StringComparison.OrdinalIgnoreCase) ? [new(StudyDesign, "SEVCO:01016", "Uncontrolled cohort design")] : [];

    public static StudyTerm Country(string words)
    {
        var code = words.ToUpperInvariant() switch
        {
            "NL" or "NETHERLANDS" or "THE NETHERLANDS" => ("NL", "Netherlands"),
            "BE" or "BELGIUM" => ("BE", "Belgium"),
            "DE" or "GERMANY" => ("DE", "Germany"),
            "FR" or "FRANCE" => ("FR", "France"),
            "GB" or "UNITED KINGDOM" => ("GB", "United Kingdom"),
            "US" or "UNITED STATES" or "UNITED STATES OF AMERICA" => ("US", "United States of America"),
            _ => default,
        };
        return new(code == default ? [] : [new("urn:iso:std:iso:3166", code.Item1, code.Item2)], code == default ? words : code.Item2);
    }

    /// <summary>Codes of a product by its generic name.</summary>
    public static ValueList<ConceptCode> Product(string generic)
        => generic.Equals("anakinra", StringComparison.OrdinalIgnoreCase) ? [new("http://www.whocc.no/atc", "L04AC03", "anakinra"), new("http://snomed.info/sct", "385549000")] : [];
}
