using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath;

namespace AtcFhir.Validation.Instance;

/// <summary>
/// What stands at a node, in a form that may be quoted: codes, numbers and URIs as they are, of dates only their precision, of texts and identifiers
/// nothing, since these may say who somebody is.
/// </summary>
internal static class FoundText
{
    private const int Longest = 200;

    /// <summary>Null when nothing is to be said.</summary>
    public static string? Of(Node node)
    {
        var text = node.Exists ? Describe(node) : null;
        return text is { Length: > 0 and <= Longest } ? text : null;
    }

    /// <summary>No URI has white space: whatever it is instead may say who somebody is.</summary>
    public static bool IsBroken(ReadOnlySpan<char> uri) => uri.IndexOfAnyInRange('\0', ' ') >= 0;

    /// <summary>The nodes and values of a FHIRPath result; null of an empty one, and where one of them must not be quoted.</summary>
    public static string? Of(FhirPathCollection items)
    {
        if (items.IsEmpty)
        {
            return null;
        }

        var texts = new List<string>();
        foreach (var item in items)
        {
            var text = item.IsNode ? Of(item.Node) : item.Kind is FhirPathKind.Boolean or FhirPathKind.Integer or FhirPathKind.Decimal or FhirPathKind.Quantity ? item.ToString() : null;
            if (text is null)
            {
                return null;
            }

            texts.Add(text);
        }

        var joined = string.Join(", ", texts);
        return joined.Length <= Longest ? joined : null;
    }

    private static string? Describe(Node node) => node.Type.Name switch
    {
        "CodeableConcept" => string.Join(", ", node.ChildrenOf("coding").ToList().Select(Code)),
        "Coding" => Code(node),
        "Quantity" or "SimpleQuantity" or "Age" or "Duration" or "Count" or "Distance" or "MoneyQuantity" => Quantity(node),
        "code" or "integer" or "positiveInt" or "unsignedInt" or "decimal" or "boolean" => node.Text,
        "canonical" or "uri" => IsBroken(node.Text) ? null : node.Text,
        "date" or "dateTime" or "instant" => Precision(node.Text),
        _ => null,
    };

    private static string Quantity(Node node) => $"{node.Child("comparator").Text}{node.Child("value").Text} {node.Child("code").Text ?? node.Child("unit").Text}".Trim();

    private static string Code(Node coding)
        => coding.Child("system").Text is { } system && !IsBroken(system) ? $"{system}|{coding.Child("code").Text}" : coding.Child("code").Text ?? "a coding without a code";

    private static string? Precision(string? text) => text?.Length switch
    {
        null => null,
        4 => "a year",
        7 => "a year and month",
        10 => "a date with the day",
        _ => "a time of the day",
    };
}
