using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.R4.Values;

namespace AtcFhir.Trial.Concepts;

/// <summary>
/// The study itself, as a register of trials records it. What R5 added to ResearchStudy is carried by the official cross-version extensions;
/// whatever is not known stays absent: no phase is ever inferred.
/// </summary>
/// <param name="Source">Register in which it was entered, such as ToetsingOnline.</param>
/// <param name="Status">Code of R4's research-study-status; null when it is not known.</param>
/// <param name="Start">Start as stated; whether it was anticipated stands in <see cref="Progress"/>.</param>
/// <param name="TargetNumber">Subjects wanted.</param>
/// <param name="ActualNumber">Subjects enrolled.</param>
public sealed record TrialStudy(
    string? Id,
    string? Title,
    string? Acronym = null,
    string? Summary = null,
    string? Source = null,
    string? Status = null,
    StudyTerm? Category = null,
    StudyTerm? PrimaryPurpose = null,
    string? Description = null,
    FhirDateTime? Start = null,
    string? Sponsor = null,
    int? TargetNumber = null,
    int? ActualNumber = null)
{
    private const string CrossVersion = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ResearchStudy.";
    private const string RegistrationExtension = "http://hl7.org/fhir/StructureDefinition/researchStudy-studyRegistration";
    private const string NumberKind = ConceptCatalog.Canonical + "CodeSystem/study-identifier-type";
    private const string TitleType = "http://terminology.hl7.org/CodeSystem/title-type";
    private const string State = "http://terminology.hl7.org/CodeSystem/research-study-status";
    private const string Role = "http://terminology.hl7.org/CodeSystem/research-study-party-role";
    private const string AimType = "http://terminology.hl7.org/CodeSystem/research-study-objective-type";
    private const string Activity = "http://hl7.org/fhir/research-study-registration-activity";
    private const string SourcePrefix = "urn:atcfhir:register:";

    private static readonly IReadOnlyList<string> Kinds = ["omon", "eudract", "ccmo", "ictrp", "other"];

    public static TrialConcept Concept { get; } = new()
    {
        Name = nameof(TrialStudy),
        Id = "trial-study",
        Title = "Trial",
        ResourceType = "ResearchStudy",
        Owner = ConceptOwner.Trial,
        IsValue = static _ => true,
        Extraction = static document => FromFhir(document).Then(study => study.ToRecord()),
        RoundTrip = static document => FromFhir(document).Then(study => study.ToFhir()),
    };

    public ValueList<StudyNumber> Numbers { get; init; } = [];

    public ValueList<StudyProgress> Progress { get; init; } = [];

    public ValueList<StudyRegistration> Registrations { get; init; } = [];

    /// <summary>Kind of study, masking, control, and the design in words.</summary>
    public ValueList<StudyTerm> Designs { get; init; } = [];

    public ValueList<StudyTerm> Focus { get; init; } = [];

    public ValueList<StudyTerm> Conditions { get; init; } = [];

    public ValueList<StudyTerm> Keywords { get; init; } = [];

    /// <summary>Countries.</summary>
    public ValueList<StudyTerm> Locations { get; init; } = [];

    public ValueList<StudyParty> Parties { get; init; } = [];

    /// <summary>Names of contacts; their addresses stand with the organizations.</summary>
    public ValueList<string> Contacts { get; init; } = [];

    public ValueList<StudyAim> Outcomes { get; init; } = [];

    public ValueList<StudyAim> Objectives { get; init; } = [];

    public ValueList<StudyArm> Arms { get; init; } = [];

    /// <summary>References to the eligibility criteria, one Group each.</summary>
    public ValueList<string> Criteria { get; init; } = [];

    /// <summary>References to Locations.</summary>
    public ValueList<string> Sites { get; init; } = [];

    /// <summary>References to PlanDefinitions.</summary>
    public ValueList<string> Protocols { get; init; } = [];

    public ValueList<string> Notes { get; init; } = [];

    public byte[] ToFhir() => ResourceWriter.Write("ResearchStudy", Id, writer =>
    {
        writer.Object("meta", () =>
        {
            writer.Text("source", Source is null ? null : SourcePrefix + Source);
            writer.Texts("profile", [Concept.Profile]);
        });
        new TrialStudyExtensions(writer, this).Write();
        writer.Objects("identifier", Numbers, number => WriteNumber(writer, number));
        writer.TextOrAbsent("title", Title);
        writer.References("protocol", Protocols);
        writer.TextOrAbsent("status", Status);
        WriteTerm(writer, "primaryPurposeType", PrimaryPurpose);
        WriteTerms(writer, "category", Category is null ? [] : [Category]);
        WriteTerms(writer, "focus", Focus);
        WriteTerms(writer, "condition", Conditions);
        writer.Objects("contact", Contacts, name => writer.Text("name", name));
        WriteTerms(writer, "keyword", Keywords);
        WriteTerms(writer, "location", Locations);
        writer.Text("description", Description);
        writer.References("enrollment", Criteria);
        writer.Period("period", Start, null);
        writer.Reference("sponsor", Sponsor);
        writer.References("site", Sites);
        writer.Objects("note", Notes, note => writer.Text("text", note));
        writer.Objects("arm", Arms, arm =>
        {
            writer.Text("name", arm.Name);
            writer.Text("description", arm.Description);
        });
        writer.Objects("objective", Objectives, objective =>
        {
            if (objective.Description is { } description)
                writer.Objects("extension", [description], text => TrialStudyExtensions.Markdown(writer, CrossVersion + "objective.description", text));
            writer.Text("name", objective.Name);
            if (objective.Type is { } type)
                writer.Codeable("type", [new ConceptCode(AimType, type)]);
        });
    });

    public static Result<TrialStudy> FromFhir(ResourceDocument document)
    {
        var read = new Reading(document, Concept);
        var root = read.Root;
        var recruitment = Extensions(root, CrossVersion + "recruitment").FirstOrDefault();
        var study = new TrialStudy(
            document.Id,
            root.Child("title").Text,
            Extensions(root, CrossVersion + "label").Where(label => CodeIn(Value(label, "type"), TitleType) == "acronym").Select(label => Value(label, "value").Text).FirstOrDefault(),
            Extensions(root, CrossVersion + "descriptionSummary").Select(summary => summary.Child("value").Text).FirstOrDefault(),
            root.Child("meta").Child("source").Text is { } source && source.StartsWith(SourcePrefix, StringComparison.Ordinal) ? source[SourcePrefix.Length..] : null,
            root.Child("status").Text,
            Term(root.Child("category")),
            Term(root.Child("primaryPurposeType")),
            root.Child("description").Text,
            read.Date(root.Child("period").Child("start")),
            root.Child("sponsor").Child("reference").Text,
            Count(Value(recruitment, "targetNumber")),
            Count(Value(recruitment, "actualNumber")))
        {
            Numbers = [.. root.ChildrenOf("identifier").ToList().Select(Number).OfType<StudyNumber>()],
            Progress = [.. Extensions(root, CrossVersion + "progressStatus").Select(progress => new StudyProgress(
                CodeIn(Value(progress, "state"), State), Value(progress, "state").Child("text").Text, Flag(Value(progress, "actual")), read.Date(Value(progress, "period").Child("start"))))],
            Registrations = [.. Extensions(root, RegistrationExtension).Select(entry => CodeIn(Value(entry, "activity"), Activity) is { } activity && read.Date(Value(entry, "period").Child("start")) is { } on ? new StudyRegistration(activity, on) : null).OfType<StudyRegistration>()],
            Designs = [.. Extensions(root, CrossVersion + "studyDesign").Select(design => Term(design.Child("value"))).OfType<StudyTerm>()],
            Focus = Terms(root, "focus"),
            Conditions = Terms(root, "condition"),
            Keywords = Terms(root, "keyword"),
            Locations = Terms(root, "location"),
            Parties = [.. Extensions(root, CrossVersion + "associatedParty").Select(party => new StudyParty(CodeIn(Value(party, "role"), Role) ?? string.Empty, Value(party, "name").Text, Value(party, "party").Child("reference").Text))],
            Contacts = [.. root.ChildrenOf("contact").ToList().Select(contact => contact.Child("name").Text).OfType<string>()],
            Outcomes = [.. Extensions(root, CrossVersion + "outcomeMeasure").Select(outcome => new StudyAim(Value(outcome, "name").Text, CodeIn(Value(outcome, "type"), AimType), Value(outcome, "description").Text))],
            Objectives = [.. root.ChildrenOf("objective").ToList().Select(objective => new StudyAim(
                objective.Child("name").Text, CodeIn(objective.Child("type"), AimType), Extensions(objective, CrossVersion + "objective.description").Select(text => text.Child("value").Text).FirstOrDefault()))],
            Arms = [.. root.ChildrenOf("arm").ToList().Select(arm => new StudyArm(arm.Child("name").Text ?? string.Empty, arm.Child("description").Text))],
            Criteria = read.References("enrollment"),
            Sites = read.References("site"),
            Protocols = read.References("protocol"),
            Notes = [.. root.ChildrenOf("note").ToList().Select(note => note.Child("text").Text).OfType<string>()],
        };
        return read.Failed ? read.Failure : study;
    }

    private TrialRecord ToRecord() => new(Concept.Id, null, Status, Start, null,
    [
        new("title", Text: Title),
        .. Numbers.Select(number => new RecordValue(number.Kind, Text: number.Value)),
        .. ActualNumber is null ? ValueList<RecordValue>.Empty : [new("enrolled", Number: ActualNumber?.ToString(CultureInfo.InvariantCulture))],
    ]);

    internal static void WriteTerm(ResourceWriter writer, string name, StudyTerm? term)
    {
        if (term is not null)
            writer.Codeable(name, term.Codes, term.Text);
    }

    private static void WriteTerms(ResourceWriter writer, string name, ValueList<StudyTerm> terms) => writer.Objects(name, terms, term => writer.CodeableBody(term.Codes, term.Text));

    private static void WriteNumber(ResourceWriter writer, StudyNumber number)
    {
        writer.Text("use", number.Kind switch { "omon" => "official", "other" or "ictrp" => "secondary", _ => null });
        writer.Codeable("type", [new ConceptCode(NumberKind, number.Kind)], number.Text);
        writer.Text("system", number.Kind == "other" && !number.Value.StartsWith("NL-OMON", StringComparison.Ordinal) ? null : ConceptCatalog.Canonical + "sid/" + (number.Kind == "other" ? "omon" : number.Kind));
        writer.Text("value", number.Value);
        if (number.Assigner is { } assigner)
            writer.Object("assigner", () => writer.Text("display", assigner));
    }

    private static StudyNumber? Number(Node identifier)
        => identifier.Child("value").Text is { } value && CodeIn(identifier.Child("type"), NumberKind) is { } kind && Kinds.Contains(kind)
            ? new StudyNumber(kind, value, identifier.Child("type").Child("text").Text, identifier.Child("assigner").Child("display").Text)
            : null;

    private static ValueList<StudyTerm> Terms(Node root, string name) => [.. root.ChildrenOf(name).ToList().Select(Term).OfType<StudyTerm>()];

    private static StudyTerm? Term(Node codeable) => codeable.Exists
        ? new StudyTerm([.. codeable.ChildrenOf("coding").ToList().Select(Coding).OfType<ConceptCode>()], codeable.Child("text").Text)
        : null;

    private static ConceptCode? Coding(Node coding)
        => coding.Child("system").Text is { } system && coding.Child("code").Text is { } code ? new ConceptCode(system, code, coding.Child("display").Text) : null;

    private static string? CodeIn(Node codeable, string system)
    {
        foreach (var coding in codeable.ChildrenOf("coding"))
        {
            if (coding.Child("system").Text == system)
                return coding.Child("code").Text;
        }

        return null;
    }

    private static IEnumerable<Node> Extensions(Node node, string url) => node.ChildrenOf("extension").ToList().Where(extension => extension.Child("url").Text == url);

    private static Node Value(Node extension, string child) => Extensions(extension, child).FirstOrDefault().Child("value");

    private static bool? Flag(Node value) => value.Text switch { "true" => true, "false" => false, _ => null };

    private static int? Count(Node value) => int.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;
}
