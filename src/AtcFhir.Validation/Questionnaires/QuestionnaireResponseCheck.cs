using AtcFhir.R4.Documents;
using AtcFhir.Validation.Conformance;
using AtcFhir.Validation.Instance;

namespace AtcFhir.Validation.Questionnaires;

/// <summary>A QuestionnaireResponse against its Questionnaire. <see href="https://hl7.org/fhir/R4/questionnaireresponse.html#link"/></summary>
internal sealed class QuestionnaireResponseCheck
{
    private readonly Run run;
    private readonly QuestionnaireModel questionnaire;
    private readonly AnswerCheck answers;

    /// <summary>A response that is not finished may lack answers.</summary>
    private readonly bool isFinished;

    private QuestionnaireResponseCheck(Run run, QuestionnaireModel questionnaire, bool isFinished)
    {
        (this.run, this.questionnaire, this.isFinished) = (run, questionnaire, isFinished);
        answers = new AnswerCheck(run, questionnaire);
    }

    public static void Check(Run run, Node response)
    {
        if (response.Child("questionnaire") is not { Text: { } canonical } named)
        {
            return;
        }

        var questionnaire = canonical.StartsWith('#')
            ? Contained(canonical, response)
            : Known(run.Validator, canonical) ?? InBundle(run, canonical, response);
        if (questionnaire is null)
        {
            run.Findings.Add(Rules.QuestionnaireNotKnown, named, $"The Questionnaire {canonical} is not known here; the answers were not checked against it.");
            return;
        }

        var isFinished = response.Child("status").Text is not ("in-progress" or "stopped" or "entered-in-error");
        new QuestionnaireResponseCheck(run, questionnaire, isFinished).CheckItems(response, questionnaire.Items);
    }

    /// <summary>Read once, since the responses to one Questionnaire are many.</summary>
    private static QuestionnaireModel? Known(Validator validator, string canonical)
    {
        if (!validator.Questionnaires.TryGetValue(canonical, out var model) && validator.Source.Resource(canonical, "Questionnaire") is { } known)
        {
            model = new QuestionnaireModel(known);
            validator.Questionnaires[canonical] = model;
        }

        return model;
    }

    private static QuestionnaireModel? Contained(string reference, Node response)
        => ReferenceIndex.Contained(reference.AsSpan(1), response) is { Exists: true, Type.Name: "Questionnaire" } contained ? ModelOf(contained) : null;

    private static QuestionnaireModel? InBundle(Run run, string canonical, Node response)
        => run.References.Resolve(canonical, response) is { Exists: true, Type.Name: "Questionnaire" } found ? ModelOf(found) : null;

    private static QuestionnaireModel ModelOf(Node questionnaire)
        => new(System.Text.Json.JsonDocument.Parse(questionnaire.JsonSpan.ToArray(), JsonReading.Lenient).RootElement);

    /// <param name="parent">The response, an item, or an answer.</param>
    private void CheckItems(Node parent, IReadOnlyList<QuestionItem> expected)
    {
        var last = -1;
        var occurrences = new Dictionary<string, List<Node>>(StringComparer.Ordinal);
        foreach (var item in parent.ChildrenOf("item"))
        {
            if (item.Child("linkId").Text is not { } linkId)
            {
                continue;
            }

            var index = IndexOf(expected, linkId);
            if (index < 0)
            {
                run.Findings.Add(
                    Rules.ItemNotInQuestionnaire,
                    parent,
                    questionnaire.Find(linkId) is null ? $"The Questionnaire has no item '{linkId}'." : $"The item '{linkId}' stands elsewhere in the Questionnaire.",
                    position: item);
                continue;
            }

            if (index < last)
            {
                run.Findings.Add(Rules.ItemOrder, item, $"The item '{linkId}' comes before '{expected[last].LinkId}' in the Questionnaire.");
            }

            last = Math.Max(last, index);
            if (!occurrences.TryGetValue(linkId, out var list))
            {
                occurrences[linkId] = list = [];
            }

            list.Add(item);
        }

        foreach (var question in expected)
        {
            CheckQuestion(parent, question, occurrences.GetValueOrDefault(question.LinkId, []));
        }
    }

