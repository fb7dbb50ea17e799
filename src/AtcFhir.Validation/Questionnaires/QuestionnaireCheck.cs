using AtcFhir.R4.Documents;
using AtcFhir.Validation.Instance;

namespace AtcFhir.Validation.Questionnaires;

/// <summary>What the invariants of Questionnaire leave open: conditions point to questions that can answer them.</summary>
internal static class QuestionnaireCheck
{
    public static void Check(Run run, Node questionnaire)
    {
        var items = new Dictionary<string, Node>(StringComparer.Ordinal);
        Collect(questionnaire, items);
        CheckItems(run, questionnaire, items);
    }

    private static void Collect(Node parent, Dictionary<string, Node> items)
    {
        foreach (var item in parent.ChildrenOf("item"))
        {
            if (item.Child("linkId").Text is { } linkId)
            {
                items.TryAdd(linkId, item);
            }

            Collect(item, items);
        }
    }

    private static void CheckItems(Run run, Node parent, Dictionary<string, Node> items)
    {
        foreach (var item in parent.ChildrenOf("item"))
        {
            foreach (var condition in item.ChildrenOf("enableWhen"))
            {
                if (condition.Child("question").Text is not { } question)
                {
                    continue;
                }

                if (!items.TryGetValue(question, out var source))
                {
                    run.Findings.Add(Rules.Questionnaire, item, $"enableWhen refers to the item '{question}', which does not exist.", position: condition);
                }
                else if (IsWithin(source, item))
                {
                    run.Findings.Add(Rules.Questionnaire, item, $"enableWhen refers to the item '{question}', which is this one or stands inside it.", position: condition);
                }
                else if (source.Index > item.Index)
                {
                    run.Findings.Add(Rules.Questionnaire, item, $"enableWhen refers to the item '{question}', which comes later.", severity: R4.Outcomes.IssueSeverity.Warning, position: condition);
                }
            }

            CheckItems(run, item, items);
        }
    }

    private static bool IsWithin(Node node, Node ancestor)
    {
        for (var at = node; at.Exists; at = at.Parent)
        {
            if (at == ancestor)
            {
                return true;
            }
        }

        return false;
    }
}
