using AtcFhir.R4.Documents;
using AtcFhir.R4.Values;
using AtcFhir.Trial.Concepts;
using AtcFhir.Trial.Study;

namespace AtcFhir.Trial.Scoring;

/// <summary>From the answers of a subject to the scores that the trial records.</summary>
public static class ResponseScoring
{
    /// <summary>The number of each answered item: the ordinal value of the chosen option, or the number itself.</summary>
    public static IReadOnlyDictionary<string, decimal> Numbers(HrqolResponse response, QuestionnaireForm form)
    {
        Dictionary<string, decimal> numbers = new(StringComparer.Ordinal);
        foreach (var item in response.Items.SelectMany(item => item.Flat()))
        {
            if (item.Answers is [var answer] && form.OrdinalOf(item.LinkId, answer) is { } ordinal
                && decimal.TryParse(ordinal.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
                numbers[item.LinkId] = number;
        }

        return numbers;
    }

    /// <summary>
    /// One score for each scale, with two decimals (the raw score with three), half away from zero. Heads have no id yet: a score's identifier
    /// is that of its response and the code of the scale.
    /// </summary>
    public static IReadOnlyList<HrqolScore> Scores(HrqolResponse response, QuestionnaireForm form, ScoringDefinition definition)
        => [.. Scorer.Score(definition, Numbers(response, form)).Select(score => new HrqolScore(
            response.Head with { Id = null, Identifier = response.Head.Identifier is { } identifier ? identifier with { Value = $"{identifier.Value}#{score.Scale}" } : null },
            "final",
            HrqolScore.Concept.Codes.FirstOrDefault(code => code.Code == score.Scale && code.System == definition.CodeSystem) ?? new ConceptCode(definition.CodeSystem, score.Scale),
            response.Authored,
            Rounded(score.Score, "0.##"),
            Rounded(score.Raw, "0.###"),
            score.Answered,
            score.Items,
            definition.Method,
            "QuestionnaireResponse/" + response.Head.Id))];

    /// <summary>
    /// The scores of a response that is stored on the trial side, as resources ready to be stored: one a scale, with the response's id and the
    /// code of the scale as id, so that scoring again changes the same resources. A response that was taken back gives scores that are, too.
    /// None when the study does not know the questionnaire or does not score it.
    /// </summary>
    public static IReadOnlyList<byte[]> Resources(ResourceDocument response, StudyPackage study)
    {
        if (response.Root.Child("questionnaire").Text is not { } questionnaire
            || study.Facts.Questionnaire(questionnaire) is not { } form
            || study.Scoring(questionnaire) is not { } definition
            || !HrqolResponse.FromFhir(response).TryGet(out var answers, out _)
            || answers.Status == "in-progress")
            return [];

        var status = answers.Status is "entered-in-error" or "amended" ? answers.Status : "final";
        return [.. Scores(answers, form, definition).Select(score => (score with
        {
            Status = status,
            Head = score.Head with { Id = $"{answers.Head.Id}-{score.Scale.Code}" },
        }).ToFhir())];
    }

    private static FhirDecimal? Rounded(decimal? value, string format)
        => value is { } number ? FhirDecimal.Parse(Math.Round(number, format.Length - 2, MidpointRounding.AwayFromZero).ToString(format, CultureInfo.InvariantCulture)) : null;
}
