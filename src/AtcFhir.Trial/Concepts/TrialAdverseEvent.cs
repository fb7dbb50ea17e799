using System.Text.RegularExpressions;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.R4.Values;

namespace AtcFhir.Trial.Concepts;

/// <summary>
/// Anything untoward that happens to a subject: term, grade, seriousness, outcome, cause. Uses the extensions of HL7 Vulcan's R4 backport
/// and keeps suspectEntity, by which R4 servers can search.
/// Elements taken from a hospital: event (a MedDRA or SNOMED CT coding; free text is not), date, recordedDate, seriousness, outcome,
/// suspectEntity.causality.assessment, and the backport's extensions grade, criteria, expected, resolve date.
/// </summary>
/// <param name="Term">The event as reported.</param>
/// <param name="Code">MedDRA or SNOMED CT code of it.</param>
/// <param name="CodeVersion">Version of MedDRA.</param>
/// <param name="Onset">When it began.</param>
/// <param name="Grade">1 to 5; severity follows from it.</param>
/// <param name="Criteria">NCIt codes of what makes it serious; none when it is not.</param>
/// <param name="Outcome">Code of R4: resolved, recovering, ongoing, resolvedWithSequelae, fatal, unknown.</param>
/// <param name="Causality">NCIt code of how it is related to the suspect.</param>
/// <param name="Suspect">Reference to what is suspected, such as <c>Medication/kineret</c>.</param>
/// <param name="ActionTaken">What was done against it, in words.</param>
public sealed partial record TrialAdverseEvent(
    RecordHead Head,
    string Term,
    FhirDateTime Onset,
    int Grade,
    bool Serious,
    ValueList<string> Criteria,
    string Outcome,
    string? Causality = null,
    string? Suspect = null,
    bool? Expected = null,
    FhirDateTime? Resolved = null,
    FhirDateTime? Recorded = null,
    ConceptCode? Code = null,
    string? CodeVersion = null,
    string? ResearchSubjectId = null,
    string? ActionTaken = null,
    bool? EndedParticipation = null)
{
    private const string Backport = "http://hl7.org/fhir/uv/ae-research-backport-ig/StructureDefinition/";
    private const string GradeExtension = Backport + "ae-grade";
    private const string CriteriaExtension = Backport + "seriousness-criteria";
    private const string ExpectedExtension = Backport + "expected-in-research-study";
    private const string ResolvedExtension = Backport + "resolve-date";
    private const string ActionExtension = Backport + "mitigating-action";
    private const string SubjectExtension = Backport + "research-subject-ref";
    private const string DiscontinuedExtension = Backport + "caused-subject-to-discontinue-study";

    private const string SeriousnessSystem = "http://terminology.hl7.org/CodeSystem/adverse-event-seriousness";
    private const string SeveritySystem = "http://terminology.hl7.org/CodeSystem/adverse-event-severity";
    private const string OutcomeSystem = "http://terminology.hl7.org/CodeSystem/adverse-event-outcome";

    private const string GradesText = "the grade (extension ae-grade) must be 1 to 5 as NCI codes it.";

    // Position is grade - 1.
    private static readonly IReadOnlyList<ConceptCode> Grades =
    [
        new(Systems.Ncit, "C41338"),
        new(Systems.Ncit, "C41339"),
        new(Systems.Ncit, "C41340"),
        new(Systems.Ncit, "C41337"),
        new(Systems.Ncit, "C48275"),
    ];

    private static readonly IReadOnlyList<string> KnownCriteria = ["C48275", "C84266", "C83052", "C11338", "C83117", "C82521", "C201939"];

    private static readonly IReadOnlyList<string> Relatedness = ["C53256", "C53257", "C53258", "C53260"];

    // What R4 requires and what research requires have no code in common; an event carries both.
    private static readonly IReadOnlyList<(string R4, string? Ncit)> Outcomes =
        [("resolved", "C49498"), ("recovering", "C49496"), ("ongoing", "C49494"), ("resolvedWithSequelae", "C49495"), ("fatal", "C48275"), ("unknown", null)];

    public static TrialConcept Concept { get; } = new()
    {
        Name = nameof(TrialAdverseEvent),
        Id = "trial-adverse-event",
        Title = "Adverse event",
        ResourceType = "AdverseEvent",
        Owner = ConceptOwner.Trial,
        IsValue = static _ => true,
        Extraction = static document => FromFhir(document).Then(happened => happened.ToRecord()),
        RoundTrip = static document => FromFhir(document).Then(happened => happened.ToFhir()),
        Mapping = FromHospital,
    };

    private string Severity => Grade switch { 1 => "mild", 2 => "moderate", _ => "severe" };

    public byte[] ToFhir() => ResourceWriter.Write("AdverseEvent", Head.Id, writer =>
    {
        writer.Meta(Concept);
        writer.Objects<Action>("extension", Extensions(writer), body => body());
        if (Head.Identifier is { } identifier)
            writer.Object("identifier", () => writer.IdentifierBody(identifier));
        writer.Text("actuality", "actual");
        writer.Object("event", () => WriteTerm(writer));
        writer.Patient("subject", Head.PatientId);
        writer.Text("date", Onset);
        writer.Text("recordedDate", Recorded);
        writer.Codeable("seriousness", [new ConceptCode(SeriousnessSystem, Serious ? "serious" : "non-serious")]);
        writer.Codeable("severity", [new ConceptCode(SeveritySystem, Severity)]);
        writer.Codeable("outcome", OutcomeCodes());
        if (Suspect is { } suspect)
            writer.Objects("suspectEntity", [suspect], instance => WriteSuspect(writer, instance));
        writer.References("study", Head.StudyId is null ? [] : ["ResearchStudy/" + Head.StudyId]);
    });

    public static Result<TrialAdverseEvent> FromFhir(ResourceDocument document)
    {
        var read = new Reading(document, Concept);
        var head = read.Head("subject", Reading.LocalId(read.Root.Child("study"), "ResearchStudy"));
        var happened = Read(read, head, read.Root.Child("event").Child("text").Text);
        return read.Failed ? read.Failure : happened with
        {
            Suspect = read.Root.Child("suspectEntity").Child("instance").Child("reference").Text,
            ResearchSubjectId = Reading.LocalId(Extension(read.Root, SubjectExtension), "ResearchSubject"),
            ActionTaken = Extension(ExtensionNode(read.Root, ActionExtension), "item").Child("text").Text,
            EndedParticipation = Flag(Extension(read.Root, DiscontinuedExtension)),
        };
    }

    internal static Mapped FromHospital(ResourceDocument hospital, MappingContext context)
    {
        var read = new Reading(hospital, Concept);
        var happened = Read(read, RecordHead.Of(context), null);
        if (read.Failed)
            return read.Quarantine;

        var suspect = hospital.Root.Child("suspectEntity").Child("instance").Child("reference").Text is { } reference ? context.Rewrite(reference) : null;
        return new Mapped.Taken(Concept, (happened with { Suspect = suspect, Causality = suspect is null ? null : happened.Causality }).ToFhir());
    }

    private TrialRecord ToRecord() => new(Concept.Id, Head.PatientId, null, Onset, Resolved,
    [
        new("term", Text: Term),
        new("grade", Number: Grade.ToString(CultureInfo.InvariantCulture)),
        new("serious", Code: Serious ? "true" : "false"),
        new("outcome", Code: Outcome),
        .. Criteria.Select(criterion => new RecordValue("criterion", System: Systems.Ncit, Code: criterion)),
        .. Causality is null ? ValueList<RecordValue>.Empty : [new("causality", System: Systems.Ncit, Code: Causality)],
        .. Expected is null ? ValueList<RecordValue>.Empty : [new("expected", Code: Expected == true ? "true" : "false")],
        .. Code is null ? ValueList<RecordValue>.Empty : [new("code", System: Code.System, Code: Code.Code)],
    ]);

    private static TrialAdverseEvent Read(Reading read, RecordHead head, string? term)
    {
        var (code, version) = CodeOf(read.Root.Child("event"));
        term ??= code is null ? null : (code.System == Systems.MedDra ? "MedDRA " : "SNOMED CT ") + code.Code;
        if (term is null)
            read.Refuse(read.Root.Child("event"), MappingRule.Missing, IssueCode.Required, "the event needs a MedDRA or SNOMED CT code; its text may name a person and is not taken.");

        var onset = read.Date(read.Root.Child("date"));
        if (onset is null)
            read.Refuse(read.Root.Child("date"), MappingRule.TimeMissing, IssueCode.Required, "the date of onset (date) is missing.");

        var grade = Codes.Find(Extension(read.Root, GradeExtension), Grades);
        if (grade is null)
            read.Refuse(read.Root, MappingRule.UnknownCode, IssueCode.Required, GradesText);

        var serious = IsSerious(read.Root.Child("seriousness"));
        if (serious is null)
            read.Refuse(read.Root.Child("seriousness"), MappingRule.UnknownCode, IssueCode.Required, "the seriousness must be serious or non-serious.");

        var outcome = OutcomeOf(read.Root.Child("outcome"));
        if (outcome is null)
            read.Refuse(read.Root.Child("outcome"), MappingRule.UnknownCode, IssueCode.Required, "the outcome must be one that R4 or NCI has a code for.");

        return new TrialAdverseEvent(
            head,
            term ?? string.Empty,
            onset ?? default,
            grade is null ? 0 : Grades.Index().First(item => item.Item == grade).Index + 1,
            serious == true,
            CriteriaOf(read.Root),
            outcome ?? string.Empty,
            Causality: Codes.Find(read.Root.Child("suspectEntity").Child("causality").Child("assessment"), [.. Relatedness.Select(related => new ConceptCode(Systems.Ncit, related))])?.Code,
            Expected: Flag(Extension(read.Root, ExpectedExtension)),
            Resolved: read.Date(Extension(read.Root, ResolvedExtension)),
            Recorded: read.Date(read.Root.Child("recordedDate")),
            Code: code,
            CodeVersion: version);
    }

    private List<Action> Extensions(ResourceWriter writer)
    {
        List<Action> list = [() => Value(GradeExtension, () => writer.Codeable("valueCodeableConcept", [Grades[Grade - 1]]))];
        if (ResearchSubjectId is { } subject)
            list.Add(() => Value(SubjectExtension, () => writer.Reference("valueReference", "ResearchSubject/" + subject)));
        foreach (var criterion in Criteria)
            list.Add(() => Nested(CriteriaExtension, ("criterionCode", () => writer.Codeable("valueCodeableConcept", [new ConceptCode(Systems.Ncit, criterion)])), ("criterionPresent", () => writer.Flag("valueBoolean", true))));
        if (Expected is not null)
            list.Add(() => Value(ExpectedExtension, () => writer.Flag("valueBoolean", Expected)));
        if (Resolved is not null)
            list.Add(() => Value(ResolvedExtension, () => writer.Text("valueDateTime", Resolved)));
        if (ActionTaken is not null)
            list.Add(() => Nested(ActionExtension, ("item", () => writer.Codeable("valueCodeableConcept", [], ActionTaken))));
        if (EndedParticipation is not null)
            list.Add(() => Value(DiscontinuedExtension, () => writer.Flag("valueBoolean", EndedParticipation)));
        return list;

        void Value(string url, Action value)
        {
            writer.Text("url", url);
            value();
        }

        void Nested(string url, params (string Url, Action Value)[] children)
        {
            writer.Text("url", url);
            writer.Objects("extension", children, child => Value(child.Url, child.Value));
        }
    }

    private void WriteTerm(ResourceWriter writer)
    {
        if (Code is { } code)
        {
            writer.Objects("coding", [code], each =>
            {
                writer.Text("system", each.System);
                writer.Text("version", CodeVersion);
                writer.Text("code", each.Code);
            });
        }

        writer.Text("text", Term);
    }

    private void WriteSuspect(ResourceWriter writer, string instance)
    {
        writer.Reference("instance", instance);
        if (Causality is { } causality)
            writer.Objects("causality", [causality], related => writer.Codeable("assessment", [new ConceptCode(Systems.Ncit, related)]));
    }

    private List<ConceptCode> OutcomeCodes()
    {
        List<ConceptCode> codes = [new(OutcomeSystem, Outcome)];
        if (Outcomes.First(outcome => outcome.R4 == Outcome).Ncit is { } ncit)
            codes.Add(new(Systems.Ncit, ncit));

        return codes;
    }

    private static (ConceptCode? Code, string? Version) CodeOf(Node term)
    {
        foreach (var coding in term.ChildrenOf("coding"))
        {
            if (PublicCode.From(coding) is { System: Systems.MedDra or Systems.Snomed } code)
                return (code, coding.Child("version").Text is { } version && Version().IsMatch(version) ? version : null);
        }

        return (null, null);
    }

    // One address, two spellings: R4 4.0.1 has Serious, HL7 terminology has serious. The newer one is kept.
    private static bool? IsSerious(Node seriousness)
    {
        foreach (var coding in seriousness.ChildrenOf("coding"))
        {
            if (coding.Child("system").Text == SeriousnessSystem && coding.Child("code").Text is { } code)
                return code.ToUpperInvariant() switch { "SERIOUS" => true, "NON-SERIOUS" => false, _ => null };
        }

        return null;
    }

    private static string? OutcomeOf(Node outcome)
    {
        foreach (var (r4, ncit) in Outcomes)
        {
            if (Codes.Find(outcome, ncit is null ? [new(OutcomeSystem, r4)] : [new(OutcomeSystem, r4), new(Systems.Ncit, ncit)]) is not null)
                return r4;
        }

        return null;
    }

    private static ValueList<string> CriteriaOf(Node root)
    {
        List<string> criteria = [];
        foreach (var extension in root.ChildrenOf("extension"))
        {
            if (extension.Child("url").Text == CriteriaExtension
                && Flag(Extension(extension, "criterionPresent")) == true
                && Codes.FirstPublic(Extension(extension, "criterionCode")) is { System: Systems.Ncit } criterion
                && KnownCriteria.Contains(criterion.Code))
                criteria.Add(criterion.Code);
        }

        return [.. criteria];
    }

    private static Node ExtensionNode(Node node, string url)
    {
        foreach (var extension in node.ChildrenOf("extension"))
        {
            if (extension.Child("url").Text == url)
                return extension;
        }

        return default;
    }

    private static Node Extension(Node node, string url) => ExtensionNode(node, url).Child("value");

    private static bool? Flag(Node value) => value.Text switch { "true" => true, "false" => false, _ => null };

    [GeneratedRegex(@"^\d{1,2}\.\d\z")]
    private static partial Regex Version();
}
