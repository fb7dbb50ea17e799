using System.Runtime.InteropServices;
using System.Text.Json;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Values;
using AtcFhir.Validation.Conformance;
using AtcFhir.Validation.Instance;

namespace AtcFhir.Validation.Questionnaires;

/// <summary>Are the items of a Questionnaire enabled by the answers of a response? <see href="https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen"/></summary>
internal sealed class EnableWhenEvaluation(Node response)
{
    /// <summary>More answers than any real response makes us compare; a hostile one would take as long as its conditions times its answers.</summary>
    private const int MaxComparisons = 2_000_000;

    /// <summary>From here on it is remembered what a condition gave.</summary>
    private const int ManyComparisons = 10_000;

    private readonly Dictionary<(string Condition, int First, int Count), bool> known = [];
    private int comparisons;

    /// <summary>True when there were too many conditions and answers to tell of all items whether they are enabled.</summary>
    public bool IsExhausted => comparisons > MaxComparisons;

    /// <summary>The first item of which it cannot be told, since an expression enables it.</summary>
    public QuestionItem? MetExpression { get; private set; }

    /// <summary>The items of the response by linkId, each list in the order of the text; made for the first condition that is asked.</summary>
    private Dictionary<string, List<Node>>? items;

    /// <param name="around">The response or item (or answer) in which the item stands, or would stand.</param>
    /// <returns>Null when it cannot be told.</returns>
    public bool? IsEnabled(QuestionItem item, Node around)
    {
        if (item.HasEnablingExpression)
        {
            MetExpression ??= item;
            return null;
        }

        if (item.EnableWhen.Count == 0)
        {
            return true;
        }

        foreach (var condition in item.EnableWhen)
        {
            var holds = Holds(condition, around);
            if (IsExhausted)
            {
                return null;
            }

            if (holds == item.EnableAny)
            {
                return item.EnableAny;
            }
        }

        return !item.EnableAny;
    }

    private bool Holds(EnableWhen condition, Node around)
    {
        var answered = Nearest(condition.Question, around);
        if (comparisons < ManyComparisons || answered.IsEmpty)
        {
            return Holds(condition, answered);
        }

        // Many items ask the same of the same answers.
        var key = (condition.Key, answered[0].Index, answered.Length);
        if (!known.TryGetValue(key, out var holds))
        {
            holds = Holds(condition, answered);
            known[key] = holds;
        }

        return holds;
    }

    private bool Holds(EnableWhen condition, ReadOnlySpan<Node> answered)
    {
        if (condition.Operator == "exists")
        {
            return AnyAnswer(answered, static (_, _) => true, null) == (condition.Answer?.Json.ValueKind != JsonValueKind.False);
        }

        if (condition.Answer is not { } expected)
        {
            return true;
        }

        // "!=" asks that no answer is equal; the others that at least one fits.
        return condition.Operator switch
        {
            "!=" => !AnyAnswer(answered, static (value, expected) => Fits(value, "=", expected!), expected),
            var relation => AnyAnswer(answered, (value, expected) => Fits(value, relation, expected!), expected),
        };
    }

    /// <summary>The nearest items with that linkId: inside the same repetition first, then further out.</summary>
    private ReadOnlySpan<Node> Nearest(string linkId, Node around)
    {
        if (!(items ??= ByLinkId()).TryGetValue(linkId, out var all))
        {
            return [];
        }

        for (var scope = around; scope.Exists; scope = scope.Parent)
        {
            var inside = Inside(scope, CollectionsMarshal.AsSpan(all));
            if (!inside.IsEmpty || scope.IsResource)
            {
                return inside;
            }
        }

        return [];
    }

    /// <summary>Those within the JSON of the scope: since they are in the order of the text, one stretch.</summary>
    private static ReadOnlySpan<Node> Inside(Node scope, ReadOnlySpan<Node> sorted)
    {
        var first = CountBefore(sorted, scope.JsonRange.Start.Value + 1);
        return sorted[first..Math.Max(first, CountBefore(sorted, scope.JsonRange.End.Value))];
    }

    private static int CountBefore(ReadOnlySpan<Node> sorted, int offset)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle].JsonRange.Start.Value < offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private bool AnyAnswer(ReadOnlySpan<Node> items, Func<Node, ExpectedValue?, bool> fits, ExpectedValue? expected)
    {
        foreach (var item in items)
        {
            foreach (var answer in item.ChildrenOf("answer"))
            {
                if (++comparisons > MaxComparisons)
                {
                    return false;
                }

                if (answer.Child("value") is { Exists: true } value && fits(value, expected))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private Dictionary<string, List<Node>> ByLinkId()
    {
        var found = new Dictionary<string, List<Node>>(StringComparer.Ordinal);
        Collect(response, found);
        foreach (var list in found.Values)
        {
            list.Sort(static (left, right) => left.JsonRange.Start.Value.CompareTo(right.JsonRange.Start.Value));
        }

        return found;
    }

    private static void Collect(Node scope, Dictionary<string, List<Node>> found)
    {
        foreach (var item in scope.ChildrenOf("item"))
        {
            if (item.Child("linkId").Text is { } linkId)
            {
                (CollectionsMarshal.GetValueRefOrAddDefault(found, linkId, out _) ??= []).Add(item);
            }

            Collect(item, found);
            foreach (var answer in item.ChildrenOf("answer"))
            {
                Collect(answer, found);
            }
        }
    }

    private static bool Fits(Node value, string relation, ExpectedValue expected)
    {
        if (expected.TypeName == "Coding")
        {
            return relation == "=" && value.Type.Name == "Coding" && SameCoding(value, expected.Json);
        }

        if (expected.TypeName is "Quantity" or "decimal" or "integer" or "date" or "dateTime" or "instant" or "time")
        {
            var order = Order(value, expected);
            return relation switch
            {
                "=" => order == 0,
                ">" => order > 0,
                "<" => order < 0,
                ">=" => order >= 0,
                "<=" => order <= 0,
                _ => false,
            };
        }

        if (expected.TypeName == "Reference")
        {
            return relation == "=" && value.Child("reference").Text == expected.Json.Text("reference");
        }

        var text = expected.Json.ValueKind == JsonValueKind.String ? expected.Json.GetString() : expected.Json.GetRawText();
        return relation == "=" && value.Text == text;
    }

    private static int? Order(Node value, ExpectedValue expected)
    {
        var isNumber = expected.TypeName is "decimal" or "integer";
        return isNumber && value.Type.Name == "Quantity" && FhirDecimal.TryParse(value.Child("value").RawValue, out var number) && FhirDecimal.TryParse(expected.Json.GetRawText(), out var bound)
            ? number.CompareTo(bound)
            : ValueCheck.Compare(value, expected);
    }

    /// <summary>The same code of the same system; without a system in one of the two the code decides.</summary>
    public static bool SameCoding(Node coding, JsonElement expected)
    {
        var (system, other) = (coding.Child("system").Text, expected.Text("system"));
        return coding.Child("code").Text == expected.Text("code") && (system == other || system is null || other is null);
    }
}
