using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.R4.Values;

namespace AtcFhir.Trial.Concepts;

/// <summary>
/// A subject's consent to take part and to the use of data for the trial: nothing flows without it. Written at enrolment and at withdrawal;
/// it does not come from a hospital.
/// </summary>
/// <param name="Status"><c>active</c>, or <c>inactive</c> when withdrawn.</param>
/// <param name="Given">Date of consent.</param>
/// <param name="From">Start of the period in which data may be used.</param>
/// <param name="Until">Day of withdrawal.</param>
public sealed record TrialConsent(
    RecordHead Head,
    string Status,
    FhirDateTime Given,
    FhirDateTime? From = null,
    FhirDateTime? Until = null)
{
    private const string StudyContext = "http://hl7.org/fhir/StructureDefinition/consent-ResearchStudyContext";

    private static readonly IReadOnlyList<string> States = ["draft", "proposed", "active", "rejected", "inactive", "entered-in-error"];

    private static readonly ConceptCode Research = new("http://terminology.hl7.org/CodeSystem/consentscope", "research");

    private static readonly ConceptCode Category = new("http://terminology.hl7.org/CodeSystem/consentcategorycodes", "research");

    private static readonly ConceptCode ClinicalTrial = new("http://terminology.hl7.org/CodeSystem/v3-ActReason", "CLINTRCH");

    public static TrialConcept Concept { get; } = new()
    {
        Name = nameof(TrialConsent),
        Id = "trial-consent",
        Title = "Consent to the trial",
        ResourceType = "Consent",
        Owner = ConceptOwner.Trial,
        Codes = [Research],
        IsValue = static document => Concepts.Codes.Find(document.Root.Child("scope"), [Research]) is not null,
        Extraction = static document => FromFhir(document).Then(consent => consent.ToRecord()),
        RoundTrip = static document => FromFhir(document).Then(consent => consent.ToFhir()),
    };

    public byte[] ToFhir() => ResourceWriter.Write("Consent", Head.Id, writer =>
    {
        writer.Meta(Concept);
        writer.Study(Head.StudyId);
        writer.Identifiers(Head.Identifier);
        writer.Text("status", Status);
        writer.Codeable("scope", [Research]);
        writer.Codeables("category", [Category]);
        writer.Patient("patient", Head.PatientId);
        writer.Text("dateTime", Given);
        writer.Codeable("policyRule", [], "Wet medisch-wetenschappelijk onderzoek met mensen (WMO), the Dutch law on research with people");
        writer.Object("provision", () => WriteProvision(writer));
    });

    public static Result<TrialConsent> FromFhir(ResourceDocument document)
    {
        var read = new Reading(document, Concept);
        var head = read.Head("patient");
        var status = read.Status("status", States);
        var given = read.Date(read.Root.Child("dateTime"));
        if (given is null)
            read.Refuse(read.Root.Child("dateTime"), MappingRule.TimeMissing, IssueCode.Required, "the date of consent (dateTime) is missing.");

        var period = read.Root.Child("provision").Child("period");
        var (from, until) = (read.Date(period.Child("start")), read.Date(period.Child("end")));
        return read.Failed ? read.Failure : new TrialConsent(head, status, given!.Value, from, until);
    }

    private void WriteProvision(ResourceWriter writer)
    {
        if (Head.StudyId is { } study)
        {
            writer.Objects("extension", [study], id =>
            {
                writer.Text("url", StudyContext);
                writer.Reference("valueReference", "ResearchStudy/" + id);
            });
        }

        writer.Text("type", "permit");
        writer.Period("period", From, Until);
        writer.Objects("purpose", [ClinicalTrial], writer.CodingBody);
    }

    private TrialRecord ToRecord() => new(Concept.Id, Head.PatientId, Status, From ?? Given, Until, [new("given", Text: Given.ToString())]);
}
