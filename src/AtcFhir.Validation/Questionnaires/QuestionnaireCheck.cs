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
            CheckInitial(run, item);
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
                else
                {
                    CheckAnswer(run, condition, source, question);
                }
            }

            CheckItems(run, item, items);
        }
    }

    /// <summary>R4, Questionnaire.item.initial: "The data type of initial[x] must agree with the item.type".</summary>
    private static void CheckInitial(Run run, Node item)
    {
        foreach (var initial in item.ChildrenOf("initial"))
        {
            if (initial.Child("value") is { Exists: true } value && AnswerTypes(item) is { } types && !types.Contains(value.Type.Name))
            {
                run.Findings.Add(Rules.Questionnaire, value, $"The initial value is a {value.Type.Name}; an item of type {item.Child("type").Text} takes {string.Join(" or ", types)}.");
            }
        }
    }

    /// <summary>A condition that no answer can meet is most likely a slip.</summary>
    private static void CheckAnswer(Run run, Node condition, Node source, string question)
    {
        var answer = condition.Child("answer");
        if (source.Child("type").Text is "group" or "display")
        {
            run.Findings.Add(Rules.Questionnaire, condition, $"enableWhen refers to the item '{question}', which is no question.", severity: R4.Outcomes.IssueSeverity.Warning);
        }
        else if (answer.Exists && condition.Child("operator").Text != "exists" && AnswerTypes(source) is { } types && !types.Contains(answer.Type.Name))
        {
            run.Findings.Add(
                Rules.Questionnaire, condition, $"The condition compares with a {answer.Type.Name}; answers to '{question}' are {string.Join(" or ", types)}.", severity: R4.Outcomes.IssueSeverity.Warning, position: answer);
        }
    }

    /// <summary>The types of its answers; null where nothing is said.</summary>
    private static string[]? AnswerTypes(Node item)
    {
        if (item.Child("type").Text is not { } type || type is "group" or "display" or "question")
        {
            return null;
        }

        var options = item.ChildrenOf("answerOption").ToList().Select(option => option.Child("value")).Where(value => value.Exists).Select(value => value.Type.Name).Distinct().ToArray();
        return QuestionItem.AnswerTypesOf(type, options);
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