    private static int IndexOf(IReadOnlyList<QuestionItem> items, string linkId)
    {
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].LinkId == linkId)
            {
                return i;
            }
        }

        return -1;
    }

    private void CheckQuestion(Node parent, QuestionItem question, List<Node> items)
    {
        if (!EnableWhenEvaluation.IsEnabled(question, parent))
        {
            foreach (var item in items)
            {
                if (HasContent(item))
                {
                    run.Findings.Add(Rules.ItemNotEnabled, item, $"The item '{question.LinkId}' is not enabled by the other answers, but has an answer.");
                }
            }

            return;
        }

        if (items.Count == 0)
        {
            if (question.IsRequired && isFinished && question.Type != "display")
            {
                run.Findings.Add(Rules.ItemRequired, parent, $"The required item '{question.LinkId}' is missing.");
            }

            return;
        }

        if (items.Count > 1 && !(question.Repeats && question.Type == "group"))
        {
            run.Findings.Add(Rules.ItemRepeats, items[1], $"The item '{question.LinkId}' stands {items.Count} times{(question.IsQuestion && question.Repeats ? "; several answers stand in one item" : "; it does not repeat")}.");
        }

        foreach (var item in items)
        {
            CheckItem(item, question);
        }
    }

    private static bool HasContent(Node item)
    {
        if (item.Child("answer").Exists)
        {
            return true;
        }

        foreach (var inner in item.ChildrenOf("item"))
        {
            if (HasContent(inner))
            {
                return true;
            }
        }

        return false;
    }

    private void CheckItem(Node item, QuestionItem question)
    {
        if (item.Child("text") is { HasValue: true } text && question.Text is { } expected && text.Text != expected)
        {
            run.Findings.Add(Rules.ItemText, item, $"The text of the item '{question.LinkId}' is not that of the Questionnaire.", severity: R4.Outcomes.IssueSeverity.Warning, position: text);
        }

        var given = item.ChildrenOf("answer").ToList();
        if (question.IsRequired && question.Type == "group" && isFinished && question.Items.Count > 0 && !item.Child("item").Exists)
        {
            run.Findings.Add(Rules.ItemRequired, item, $"The required group '{question.LinkId}' is empty.");
        }

        if (!question.IsQuestion)
        {
            if (given.Count > 0)
            {
                run.Findings.Add(Rules.AnswerType, item, $"The item '{question.LinkId}' is a {question.Type}; it has no answers.");
            }

            CheckItems(item, question.Items);
            return;
        }

        if (given.Count == 0 && question.IsRequired && isFinished)
        {
            run.Findings.Add(Rules.ItemRequired, item, $"The required item '{question.LinkId}' has no answer.");
        }

        if (given.Count > 1 && !question.Repeats)
        {
            run.Findings.Add(Rules.ItemRepeats, item, $"The item '{question.LinkId}' has {given.Count} answers; it takes one.");
        }

        if (given.Count > question.MaxOccurs)
        {
            run.Findings.Add(Rules.ItemRepeats, item, $"The item '{question.LinkId}' has {given.Count} answers; at most {question.MaxOccurs} are allowed.");
        }

        if (given.Count < question.MinOccurs && isFinished)
        {
            run.Findings.Add(Rules.ItemRepeats, item, $"The item '{question.LinkId}' has {given.Count} answers; at least {question.MinOccurs} are demanded.");
        }

        answers.CheckExclusive(given, question);
        foreach (var answer in given)
        {
            answers.Check(answer, question);
            CheckItems(answer, question.Items);
        }

        if (item.Child("item") is { Exists: true } misplaced)
        {
            run.Findings.Add(Rules.ItemNotInQuestionnaire, misplaced, $"Items below the question '{question.LinkId}' stand in its answer.");
        }
    }
}
