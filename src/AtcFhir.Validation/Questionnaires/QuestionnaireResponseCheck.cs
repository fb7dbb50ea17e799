using System.Buffers;
using AtcFhir.R4.Documents;
using AtcFhir.Validation.Conformance;
using AtcFhir.Validation.Instance;

namespace AtcFhir.Validation.Questionnaires;

/// <summary>A QuestionnaireResponse against its Questionnaire. <see href="https://hl7.org/fhir/R4/questionnaireresponse.html#link"/></summary>
internal readonly struct QuestionnaireResponseCheck
{
    private const int Near = 8;

    private readonly Run run;
    private readonly QuestionnaireModel questionnaire;
    private readonly AnswerCheck answers;
    private readonly EnableWhenEvaluation conditions;

    /// <summary>A response that is not finished may lack answers.</summary>
    private readonly bool isFinished;

    private QuestionnaireResponseCheck(Run run, QuestionnaireModel questionnaire, Node response, bool isFinished)
    {
        (this.run, this.questionnaire, this.isFinished) = (run, questionnaire, isFinished);
        answers = new AnswerCheck(run, questionnaire);
        conditions = new EnableWhenEvaluation(response);
    }

    public static void Check(Run run, Node response)
    {
        if (response.Child("questionnaire") is not { HasValue: true } named)
        {
            return;
        }

        var questionnaire = Known(run.Validator, named) ?? Stated(run, named, response);
        if (questionnaire is null && named.RawValue is [(byte)'#', ..])
        {
            // Said of the canonical: nothing of that id is contained, or no Questionnaire.
            return;
        }

        if (questionnaire is null)
        {
            run.Findings.Add(Rules.QuestionnaireNotKnown, named, $"The Questionnaire {named.Text} is not known here; the answers were not checked against it.");
            return;
        }

        var isFinished = response.Child("status").Text is not ("in-progress" or "stopped" or "entered-in-error");
        var check = new QuestionnaireResponseCheck(run, questionnaire, response, isFinished);
        check.CheckItems(response, questionnaire.Items);
        if (check.conditions.IsExhausted)
        {
            run.Findings.Add(Rules.NotSupported, response, "There are too many conditions and answers to tell of all items whether they are enabled; of the rest that was not checked.");
        }

        if (check.conditions.MetExpression is { } item)
        {
            run.Findings.Add(Rules.NotSupported, response, $"Whether '{item.LinkId}' is enabled is said by an expression (sdc-questionnaire-enableWhenExpression), which is not evaluated here; whether it has to be answered was not checked.");
        }
    }

    /// <summary>Read once, since the responses to one Questionnaire are many.</summary>
    private static QuestionnaireModel? Known(Validator validator, Node named)
    {
        Span<char> buffer = stackalloc char[NodeText.Usual];
        var canonical = named.Chars(buffer);
        if (validator.Questionnaires.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(canonical, out var model) || canonical is ['#', ..])
        {
            return model;
        }

        var text = canonical.ToString();
        if (validator.Source.Resource(text, "Questionnaire") is { } known)
        {
            model = new QuestionnaireModel(known);
            validator.Questionnaires[text] = model;
        }

        return model;
    }

    /// <summary>One that comes with the response.</summary>
    private static QuestionnaireModel? Stated(Run run, Node named, Node response)
        => named.Text is ['#', ..] reference ? Contained(reference, response) : InBundle(run, named.Text!, response);

    private static QuestionnaireModel? Contained(string reference, Node response)
        => ReferenceIndex.Contained(reference.AsSpan(1), response) is { Exists: true, Type.Name: "Questionnaire" } contained ? ModelOf(contained) : null;

    private static QuestionnaireModel? InBundle(Run run, string canonical, Node response)
        => run.References.Resolve(canonical, response) is { Exists: true, Type.Name: "Questionnaire" } found ? ModelOf(found) : null;

    private static QuestionnaireModel ModelOf(Node questionnaire)
        => new(System.Text.Json.JsonDocument.Parse(questionnaire.JsonSpan.ToArray(), JsonReading.Lenient).RootElement);

    /// <param name="parent">The response, an item, or an answer.</param>
    private void CheckItems(Node parent, QuestionItem[] expected)
    {
        var items = parent.ChildrenOf("item");
        if (items.IsEmpty && expected.Length == 0)
        {
            return;
        }

        // The place of the question, then the item: in the order of the questions, and of one question in that of the text.
        var found = ArrayPool<long>.Shared.Rent(items.Count);
        try
        {
            CheckQuestions(parent, expected, found.AsSpan(0, Find(parent, items, expected, found)));
        }
        finally
        {
            ArrayPool<long>.Shared.Return(found);
        }
    }

    /// <summary>Looks up the question of each item.</summary>
    private int Find(Node parent, NodeChildren items, QuestionItem[] expected, long[] found)
    {
        var (count, last, isSorted) = (0, -1, true);
        foreach (var item in items)
        {
            var linkId = item.Child("linkId");
            if (!linkId.HasValue)
            {
                continue;
            }

            var index = IndexOf(expected, linkId, last);
            if (index < 0)
            {
                run.Findings.Add(
                    Rules.ItemNotInQuestionnaire,
                    parent,
                    questionnaire.Find(linkId.Text!) is null ? $"The Questionnaire has no item '{linkId.Text}'." : $"The item '{linkId.Text}' stands elsewhere in the Questionnaire.",
                    position: item);
                continue;
            }

            if (index < last)
            {
                isSorted = false;
                run.Findings.Add(Rules.ItemOrder, item, $"The item '{linkId.Text}' comes before '{expected[last].LinkId}' in the Questionnaire.");
            }

            last = Math.Max(last, index);
            found[count++] = ((long)index << 32) | (uint)item.Index;
        }

        if (!isSorted)
        {
            found.AsSpan(0, count).Sort();
        }

        return count;
    }

    private void CheckQuestions(Node parent, QuestionItem[] expected, ReadOnlySpan<long> found)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            var count = 0;
            while (count < found.Length && found[count] >> 32 == i)
            {
                count++;
            }

            CheckQuestion(parent, expected[i], found[..count]);
            found = found[count..];
        }
    }

    /// <summary>Mostly the items come in the order of the questions, so a few from the one that came last are compared before the look-up in the whole list.</summary>
    private int IndexOf(QuestionItem[] expected, Node linkId, int last)
    {
        for (var i = Math.Max(last, 0); i < Math.Min(expected.Length, last + Near); i++)
        {
            if (linkId.TextEquals(expected[i].LinkIdUtf8))
            {
                return i;
            }
        }

        return questionnaire.Place(expected, linkId.Text!);
    }

    /// <param name="found">The items of that question, in the lower halves.</param>
    private void CheckQuestion(Node parent, QuestionItem question, ReadOnlySpan<long> found)
    {
        var isEnabled = conditions.IsEnabled(question, parent);
        if (isEnabled == false)
        {
            foreach (var place in found)
            {
                if (ItemAt(parent, place) is var item && HasContent(item))
                {
                    run.Findings.Add(Rules.ItemNotEnabled, item, $"The item '{question.LinkId}' is not enabled by the other answers, but has an answer.");
                }
            }

            return;
        }

        if (found.IsEmpty)
        {
            if (isEnabled == true && question.IsRequired && isFinished && question.Type != "display")
            {
                run.Findings.Add(Rules.ItemRequired, parent, $"The required item '{question.LinkId}' is missing.");
            }

            return;
        }

        if (found.Length > 1 && !(question.Repeats && question.Type == "group"))
        {
            run.Findings.Add(
                Rules.ItemRepeats,
                ItemAt(parent, found[1]),
                $"The item '{question.LinkId}' stands {found.Length} times{(question.IsQuestion && question.Repeats ? "; several answers stand in one item" : "; it does not repeat")}.");
        }

        foreach (var place in found)
        {
            CheckItem(ItemAt(parent, place), question);
        }
    }

    private static Node ItemAt(Node parent, long place) => parent.Document.NodeAt((int)place);

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
        if (item.Child("text") is { HasValue: true } text && question.Text is { } expected && !text.TextEquals(expected))
        {
            run.Findings.Add(Rules.ItemText, item, $"The text of the item '{question.LinkId}' is not that of the Questionnaire.", position: text);
        }

        var given = item.ChildrenOf("answer");
        var count = given.Count;
        if (question.IsRequired && question.Type == "group" && isFinished && question.Items.Length > 0 && !item.Child("item").Exists)
        {
            run.Findings.Add(Rules.ItemRequired, item, $"The required group '{question.LinkId}' is empty.");
        }

        if (!question.IsQuestion)
        {
            if (count > 0)
            {
                run.Findings.Add(Rules.AnswerType, item, $"The item '{question.LinkId}' is a {question.Type}; it has no answers.");
            }

            CheckItems(item, question.Items);
            return;
        }

        if (count == 0 && question.IsRequired && isFinished)
        {
            run.Findings.Add(Rules.ItemRequired, item, $"The required item '{question.LinkId}' has no answer.");
        }

        if (count > 1 && !question.Repeats)
        {
            run.Findings.Add(Rules.ItemRepeats, item, $"The item '{question.LinkId}' has {count} answers; it takes one.");
        }

        if (count > question.MaxOccurs)
        {
            run.Findings.Add(Rules.ItemRepeats, item, $"The item '{question.LinkId}' has {count} answers; at most {question.MaxOccurs} are allowed.");
        }

        if (count < question.MinOccurs && isFinished)
        {
            run.Findings.Add(Rules.ItemRepeats, item, $"The item '{question.LinkId}' has {count} answers; at least {question.MinOccurs} are demanded.");
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
