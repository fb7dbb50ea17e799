using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.R4.Values;
using AtcFhir.Trial.Study;

namespace AtcFhir.Trial.Concepts;

/// <summary>
/// What a subject answered to a questionnaire of the study. Only answers that can be scored pass: a number, yes or no, or an answer that the
/// questionnaire offers; free text does not, nor does an item that the questionnaire does not have.
/// Elements taken: questionnaire, status, authored, item.linkId, item.answer.value (Coding, integer, decimal, boolean).
/// </summary>
/// <param name="Questionnaire">Canonical with version.</param>
/// <param name="Authored">When it was filled in.</param>
/// <param name="Items">The answers, nested as the questionnaire is.</param>
public sealed record HrqolResponse(RecordHead Head, string Questionnaire, string Status, FhirDateTime Authored, ValueList<HrqolItem> Items)
{
    private static readonly IReadOnlyList<string> States = ["in-progress", "completed", "amended", "entered-in-error", "stopped"];

    public static TrialConcept Concept { get; } = new()
    {
        Name = nameof(HrqolResponse),
        Id = "hrqol-response",
        Title = "Quality of life questionnaire",
        ResourceType = "QuestionnaireResponse",
        Owner = ConceptOwner.Hospital,
        IsValue = static document => document.Root.Child("questionnaire").Text?.StartsWith(ConceptCatalog.Canonical + "Questionnaire/", StringComparison.Ordinal) == true,
        Extraction = static document => FromFhir(document).Then(response => response.ToRecord()),
        RoundTrip = static document => FromFhir(document).Then(response => response.ToFhir()),
        Mapping = FromHospital,
    };

    public byte[] ToFhir() => ResourceWriter.Write("QuestionnaireResponse", Head.Id, writer =>
    {
        writer.Meta(Concept);
        writer.Study(Head.StudyId);
        if (Head.Identifier is { } identifier)
            writer.Object("identifier", () => writer.IdentifierBody(identifier));
        writer.Text("questionnaire", Questionnaire);
        writer.Text("status", Status);
        writer.Patient("subject", Head.PatientId);
        writer.Text("authored", Authored);
        writer.Patient("source", Head.PatientId);
        writer.Objects("item", Items, item => item.Write(writer));
    });

    public static Result<HrqolResponse> FromFhir(ResourceDocument document)
    {
        var read = new Reading(document, Concept);
        var response = Read(read, read.Head("subject"), null);
        return read.Failed ? read.Failure : response;
    }

    internal static Mapped FromHospital(ResourceDocument hospital, MappingContext context)
    {
        var read = new Reading(hospital, Concept);
        var node = hospital.Root.Child("questionnaire");
        if (context.Study.Questionnaire(node.Text) is not { } form)
        {
            read.Refuse(node, MappingRule.Questionnaire, IssueCode.BusinessRule, "the questionnaire, with its version, is not one of the study.");
            return read.Quarantine;
        }

        var response = Read(read, RecordHead.Of(context), form);
        return read.Failed ? read.Quarantine : new Mapped.Taken(Concept, response.ToFhir());
    }

    private TrialRecord ToRecord() => new(Concept.Id, Head.PatientId, Status, Authored, null,
    [
        new("questionnaire", Text: Questionnaire),
        .. Items.SelectMany(item => item.Flat()).SelectMany(item => item.Answers.Select(answer => answer.ToValue(item.LinkId))),
    ]);

    private static HrqolResponse Read(Reading read, RecordHead head, QuestionnaireForm? form)
    {
        var status = read.Status("status", States);
        var authored = read.Date(read.Root.Child("authored"));
        if (authored is null)
            read.Refuse(read.Root.Child("authored"), MappingRule.TimeMissing, IssueCode.Required, "the date on which it was filled in (authored) is missing.");

        var items = HrqolItem.Read(read.Root, form);
        if (items.Count == 0)
            read.Refuse(read.Root.Child("item"), MappingRule.ValueMissing, IssueCode.Required, "there is no answer that can be scored.");

        return new HrqolResponse(head, read.Root.Child("questionnaire").Text ?? string.Empty, status, authored ?? default, items);
    }
}
