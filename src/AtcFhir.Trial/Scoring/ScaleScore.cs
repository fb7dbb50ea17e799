namespace AtcFhir.Trial.Scoring;

/// <summary>A scale, scored.</summary>
/// <param name="Scale">Code of the scale.</param>
/// <param name="Raw">Mean or sum of the answered items, not rounded; null when too few were answered.</param>
/// <param name="Score">The score, not rounded; null when too few items were answered.</param>
public sealed record ScaleScore(string Scale, decimal? Raw, decimal? Score, int Answered, int Items);

/// <summary>Scores answers by a definition. Pure: the same answers and rules give the same scores.</summary>
public static class Scorer
{
    /// <param name="answers">The number of each answered item, by linkId.</param>
    public static IReadOnlyList<ScaleScore> Score(ScoringDefinition definition, IReadOnlyDictionary<string, decimal> answers)
        => [.. definition.Scales.Select(scale => Score(scale, answers))];

    public static ScaleScore Score(ScaleDefinition scale, IReadOnlyDictionary<string, decimal> answers)
    {
        // An answer outside the range is no answer to this scale.
        var numbers = scale.Items
            .Where(answers.ContainsKey)
            .Select(item => answers[item])
            .Where(number => number >= scale.Min && number <= scale.Max)
            .ToList();
        if (numbers.Count == 0 || numbers.Count < scale.MinAnswered * scale.Items.Count)
            return new ScaleScore(scale.Code, null, null, numbers.Count, scale.Items.Count);

        var raw = scale.Aggregate == ScaleAggregate.Mean ? numbers.Sum() / numbers.Count : numbers.Sum();
        return new ScaleScore(scale.Code, raw, Transformed(scale, raw, numbers.Count), numbers.Count, scale.Items.Count);
    }

    private static decimal Transformed(ScaleDefinition scale, decimal raw, int answered)
    {
        if (scale.Transform == ScaleTransform.None)
            return raw;

        var (low, high) = scale.Aggregate == ScaleAggregate.Mean ? (scale.Min, scale.Max) : (scale.Min * answered, scale.Max * answered);
        var part = (raw - low) / (high - low) * 100;
        return scale.IsReversed ? 100 - part : part;
    }
}
