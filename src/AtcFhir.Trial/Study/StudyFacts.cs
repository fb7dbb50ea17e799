using AtcFhir.R4.Documents;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Trial.Study;

/// <summary>What a study says of itself, read once from its ResearchStudy and questionnaires: for pages, for mapping and for enrolment.</summary>
/// <param name="StudyId">Logical id of the ResearchStudy.</param>
/// <param name="Title">Full title.</param>
/// <param name="Acronym">Brief title, such as ATC-Anakinra1.</param>
/// <param name="Status">Code of ResearchStudy.status.</param>
/// <param name="Numbers">Numbers in registers.</param>
/// <param name="Arms">Names of the arms.</param>
/// <param name="Sponsor">Reference to the sponsor.</param>
/// <param name="Start">Start of the study as stated, anticipated or actual.</param>
/// <param name="Enrolled">Number of subjects who were enrolled, where stated.</param>
public sealed record StudyFacts(
    string StudyId,
    string Title,
    string? Acronym,
    string? Status,
    IReadOnlyList<string> Numbers,
    IReadOnlyList<string> Arms,
    string? Sponsor,
    string? Start,
    string? Enrolled)
{
    private const string CrossVersion = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ResearchStudy.";

    private IReadOnlyDictionary<string, QuestionnaireForm> Forms { get; init; } = new Dictionary<string, QuestionnaireForm>();

    /// <summary>Facts of the embedded study.</summary>
    public static StudyFacts Embedded => StudyPackage.Embedded.Facts;

    /// <summary>The questionnaires of the study.</summary>
    public IEnumerable<QuestionnaireForm> Questionnaires => Forms.Values;

    /// <summary>The questionnaire with that canonical and version, or null.</summary>
    public QuestionnaireForm? Questionnaire(string? canonical) => canonical is not null && Forms.TryGetValue(canonical, out var form) ? form : null;

    internal static StudyFacts Of(IReadOnlyList<PackageResource> instances)
    {
        var study = Documents(instances, "ResearchStudy").FirstOrDefault();
        if (study is null)
            return new StudyFacts("", "", null, null, [], [], null, null, null);

        var root = study.Root;
        return new StudyFacts(
            study.Id ?? "",
            root.Child("title").Text ?? "",
            AcronymOf(root),
            root.Child("status").Text,
            [.. root.ChildrenOf("identifier").ToList().Select(identifier => identifier.Child("value").Text).OfType<string>()],
            [.. root.ChildrenOf("arm").ToList().Select(arm => arm.Child("name").Text).OfType<string>()],
            root.Child("sponsor").Child("reference").Text,
            root.Child("period").Child("start").Text,
            Nested(root, "recruitment", "actualNumber").Text)
        {
            Forms = Documents(instances, "Questionnaire").Select(QuestionnaireForm.Of).ToDictionary(form => form.Canonical, StringComparer.Ordinal),
        };
    }

    private static IEnumerable<ResourceDocument> Documents(IReadOnlyList<PackageResource> instances, string type)
        => instances.Where(instance => instance.ResourceType == type).Select(instance => ResourceDocument.Parse(instance.Json).Value);

    private static string? AcronymOf(Node root)
    {
        foreach (var label in root.ChildrenOf("extension"))
        {
            if (label.Child("url").Text == CrossVersion + "label" && Value(label, "type").Child("coding").Child("code").Text == "acronym")
                return Value(label, "value").Text;
        }

        return null;
    }

    private static Node Nested(Node root, string extension, string child)
    {
        foreach (var found in root.ChildrenOf("extension"))
        {
            if (found.Child("url").Text == CrossVersion + extension)
                return Value(found, child);
        }

        return default;
    }

    private static Node Value(Node extension, string child)
    {
        foreach (var nested in extension.ChildrenOf("extension"))
        {
            if (nested.Child("url").Text == child)
                return nested.Child("value");
        }

        return default;
    }
}
