using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.R4.Values;

namespace AtcFhir.Trial.Concepts;

/// <summary>
/// A patient's part in the study: state, official inclusion (the start of the period, from which survival is counted), arm, consent.
/// Elements taken from a hospital that owns it: status, period, study (must be ours), assignedArm and actualArm (an arm of the study).
/// </summary>
/// <param name="SubjectNumber">Number in the study, such as <c>001</c>.</param>
/// <param name="Included">Date of official inclusion.</param>
/// <param name="Ended">When the subject left the study.</param>
/// <param name="AssignedArm">Equals the name of an arm of the study.</param>
/// <param name="ConsentId">Logical id of the Consent.</param>
public sealed record TrialSubject(
    RecordHead Head,
    string SubjectNumber,
    string Status,
    FhirDateTime? Included = null,
    FhirDateTime? Ended = null,
    string? AssignedArm = null,
    string? ActualArm = null,
    string? ConsentId = null)
{
    private static readonly IReadOnlyList<string> States =
    [
        "candidate", "eligible", "follow-up", "ineligible", "not-registered", "off-study", "on-study", "on-study-intervention",
        "on-study-observation", "pending-on-study", "potential-candidate", "screening", "withdrawn",
    ];

    public static TrialConcept Concept { get; } = new()
    {
        Name = nameof(TrialSubject),
        Id = "trial-subject",
        Title = "Trial subject",
        ResourceType = "ResearchSubject",
        Owner = ConceptOwner.Trial,
        IsValue = static _ => true,
        Extraction = static document => FromFhir(document).Then(subject => subject.ToRecord()),
        RoundTrip = static document => FromFhir(document).Then(subject => subject.ToFhir()),
        Mapping = FromHospital,
    };

    public byte[] ToFhir() => ResourceWriter.Write("ResearchSubject", Head.Id, writer =>
    {
        writer.Meta(Concept);
        writer.Objects<Action>("identifier", Identifiers(writer), body => body());
        writer.Text("status", Status);
        writer.Period("period", Included, Ended);
        writer.Reference("study", "ResearchStudy/" + Head.StudyId);
        writer.Patient("individual", Head.PatientId);
        writer.Text("assignedArm", AssignedArm);
        writer.Text("actualArm", ActualArm);
        writer.Reference("consent", ConsentId is null ? null : "Consent/" + ConsentId);
    });

    public static Result<TrialSubject> FromFhir(ResourceDocument document)
    {
        var read = new Reading(document, Concept);
        var study = Reading.LocalId(read.Root.Child("study"), "ResearchStudy");
        if (study is null)
            read.Refuse(read.Root.Child("study"), MappingRule.Missing, IssueCode.Required, "the study must be a reference to a ResearchStudy.");

        var head = new RecordHead(document.Id, read.PatientId("individual"), study, read.OtherIdentifier());
        var subject = Read(read, head, read.SubjectNumber(), null);
        return read.Failed ? read.Failure : subject with { ConsentId = Reading.LocalId(read.Root.Child("consent"), "Consent") };
    }

    internal static Mapped FromHospital(ResourceDocument hospital, MappingContext context)
    {
        if (!IsOurStudy(hospital.Root.Child("study"), context))
            return new Mapped.NotInScope("ResearchSubject");

        var read = new Reading(hospital, Concept);
        var subject = Read(read, RecordHead.Of(context), context.SubjectNumber, context.Study.Arms);
        return read.Failed ? read.Quarantine : new Mapped.Taken(Concept, subject.ToFhir());
    }

    private static bool IsOurStudy(Node study, MappingContext context)
        => (study.Child("reference").Text is { } reference && context.Rewrite(reference) == "ResearchStudy/" + context.StudyId)
            || (study.Child("identifier").Child("value").Text is { } number && context.Study.Numbers.Contains(number));

    private TrialRecord ToRecord() => new(Concept.Id, Head.PatientId, Status, Included, Ended,
    [
        new("subject-number", Text: SubjectNumber),
        .. AssignedArm is null ? ValueList<RecordValue>.Empty : [new("assigned-arm", Text: AssignedArm)],
        .. ActualArm is null ? ValueList<RecordValue>.Empty : [new("actual-arm", Text: ActualArm)],
    ]);

    private static TrialSubject Read(Reading read, RecordHead head, string number, IReadOnlyList<string>? arms)
    {
        var status = read.Status("status", States);
        var period = read.Root.Child("period");
        return new TrialSubject(
            head, number, status, read.Date(period.Child("start")), read.Date(period.Child("end")), Arm(read.Root.Child("assignedArm")), Arm(read.Root.Child("actualArm")));

        string? Arm(Node node) => node.Text is { } arm && (arms is null || arms.Contains(arm)) ? arm : null;
    }

    private List<Action> Identifiers(ResourceWriter writer)
    {
        List<Action> bodies = [() => writer.SubjectNumberBody(SubjectNumber)];
        if (Head.Identifier is { } identifier)
            bodies.Add(() => writer.IdentifierBody(identifier));

        return bodies;
    }
}
