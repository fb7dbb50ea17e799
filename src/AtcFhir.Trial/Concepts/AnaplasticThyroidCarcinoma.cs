using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.R4.Values;

namespace AtcFhir.Trial.Concepts;

/// <summary>
/// The diagnosis for which a subject is in the trial. C73 and 94098005 are any cancer of the thyroid: that it is the anaplastic one is said
/// only where the hospital says it, by code or by the word; it is never inferred from being in the trial.
/// Elements taken: clinicalStatus, verificationStatus, code, bodySite (public codings), onset, abatement, recordedDate.
/// </summary>
/// <param name="Codings">The diagnosis codes that were given, of those that the trial knows.</param>
/// <param name="IsAnaplastic">The histology is stated.</param>
public sealed record AnaplasticThyroidCarcinoma(
    RecordHead Head,
    string? ClinicalStatus,
    string VerificationStatus,
    ValueList<ConceptCode> Codings,
    bool IsAnaplastic,
    ValueList<ConceptCode> BodySites,
    EventTime? Onset = null,
    FhirDateTime? Abated = null,
    FhirDateTime? Recorded = null)
{
    private const string ClinicalSystem = "http://terminology.hl7.org/CodeSystem/condition-clinical";
    private const string VerificationSystem = "http://terminology.hl7.org/CodeSystem/condition-ver-status";
    private const string AnaplasticText = "Anaplastic thyroid carcinoma";

    private static readonly IReadOnlyList<string> ClinicalStates = ["active", "recurrence", "relapse", "inactive", "remission", "resolved"];

    private static readonly IReadOnlyList<string> VerificationStates = ["unconfirmed", "provisional", "differential", "confirmed", "refuted", "entered-in-error"];

    private static readonly IReadOnlyList<ConceptCode> Histologies =
    [
        new(Systems.Ncit, "C3878"),
        new(Systems.IcdO3, "8021/3"),
    ];

    private static readonly IReadOnlyList<ConceptCode> Diagnoses =
    [
        new(Systems.Icd10, "C73"),
        new(Systems.Snomed, "94098005"),
        .. Histologies,
    ];

    public static TrialConcept Concept { get; } = new()
    {
        Name = nameof(AnaplasticThyroidCarcinoma),
        Id = "anaplastic-thyroid-carcinoma",
        Title = "Anaplastic thyroid carcinoma",
        ResourceType = "Condition",
        Owner = ConceptOwner.Hospital,
        Codes = Diagnoses,
        IsValue = static document => Concepts.Codes.Find(document.Root.Child("code"), Diagnoses) is not null,
        Extraction = static document => FromFhir(document).Then(condition => condition.ToRecord()),
        RoundTrip = static document => FromFhir(document).Then(condition => condition.ToFhir()),
        Mapping = FromHospital,
    };

    public byte[] ToFhir() => ResourceWriter.Write("Condition", Head.Id, writer =>
    {
        writer.Meta(Concept);
        writer.Identifiers(Head.Identifier);
        writer.Codeable("clinicalStatus", ClinicalStatus is null ? [] : [new ConceptCode(ClinicalSystem, ClinicalStatus)]);
        writer.Codeable("verificationStatus", [new ConceptCode(VerificationSystem, VerificationStatus)]);
        writer.Codeable("code", Codings, IsAnaplastic ? AnaplasticText : null);
        writer.Codeables("bodySite", BodySites);
        writer.Patient("subject", Head.PatientId);
        writer.Time("onset", Onset);
        writer.Text("abatementDateTime", Abated);
        writer.Text("recordedDate", Recorded);
    });

    public static Result<AnaplasticThyroidCarcinoma> FromFhir(ResourceDocument document)
    {
        var read = new Reading(document, Concept);
        var condition = Read(read, read.Head("subject"));
        return read.Failed ? read.Failure : condition;
    }

    internal static Mapped FromHospital(ResourceDocument hospital, MappingContext context)
    {
        var read = new Reading(hospital, Concept);
        var condition = Read(read, RecordHead.Of(context) with { StudyId = null });
        return read.Failed ? read.Quarantine : new Mapped.Taken(Concept, condition.ToFhir());
    }

    private TrialRecord ToRecord() => new(Concept.Id, Head.PatientId, VerificationStatus, Onset?.Start ?? Recorded, Abated,
    [
        .. Codings.Select(code => new RecordValue("diagnosis", System: code.System, Code: code.Code)),
        new("anaplastic", Code: IsAnaplastic ? "true" : "false"),
        .. ClinicalStatus is null ? ValueList<RecordValue>.Empty : [new("clinical-status", Code: ClinicalStatus)],
    ]);

    private static AnaplasticThyroidCarcinoma Read(Reading read, RecordHead head)
    {
        var verification = StatusCode(read.Root.Child("verificationStatus"), VerificationSystem, VerificationStates);
        if (verification is null)
            read.Refuse(read.Root.Child("verificationStatus"), MappingRule.Missing, IssueCode.Required, "whether the diagnosis is confirmed (verificationStatus) is missing.");

        var code = read.Root.Child("code");
        ValueList<ConceptCode> codings = [.. Codes.Public(code).Where(Diagnoses.Contains)];
        return new AnaplasticThyroidCarcinoma(
            head,
            StatusCode(read.Root.Child("clinicalStatus"), ClinicalSystem, ClinicalStates),
            verification ?? string.Empty,
            codings,
            codings.Any(Histologies.Contains) || SaysAnaplastic(code),
            Codes.FirstOfEach(read.Root.ChildrenOf("bodySite")),
            OptionalDate(read, "onset"),
            OptionalDate(read, "abatement")?.Start,
            read.Date(read.Root.Child("recordedDate")));
    }

    // Age, range and text onsets are not taken: they need the date of birth, or are free text.
    private static EventTime? OptionalDate(Reading read, string name)
        => read.Root.Child(name) is { Exists: true, Type.Name: "dateTime" or "Period" } node ? read.OptionalTime(node) : null;

    private static string? StatusCode(Node codeable, string system, IReadOnlyList<string> states)
    {
        foreach (var coding in codeable.ChildrenOf("coding"))
        {
            if (coding.Child("system").Text == system && coding.Child("code").Text is { } code && states.Contains(code))
                return code;
        }

        return null;
    }

    private static bool SaysAnaplastic(Node code)
    {
        if (NamesAnaplasia(code.Child("text").Text))
            return true;

        foreach (var coding in code.ChildrenOf("coding"))
        {
            if (NamesAnaplasia(coding.Child("display").Text))
                return true;
        }

        return false;
    }

    // "anaplastic", Dutch "anaplastisch"; a text that also denies or doubts it ("geen", "niet", "no", "not", "?") does not count.
    private static bool NamesAnaplasia(string? text)
        => text is not null
            && text.Contains("anaplast", StringComparison.OrdinalIgnoreCase)
            && !text.Contains('?', StringComparison.Ordinal)
            && !text.Split([' ', ',', ';', '.', '(', ')'], StringSplitOptions.RemoveEmptyEntries)
                .Any(word => word.ToUpperInvariant() is "GEEN" or "NIET" or "NO" or "NOT" or "DD" or "EXCLUDED" or "UITGESLOTEN");
}
