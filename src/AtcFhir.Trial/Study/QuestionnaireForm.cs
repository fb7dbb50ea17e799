using AtcFhir.R4.Documents;
using AtcFhir.R4.Values;
using AtcFhir.Trial.Concepts;

namespace AtcFhir.Trial.Study;

/// <summary>The items of a questionnaire and the answers that they offer. <see href="https://hl7.org/fhir/R4/questionnaire.html"/></summary>
public sealed class QuestionnaireForm
{
    private readonly Dictionary<string, Dictionary<(string System, string Code), FhirDecimal?>> items = new(StringComparer.Ordinal);

    private QuestionnaireForm(string canonical) => Canonical = canonical;

    /// <summary>URL|version.</summary>
    public string Canonical { get; }

    public static QuestionnaireForm Of(ResourceDocument questionnaire)
    {
        var form = new QuestionnaireForm($"{questionnaire.Root.Child("url").Text}|{questionnaire.Root.Child("version").Text}");
        form.Add(questionnaire.Root);
        return form;
    }

    public bool HasItem(string linkId) => items.ContainsKey(linkId);

    /// <summary>True when the item can be answered so: by one of its options, or, when it has none, by a number or yes or no.</summary>
    public bool Offers(string linkId, HrqolAnswer answer)
        => items.TryGetValue(linkId, out var options) && (answer.Choice is { } choice ? options.ContainsKey((choice.System, choice.Code)) : options.Count == 0);

    /// <summary>The number that counts for an answer: the ordinal value of the option, or the number itself; null when it counts for none.</summary>
    public FhirDecimal? OrdinalOf(string linkId, HrqolAnswer answer)
        => answer.Choice is { } choice
            ? items.TryGetValue(linkId, out var options) && options.TryGetValue((choice.System, choice.Code), out var ordinal) ? ordinal : null
            : answer.Number;

    private void Add(Node parent)
    {
        foreach (var item in parent.ChildrenOf("item"))
        {
            if (item.Child("linkId").Text is { } linkId)
                items[linkId] = Options(item);

            Add(item);
        }
    }

    private static Dictionary<(string, string), FhirDecimal?> Options(Node item)
    {
        Dictionary<(string, string), FhirDecimal?> options = [];
        foreach (var option in item.ChildrenOf("answerOption"))
        {
            var value = option.Child("value");
            if (value.Exists && value.Type.Name == "Coding" && value.Child("system").Text is { } system && value.Child("code").Text is { } code)
                options[(system, code)] = Ordinal(value) ?? Ordinal(option);
        }

        return options;
    }

    private static FhirDecimal? Ordinal(Node node)
    {
        foreach (var extension in node.ChildrenOf("extension"))
        {
            if (extension.Child("url").Text == "http://hl7.org/fhir/StructureDefinition/ordinalValue")
                return RecordedNumber.Of(extension.Child("value"));
        }

        return null;
    }
}
