using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.R4.Values;

namespace AtcFhir.Trial.Concepts;

/// <summary>
/// Reads the listed elements of one resource and collects what stands against taking it. Texts name the concept in trial words and never
/// quote the resource; line, column and expression point into it.
/// </summary>
internal sealed class Reading(ResourceDocument document, TrialConcept concept)
{
    private static readonly IReadOnlyList<string> AbsentReasons =
    [
        "unknown", "asked-unknown", "temp-unknown", "not-asked", "asked-declined", "masked", "not-applicable", "unsupported", "as-text", "error",
        "not-a-number", "negative-infinity", "positive-infinity", "not-performed", "not-permitted",
    ];

    private readonly List<Issue> issues = [];

    public Node Root => document.Root;

    public bool Failed => issues.Count > 0;

    public Failure Failure => new(FailureKind.Unprocessable, [.. issues]);

    public Mapped Quarantine => new Mapped.Quarantine(concept, [.. issues]);

    public void Refuse(Node at, string rule, string code, string text)
    {
        var place = at.Exists ? at : Root;
        var (line, column) = place.Position;
        issues.Add(Issue.Error(code, $"{concept.Title}: {text}") with { Rule = rule, Expression = place.Expression, Line = line, Column = column });
    }

    /// <summary>A required code of FHIR itself.</summary>
    public string Status(string name, IReadOnlyList<string> allowed)
    {
        var node = Root.Child(name);
        if (node.Text is { } status && allowed.Contains(status))
            return status;

        Refuse(node, MappingRule.Status, IssueCode.Required, $"the {name} must be one of {string.Join(", ", allowed)}.");
        return string.Empty;
    }

    /// <summary>The choice of dateTime and Period; refused when it is absent.</summary>
    public EventTime? Time(string name)
    {
        var node = Root.Child(name);
        var before = issues.Count;
        var time = OptionalTime(node);
        if (time is null or { Start: null, End: null } && issues.Count == before)
            Refuse(node, MappingRule.TimeMissing, IssueCode.Required, $"the date ({name}) is missing.");

        return time;
    }

    public EventTime? OptionalTime(Node node) => node switch
    {
        { Exists: false } => null,
        { Type.Name: "dateTime" or "instant" } => Date(node) is { } moment ? EventTime.At(moment) : null,
        { Type.Name: "Period" } => EventTime.Between(Date(node.Child("start")), Date(node.Child("end"))),
        _ => Unreadable(node),
    };

    public FhirDateTime? Date(Node node)
    {
        if (!node.HasValue)
            return null;

        if (FhirDateTime.Parse(node.Text) is { } date)
            return date;

        Refuse(node, MappingRule.TimeForm, IssueCode.Value, "this is not a date or dateTime of FHIR.");
        return null;
    }

    /// <summary>Logical id of the Patient that the element refers to, on the trial side.</summary>
    public string PatientId(string name)
    {
        var node = Root.Child(name);
        if (LocalId(node, "Patient") is { } id)
            return id;

        Refuse(node, MappingRule.Subject, IssueCode.Required, $"the {name} must refer to the Patient of a subject.");
        return string.Empty;
    }

    /// <summary>The reason why a value is absent, or null.</summary>
    public ConceptCode? AbsentReason(string status)
    {
        foreach (var coding in Root.Child("dataAbsentReason").ChildrenOf("coding"))
        {
            if (coding.Child("system").Text == Systems.DataAbsentReason && coding.Child("code").Text is { } code && AbsentReasons.Contains(code))
                return new ConceptCode(Systems.DataAbsentReason, code);
        }

        // A result that is taken back need not repeat what it said.
        return status is "entered-in-error" or "cancelled" && !Root.Child("value").Exists ? new ConceptCode(Systems.DataAbsentReason, "unknown") : null;
    }

    public RecordHead Head(string patientElement, string? studyId = null)
        => new(document.Id, PatientId(patientElement), studyId ?? StudyExtension(Root), Identifier(Root.Child("identifier")));

    public static BusinessIdentifier? Identifier(Node node)
        => node.Child("system").Text is { } system && node.Child("value").Text is { } value ? new BusinessIdentifier(system, value) : null;

    public static string? StudyExtension(Node node)
    {
        foreach (var extension in node.ChildrenOf("extension"))
        {
            if (extension.Child("url").Text == Systems.ResearchStudyExtension)
                return LocalId(extension.Child("value"), "ResearchStudy");
        }

        return null;
    }

    /// <summary>The id of a relative reference to that type, or null.</summary>
    public static string? LocalId(Node reference, string type)
        => reference.Child("reference").Text is { } text && text.StartsWith(type + "/", StringComparison.Ordinal) ? text[(type.Length + 1)..].Split('/')[0] : null;

    /// <summary>The subject number among the identifiers.</summary>
    public string SubjectNumber()
    {
        foreach (var identifier in Root.ChildrenOf("identifier"))
        {
            if (identifier.Child("system").Text == Systems.SubjectNumber && identifier.Child("value").Text is { } number)
                return number;
        }

        Refuse(Root.Child("identifier"), MappingRule.Missing, IssueCode.Required, "the subject number is missing.");
        return string.Empty;
    }

    /// <summary>The first identifier that is not a subject number, or null.</summary>
    public BusinessIdentifier? OtherIdentifier()
    {
        foreach (var identifier in Root.ChildrenOf("identifier"))
        {
            if (Identifier(identifier) is { } other && other.System != Systems.SubjectNumber)
                return other;
        }

        return null;
    }

    /// <summary>The references as written, of an element that may repeat.</summary>
    public ValueList<string> References(string name)
        => [.. Root.ChildrenOf(name).ToList().Select(node => node.Child("reference").Text).OfType<string>()];

    public string? FirstReference(string name) => Root.Child(name).Child("reference").Text;

    private EventTime? Unreadable(Node node)
    {
        Refuse(node, MappingRule.TimeForm, IssueCode.Value, "the time must be a dateTime or a Period.");
        return null;
    }
}
