using System.Text.RegularExpressions;
using AtcFhir.R4.Documents;
using AtcFhir.Validation.Conformance;
using AtcFhir.Validation.Instance;
using AtcFhir.Validation.Terminology;

namespace AtcFhir.Validation.Questionnaires;

/// <summary>One answer against its question: type, options, limits.</summary>
internal readonly struct AnswerCheck(Run run, QuestionnaireModel questionnaire)
{
    private static readonly TimeSpan RegexLimit = TimeSpan.FromMilliseconds(200);

    public void Check(Node answer, QuestionItem question)
    {
        var value = answer.Child("value");
        if (!value.Exists)
        {
            return;
        }

        var allowed = question.AnswerTypes;
        if (!allowed.Contains(value.Type.Name))
        {
            run.Findings.Add(Rules.AnswerType, value, $"The question '{question.LinkId}' is of type {question.Type}; its answer is {string.Join(" or ", allowed)}, not {value.Type.Name}.");
            return;
        }

        if (value.Type.Name == "Attachment")
        {
            CheckAttachment(answer, value, question);
        }

        CheckOption(answer, value, question);
        if (value.Type.Name == "Quantity")
        {
            CheckUnit(answer, value, question);
        }

        if (question.ReferenceTypes.Count > 0 && ReferenceCheck.NamedType(value) is { } type && !question.ReferenceTypes.Contains(type.Name))
        {
            run.Findings.Add(Rules.AnswerType, value, $"The answer to '{question.LinkId}' points to a {type.Name}; allowed are {string.Join(", ", question.ReferenceTypes)}.");
        }

        CheckLimits(value, question);
    }

    private void CheckOption(Node answer, Node value, QuestionItem question)
    {
        if (question.Type == "open-choice" && value.Type.Name == "string")
        {
            return;
        }

        if (question.Options.Count > 0)
        {
            if (!question.Options.Contain(value))
            {
                run.Findings.Add(Rules.AnswerOption, answer, $"The answer to '{question.LinkId}' is none of its options.");
            }
        }
        else if (question.AnswerValueSet is { } canonical && value.Type.Name == "Coding")
        {
            CheckValueSet(answer, value, question, canonical);
        }
    }

    private void CheckUnit(Node answer, Node value, QuestionItem question)
    {
        if (question.UnitOptions.Count > 0 && !question.UnitOptions.Any(unit => EnableWhenEvaluation.SameCoding(value, unit)))
        {
            run.Findings.Add(Rules.AnswerOption, value, $"The unit of the answer to '{question.LinkId}' is none of its options.", position: answer);
        }

        if (question.UnitValueSet is { } canonical && run.Bindings.Contains(canonical, value, out _) == Membership.NotIn)
        {
            run.Findings.Add(Rules.AnswerOption, value, $"The unit of the answer to '{question.LinkId}' is not in the value set {canonical} of its units.", position: answer);
        }
    }

    private void CheckAttachment(Node answer, Node value, QuestionItem question)
    {
        if (question.MimeTypes.Count > 0 && value.Child("contentType").Text is { } contentType && !question.MimeTypes.Contains(contentType))
        {
            run.Findings.Add(Rules.AnswerLimit, answer, $"The attachment of '{question.LinkId}' is {contentType}; allowed are {string.Join(", ", question.MimeTypes)}.");
        }

        var megabytes = AttachmentCheck.Size(value) / 1_048_576m;
        if (megabytes > question.MaxSizeMegabytes)
        {
            run.Findings.Add(Rules.AnswerLimit, answer, $"The attachment of '{question.LinkId}' is larger than the {question.MaxSizeMegabytes} MB that are allowed.");
        }
    }

    /// <summary>An option that excludes all others stands alone.</summary>
    public void CheckExclusive(NodeChildren answers, QuestionItem question)
    {
        if (question.ExclusiveOptions.Count == 0 || answers.Count < 2)
        {
            return;
        }

        foreach (var answer in answers)
        {
            if (answer.Child("value") is { Exists: true } value && question.ExclusiveOptions.Contain(value))
            {
                run.Findings.Add(Rules.AnswerOption, answer, $"This answer to '{question.LinkId}' excludes all others, but there are others.");
            }
        }
    }

    private void CheckValueSet(Node answer, Node value, QuestionItem question, string canonical)
    {
        switch (canonical.StartsWith('#') ? InContained(value, canonical) : run.Bindings.Contains(canonical, value, out _))
        {
            case Membership.NotIn:
                run.Findings.Add(Rules.AnswerOption, answer, $"The answer to '{question.LinkId}' is not in the value set {canonical} of its options.");
                break;
            case Membership.NotChecked:
                run.Findings.Add(Rules.CodeNotChecked, answer, $"The answer to '{question.LinkId}' was not checked: the value set {canonical} of its options is not known here{run.Terminology.OtherVersionsOfValueSet(canonical)}, or not in whole.");
                break;
        }
    }

    private Membership InContained(Node value, string canonical)
        => questionnaire.Contained(canonical) is { } contained && ValueSetModel.Read(contained) is { } model ? BindingCheck.Contains(new CompiledValueSet(model, run.Terminology), value) : Membership.NotChecked;

    private void CheckLimits(Node value, QuestionItem question)
    {
        var text = question.RestrictsText ? value.Text : null;
        var length = text is null ? (int?)null : NodeText.Characters(text);
        if (length > question.MaxLength)
        {
            Report(value, $"The answer to '{question.LinkId}' has {length} characters; at most {question.MaxLength} are allowed.");
        }

        if (length < question.MinLength)
        {
            Report(value, $"The answer to '{question.LinkId}' has {length} characters; at least {question.MinLength} are demanded.");
        }

        if ((question.MinValue ?? question.MaxValue) is { TypeName: "Quantity" } limit && !ValueCheck.AreComparable(value, limit))
        {
            Report(value, $"The unit of the answer to '{question.LinkId}' cannot be compared with that of its limits.");
            return;
        }

        if (question.MinValue is { } min && ValueCheck.Compare(value, min) < 0)
        {
            Report(value, $"The answer to '{question.LinkId}' is below {min.Display}.");
        }

        if (question.MaxValue is { } max && ValueCheck.Compare(value, max) > 0)
        {
            Report(value, $"The answer to '{question.LinkId}' is above {max.Display}.");
        }

        if (question.MaxDecimalPlaces is { } places && text?.IndexOf('.', StringComparison.Ordinal) is { } point && point >= 0 && text.Length - point - 1 > places)
        {
            Report(value, $"The answer to '{question.LinkId}' has more than {places} decimal places.");
        }

        if (question.Regex is { } pattern && text is not null && !Matches(pattern, text))
        {
            Report(value, $"The answer to '{question.LinkId}' does not match the regular expression {pattern}.");
        }
    }

    private static bool Matches(string pattern, string text)
    {
        try
        {
            return Regex.IsMatch(text, "^(?:" + pattern + ")$", RegexOptions.CultureInvariant, RegexLimit);
        }
        catch (Exception unusable) when (unusable is ArgumentException or RegexMatchTimeoutException)
        {
            return true;
        }
    }

    private void Report(Node value, string text) => run.Findings.Add(Rules.AnswerLimit, value, text);
}
