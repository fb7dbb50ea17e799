using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Trial.Concepts;

/// <summary>
/// ECOG performance status: 0 (fully active) to 5 (dead), as LOINC 89247-1 with an integer. A hospital may say it in the older form,
/// 89262-0 with an answer of list LL529-9, or as a coded or written grade under 89247-1; these are transformed.
/// Elements taken: status, category (survey or exam), code, effective, value, dataAbsentReason, interpretation (checked, then derived).
/// </summary>
public sealed record EcogPerformanceStatus(
    RecordHead Head,
    string Status,
    EventTime Effective,
    int? Score,
    ConceptCode? AbsentReason = null,
    string Category = EcogPerformanceStatus.Survey,
    string? DerivedFrom = null)
{
    private const string Survey = "survey";

    private static readonly ConceptCode Grade = new(Systems.Loinc, "89247-1", "ECOG Performance Status score");

    private static readonly ConceptCode Interpreted = new(Systems.Loinc, "89262-0");

    private static readonly IReadOnlyList<ConceptCode> OwnCodes = [Grade];

    private static readonly IReadOnlyList<ConceptCode> HospitalCodes = [Grade, Interpreted];

    // Position is the grade.
    private static readonly IReadOnlyList<ConceptCode> Answers =
    [
        new(Systems.Loinc, "LA9622-7"),
        new(Systems.Loinc, "LA9623-5"),
        new(Systems.Loinc, "LA9624-3"),
        new(Systems.Loinc, "LA9625-0"),
        new(Systems.Loinc, "LA9626-8"),
        new(Systems.Loinc, "LA9627-6"),
    ];

    private static readonly IReadOnlyList<ConceptCode> Categories =
        [new(Systems.ObservationCategory, Survey), new(Systems.ObservationCategory, "exam")];

    public static TrialConcept Concept { get; } = new()
    {
        Name = nameof(EcogPerformanceStatus),
        Id = "ecog-performance-status",
        Title = "ECOG performance status",
        ResourceType = "Observation",
        Owner = ConceptOwner.Hospital,
        Codes = [Grade],
        AlsoFromHospital = [Interpreted],
        IsValue = static document => Concepts.Codes.Find(document.Root.Child("code"), OwnCodes) is not null,
        IsHospitalValue = static document => Concepts.Codes.Find(document.Root.Child("code"), HospitalCodes) is not null,
        Extraction = static document => FromFhir(document).Then(value => value.ToRecord()),
        RoundTrip = static document => FromFhir(document).Then(value => value.ToFhir()),
        Mapping = FromHospital,
    };

    public byte[] ToFhir() => ResourceWriter.Write("Observation", Head.Id, writer =>
    {
        writer.Meta(Concept);
        writer.Study(Head.StudyId);
        writer.Identifiers(Head.Identifier);
        writer.Text("status", Status);
        writer.Codeables("category", [new ConceptCode(Systems.ObservationCategory, Category)]);
        writer.Codeable("code", [Grade]);
        writer.Patient("subject", Head.PatientId);
        writer.Time("effective", Effective);
        writer.Number("valueInteger", Score);
        WriteAbsentReason(writer, AbsentReason);
        if (Score is { } score)
            writer.Codeables("interpretation", [Answers[score]]);
        writer.References("derivedFrom", DerivedFrom is null ? [] : [DerivedFrom]);
    });

    public static Result<EcogPerformanceStatus> FromFhir(ResourceDocument document)
    {
        var read = new Reading(document, Concept);
        var head = read.Head("subject");
        var value = Read(read, head, out var form);
        if (!read.Failed && form is not (Form.Integer or Form.Absent))
            read.Refuse(read.Root.Child("value"), MappingRule.ValueForm, IssueCode.Value, "the grade must be an integer from 0 to 5.");

        return read.Failed ? read.Failure : value with { DerivedFrom = read.FirstReference("derivedFrom") };
    }

    internal static Mapped FromHospital(ResourceDocument hospital, MappingContext context)
    {
        var read = new Reading(hospital, Concept);
        var value = Read(read, RecordHead.Of(context), out var form);
        if (read.Failed)
            return read.Quarantine;

        var isOurCode = Codes.Find(read.Root.Child("code"), OwnCodes) is not null;
        if (isOurCode && form is Form.Integer or Form.Absent)
            return new Mapped.Taken(Concept, value.ToFhir());

        var source = SourceObservation.Write(hospital, context, value.Status, value.Effective, writer => WriteSourceValue(writer, value, form));
        return new Mapped.Taken(Concept, (value with { DerivedFrom = "Observation/" + context.SourceId }).ToFhir(), source);
    }

    private TrialRecord ToRecord() => new(Concept.Id, Head.PatientId, Status, Effective.Start, Effective.End,
    [
        new("score", Number: Score?.ToString(CultureInfo.InvariantCulture)),
        .. AbsentReason is null ? ValueList<RecordValue>.Empty : [new("absent-reason", System: AbsentReason.System, Code: AbsentReason.Code)],
    ]);

    /// <summary>In which form a grade was written.</summary>
    private enum Form
    {
        Absent,
        Integer,
        Answer,
        Text,
        Number,
    }

    private static EcogPerformanceStatus Read(Reading read, RecordHead head, out Form form)
    {
        var status = read.Status("status", ObservationStatus.All);
        var time = read.Time("effective");
        (var score, form) = ReadScore(read.Root.Child("value"));
        var absent = form == Form.Absent ? read.AbsentReason(status) : null;
        if (score is null && (form != Form.Absent || read.Root.Child("value").Exists))
            read.Refuse(read.Root.Child("value"), MappingRule.ValueForm, IssueCode.Value, "the grade must be a whole number from 0 to 5, or an answer of LOINC list LL529-9.");
        else if (score is null && absent is null)
            read.Refuse(read.Root, MappingRule.ValueMissing, IssueCode.Required, "there is neither a grade nor a reason why it is absent.");

        CheckInterpretation(read, score);
        var category = read.Root.ChildrenOf("category").ToList().Select(node => Codes.Find(node, Categories)?.Code).FirstOrDefault(code => code is not null);
        return new EcogPerformanceStatus(head, status, time ?? EventTime.Between(null, null), score, absent, category ?? Survey);
    }

    // Only forms that leave no doubt: "2", not "ECOG 2-3".
    private static (int? Score, Form Form) ReadScore(Node value) => value.Exists ? value.Type.Name switch
    {
        "integer" => (WholeGrade(value.Text), Form.Integer),
        "string" => (WholeGrade(value.Text), Form.Text),
        "CodeableConcept" => (Codes.Find(value, Answers) is { } answer ? Answers.Index().First(item => item.Item == answer).Index : null, Form.Answer),
        "Quantity" => (value.Child("comparator").Exists || value.Child("code").Text is not (null or "1" or "{score}") ? null : WholeGrade(value.Child("value").Text), Form.Number),
        _ => (null, Form.Text),
    } : (null, Form.Absent);

    private static int? WholeGrade(string? text) => text is [>= '0' and <= '5'] ? text[0] - '0' : null;

    private static void CheckInterpretation(Reading read, int? score)
    {
        foreach (var interpretation in read.Root.ChildrenOf("interpretation"))
        {
            if (score is { } grade && Codes.Find(interpretation, Answers) is { } answer && Answers[grade] != answer)
                read.Refuse(interpretation, MappingRule.Contradiction, IssueCode.BusinessRule, "the interpretation is that of another grade than the value.");
        }
    }

    private static void WriteAbsentReason(ResourceWriter writer, ConceptCode? reason)
    {
        if (reason is not null)
            writer.Codeable("dataAbsentReason", [reason]);
    }

    private static void WriteSourceValue(ResourceWriter writer, EcogPerformanceStatus value, Form form)
    {
        WriteAbsentReason(writer, value.AbsentReason);
        if (value.Score is not { } score)
            return;

        switch (form)
        {
            case Form.Answer:
                writer.Codeable("valueCodeableConcept", [Answers[score]]);
                break;
            case Form.Text:
                writer.Text("valueString", score.ToString(CultureInfo.InvariantCulture));
                break;
            case Form.Number:
                writer.Object("valueQuantity", () => writer.Number("value", score));
                break;
            default:
                writer.Number("valueInteger", score);
                break;
        }
    }
}
