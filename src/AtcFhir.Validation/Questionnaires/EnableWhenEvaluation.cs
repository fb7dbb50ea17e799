using System.Text.Json;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Values;
using AtcFhir.Validation.Conformance;
using AtcFhir.Validation.Instance;

namespace AtcFhir.Validation.Questionnaires;

/// <summary>Is an item of a Questionnaire enabled by the answers of a response? <see href="https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen"/></summary>
internal static class EnableWhenEvaluation
{
    /// <param name="around">The response or item (or answer) in which the item stands, or would stand.</param>
    public static bool IsEnabled(QuestionItem item, Node around)
    {
        if (item.EnableWhen.Count == 0)
        {
            return true;
        }

        foreach (var condition in item.EnableWhen)
        {
            if (Holds(condition, around) == item.EnableAny)
            {
                return item.EnableAny;
            }
        }

        return !item.EnableAny;
    }

    private static bool Holds(EnableWhen condition, Node around)
    {
        var answers = Answers(condition.Question, around);
        if (condition.Operator == "exists")
        {
            return (answers.Count > 0) == (condition.Answer?.Json.ValueKind != JsonValueKind.False);
        }

        if (condition.Answer is not { } expected)
        {
            return true;
        }

        // "!=" asks that no answer is equal; the others that at least one fits.
        return condition.Operator == "!="
            ? !answers.Exists(answer => Fits(answer, "=", expected))
            : answers.Exists(answer => Fits(answer, condition.Operator, expected));
    }

    /// <summary>The answers of the nearest items with that linkId: inside the same repetition first, then further out.</summary>
    private static List<Node> Answers(string linkId, Node around)
    {
        for (var scope = around; scope.Exists; scope = scope.Parent)
        {
            var found = new List<Node>();
            var exists = false;
            Collect(scope, linkId, found, ref exists);
            if (exists || scope.IsResource)
            {
                return found;
            }
        }

        return [];
    }

    private static void Collect(Node scope, string linkId, List<Node> found, ref bool exists)
    {
        foreach (var item in scope.ChildrenOf("item"))
        {
            if (item.Child("linkId").Text == linkId)
            {
                exists = true;
                foreach (var answer in item.ChildrenOf("answer"))
                {
                    if (answer.Child("value") is { Exists: true } value)
                    {
                        found.Add(value);
                    }
                }
            }

            Collect(item, linkId, found, ref exists);
            foreach (var answer in item.ChildrenOf("answer"))
            {
                Collect(answer, linkId, found, ref exists);
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
