using AtcFhir.R4.Documents;
using AtcFhir.Validation.Instance;

namespace AtcFhir.Validation.Questionnaires;

/// <summary>What the invariants of Questionnaire leave open: conditions point to questions that can answer them.</summary>
internal static class QuestionnaireCheck
{
    public static void Check(Run run, Node questionnaire)
    {
        var items = run.RentTexts();
        Collect(questionnaire, items);
        CheckItems(run, questionnaire, items);
        run.Return(items);
    }

    private static void Collect(Node parent, NodesByText items)
    {
        Span<char> buffer = stackalloc char[NodeText.Usual];
        foreach (var item in parent.ChildrenOf("item"))
        {
            if (item.Child("linkId") is { HasValue: true } linkId)
            {
                items.Add(linkId.Chars(buffer), item);
            }

            Collect(item, items);
        }
    }

    private static void CheckItems(Run run, Node parent, NodesByText items)
    {
        foreach (var item in parent.ChildrenOf("item"))
        {
            CheckInitial(run, item);
            foreach (var condition in item.ChildrenOf("enableWhen"))
            {
                CheckCondition(run, item, condition, items);
            }

            CheckItems(run, item, items);
        }
    }

    private static void CheckCondition(Run run, Node item, Node condition, NodesByText items)
    {
        Span<char> buffer = stackalloc char[NodeText.Usual];
        if (condition.Child("question") is not { HasValue: true } named)
        {
            return;
        }

        var question = named.Chars(buffer);
        var source = items[question].First;
        if (!source.Exists)
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

    /// <summary>R4, Questionnaire.item.initial: "The data type of initial[x] must agree with the item.type".</summary>
    private static void CheckInitial(Run run, Node item)
    {
        foreach (var initial in item.ChildrenOf("initial"))
        {
            if (initial.Child("value") is { Exists: true } value && !MayAnswer(value, item))
            {
                run.Findings.Add(Rules.Questionnaire, value, $"The initial value is a {value.Type.Name}; an item of type {item.Child("type").Text} takes {AnswerTypes(item)}.");
            }
        }
    }

    /// <summary>A condition that no answer can meet is most likely a slip.</summary>
    private static void CheckAnswer(Run run, Node condition, Node source, ReadOnlySpan<char> question)
    {
        Span<char> buffer = stackalloc char[NodeText.Usual];
        var answer = condition.Child("answer");
        if (source.Child("type").Chars(buffer) is "group" or "display")
        {
            run.Findings.Add(Rules.Questionnaire, condition, $"enableWhen refers to the item '{question}', which is no question.", severity: R4.Outcomes.IssueSeverity.Warning);
        }
        else if (answer.Exists && !condition.Child("operator").TextEquals("exists"u8) && !MayAnswer(answer, source))
        {
            run.Findings.Add(
                Rules.Questionnaire, condition, $"The condition compares with a {answer.Type.Name}; answers to '{question}' are {AnswerTypes(source)}.", severity: R4.Outcomes.IssueSeverity.Warning, position: answer);
        }
    }

    /// <summary>True too where nothing is said of the answers.</summary>
    private static bool MayAnswer(Node value, Node item)
    {
        Span<char> buffer = stackalloc char[NodeText.Usual];
        var type = item.Child("type").Chars(buffer);
        if (type is "" or "group" or "display" or "question")
        {
            return true;
        }

        var hasOptions = false;
        if (type is "choice")
        {
            foreach (var option in item.ChildrenOf("answerOption"))
            {
                if (option.Child("value") is { Exists: true } other)
                {
                    hasOptions = true;
                    if (other.Type == value.Type)
                    {
                        return true;
                    }
                }
            }
        }

        return !hasOptions && QuestionItem.AnswerTypesOf(type).Contains(value.Type.Name);
    }

    private static string AnswerTypes(Node item)
    {
        var options = item.ChildrenOf("answerOption").ToList().Select(option => option.Child("value")).Where(value => value.Exists).Select(value => value.Type.Name).Distinct().ToArray();
        return string.Join(" or ", item.Child("type").TextEquals("choice"u8) && options.Length > 0 ? options : QuestionItem.AnswerTypesOf(item.Child("type").Text));
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
