using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.R4.Values;

namespace AtcFhir.Trial.Concepts;

/// <summary>
/// The person behind a subject number, as far as the trial may know: sex, year of birth, and vital status.
/// Elements taken: gender, the year of birthDate, deceased[x]. Name, address, telecom, photo, contacts and identifiers never are.
/// </summary>
/// <param name="Id">Logical id; null before it has one.</param>
/// <param name="SubjectNumber">The only identifier, such as <c>001</c>.</param>
/// <param name="Gender">Administrative gender.</param>
/// <param name="BirthYear">Four digits.</param>
/// <param name="Deceased">Whether the person died, where that is stated.</param>
/// <param name="DeceasedAt">When, where that is known.</param>
public sealed record PseudonymousPatient(
    string? Id,
    string SubjectNumber,
    string? Gender = null,
    FhirDateTime? BirthYear = null,
    bool? Deceased = null,
    FhirDateTime? DeceasedAt = null)
{
    private static readonly IReadOnlyList<string> Genders = ["male", "female", "other", "unknown"];

    public static TrialConcept Concept { get; } = new()
    {
        Name = nameof(PseudonymousPatient),
        Id = "pseudonymous-patient",
        Title = "Vital status",
        ResourceType = "Patient",
        Owner = ConceptOwner.Hospital,
        IsValue = static _ => true,
        Extraction = static document => FromFhir(document).Then(patient => patient.ToRecord()),
        RoundTrip = static document => FromFhir(document).Then(patient => patient.ToFhir()),
        Mapping = FromHospital,
    };

    public byte[] ToFhir() => ResourceWriter.Write("Patient", Id, writer =>
    {
        writer.Meta(Concept);
        writer.Objects("identifier", [SubjectNumber], writer.SubjectNumberBody);
        writer.Text("gender", Gender);
        writer.Text("birthDate", BirthYear);
        writer.Text("deceasedDateTime", DeceasedAt);
        writer.Flag("deceasedBoolean", DeceasedAt is null ? Deceased : null);
    });

    public static Result<PseudonymousPatient> FromFhir(ResourceDocument document)
    {
        var read = new Reading(document, Concept);
        var patient = Read(read, document.Id, read.SubjectNumber());
        return read.Failed ? read.Failure : patient;
    }

    internal static Mapped FromHospital(ResourceDocument hospital, MappingContext context)
    {
        var read = new Reading(hospital, Concept);
        var patient = Read(read, context.PatientId, context.SubjectNumber);
        return read.Failed ? read.Quarantine : new Mapped.Taken(Concept, patient.ToFhir());
    }

    private TrialRecord ToRecord() => new(Concept.Id, Id, null, DeceasedAt, null,
    [
        new("subject-number", Text: SubjectNumber),
        .. Gender is null ? ValueList<RecordValue>.Empty : [new("gender", Code: Gender)],
        .. BirthYear is null ? ValueList<RecordValue>.Empty : [new("birth-year", Text: BirthYear?.ToString())],
        .. Deceased is null ? ValueList<RecordValue>.Empty : [new("deceased", Code: Deceased == true ? "true" : "false")],
    ]);

    private static PseudonymousPatient Read(Reading read, string? id, string subjectNumber)
    {
        var gender = read.Root.Child("gender").Text;
        var born = read.Date(read.Root.Child("birthDate"));
        var deceased = read.Root.Child("deceased");
        var at = deceased is { Exists: true, Type.Name: "dateTime" } ? read.Date(deceased) : null;
        bool? died = deceased is { Exists: true, Type.Name: "boolean" } ? deceased.TextEquals("true"u8) : at is null ? null : true;
        return new PseudonymousPatient(id, subjectNumber, Genders.Contains(gender) ? gender : null, born?.ToDate(DateTimePrecision.Year), died, at);
    }
}
