using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.R4.Values;

namespace AtcFhir.Trial.Concepts;

/// <summary>
/// The score of one scale, computed from the answers to a questionnaire by a scoring definition. A scale of which too few items were
/// answered has no value, but the reason why. It is the trial's own and does not come from a hospital.
/// </summary>
/// <param name="Scale">Code of the scale.</param>
/// <param name="Effective">When the questionnaire was filled in.</param>
/// <param name="Score">The score; null when too few items were answered.</param>
/// <param name="Raw">Mean or sum of the answered items.</param>
/// <param name="Method">Canonical of the scoring Library, with version.</param>
/// <param name="Response">Reference to the QuestionnaireResponse.</param>
public sealed record HrqolScore(
    RecordHead Head,
    string Status,
    ConceptCode Scale,
    FhirDateTime Effective,
    FhirDecimal? Score,
    FhirDecimal? Raw,
    int Answered,
    int Items,
    string Method,
    string Response)
{
    private const string ScaleSystem = ConceptCatalog.Canonical + "CodeSystem/hrqol-scale";
    private const string PartSystem = ConceptCatalog.Canonical + "CodeSystem/hrqol-score-part";
    private const string Uri = "urn:ietf:rfc:3986";
    private const string ScoreUnit = "{score}";

    public static TrialConcept Concept { get; } = new()
    {
        Name = nameof(HrqolScore),
        Id = "hrqol-score",
        Title = "Quality of life score",
        ResourceType = "Observation",
        Owner = ConceptOwner.Trial,
        Codes =
        [
            new(ScaleSystem, "neck-symptoms", "Neck symptoms"),
            new(ScaleSystem, "general-symptoms", "General symptoms"),
            new(ScaleSystem, "daily-life", "Daily life"),
            new(ScaleSystem, "global-quality", "Overall quality of life"),
        ],
        IsValue = static document => ScaleOf(document.Root.Child("code")) is not null,
        Extraction = static document => FromFhir(document).Then(score => score.ToRecord()),
        RoundTrip = static document => FromFhir(document).Then(score => score.ToFhir()),
    };

    public byte[] ToFhir() => ResourceWriter.Write("Observation", Head.Id, writer =>
    {
        writer.Meta(Concept);
        writer.Study(Head.StudyId);
        writer.Identifiers(Head.Identifier);
        writer.Text("status", Status);
        writer.Codeables("category", [new ConceptCode(Systems.ObservationCategory, "survey")]);
        writer.Codeable("code", [Scale]);
        writer.Patient("subject", Head.PatientId);
        writer.Text("effectiveDateTime", Effective);
        if (Score is { } score)
            writer.Quantity("valueQuantity", new Measured(score, ScoreUnit));
        else
            writer.Codeable("dataAbsentReason", [new ConceptCode(Systems.DataAbsentReason, "unknown")], $"{Answered} of {Items} items answered");
        writer.Codeable("method", [new ConceptCode(Uri, Method)]);
        writer.References("derivedFrom", [Response]);
        writer.Objects<(string Part, Action Value)>("component", Parts(writer), part =>
        {
            writer.Codeable("code", [new ConceptCode(PartSystem, part.Part)]);
            part.Value();
        });
    });

    public static Result<HrqolScore> FromFhir(ResourceDocument document)
    {
        var read = new Reading(document, Concept);
        var head = read.Head("subject");
        var status = read.Status("status", ObservationStatus.All);
        var scale = ScaleOf(read.Root.Child("code"));
        var time = read.Time("effective")?.Start;
        var method = read.Root.Child("method").Child("coding").Child("code").Text;
        var response = read.FirstReference("derivedFrom");
        if (scale is null || time is null || method is null || response is null)
            read.Refuse(read.Root, MappingRule.Missing, IssueCode.Required, "scale, time, scoring definition (method) and questionnaire (derivedFrom) are all needed.");

        return read.Failed ? read.Failure : new HrqolScore(
            head, status, scale!, time!.Value, Decimal(read.Root.Child("value")), Decimal(Part(read.Root, "raw")), Count(Part(read.Root, "answered")), Count(Part(read.Root, "items")), method!, response!);
    }

    private TrialRecord ToRecord() => new(Concept.Id, Head.PatientId, Status, Effective, null,
    [
        new("scale", System: Scale.System, Code: Scale.Code),
        new("score", Score?.ToString(), Unit: Score is null ? null : ScoreUnit),
        new("raw", Raw?.ToString(), Unit: Raw is null ? null : ScoreUnit),
        new("answered", Answered.ToString(CultureInfo.InvariantCulture)),
        new("items", Items.ToString(CultureInfo.InvariantCulture)),
        new("method", Text: Method),
    ]);

    private List<(string Part, Action Value)> Parts(ResourceWriter writer)
    {
        List<(string, Action)> parts = [];
        if (Raw is { } raw)
            parts.Add(("raw", () => writer.Quantity("valueQuantity", new Measured(raw, ScoreUnit))));
        parts.Add(("answered", () => writer.Number("valueInteger", Answered)));
        parts.Add(("items", () => writer.Number("valueInteger", Items)));
        return parts;
    }

    private static ConceptCode? ScaleOf(Node code)
    {
        foreach (var coding in code.ChildrenOf("coding"))
        {
            if (coding.Child("system").TextEquals(ScaleSystem) && coding.Child("code").Text is { } scale)
                return Concept.Codes.FirstOrDefault(known => known.Code == scale) ?? new ConceptCode(ScaleSystem, scale);
        }

        return null;
    }

    private static Node Part(Node root, string name)
    {
        foreach (var component in root.ChildrenOf("component"))
        {
            if (Codes.Find(component.Child("code"), [new ConceptCode(PartSystem, name)]) is not null)
                return component.Child("value");
        }

        return default;
    }

    private static FhirDecimal? Decimal(Node quantity) => RecordedNumber.Of(quantity.Child("value"));

    private static int Count(Node value) => int.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0;
}
