using System.Text;
using System.Text.Json;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Trial.Scoring;

/// <summary>How the answered items of a scale become one raw score.</summary>
public enum ScaleAggregate
{
    Mean,
    Sum,
}

/// <summary>How a raw score becomes the score.</summary>
public enum ScaleTransform
{
    /// <summary>The raw score is the score.</summary>
    None,
    /// <summary>0 to 100: a higher score is more of what the scale is about.</summary>
    Linear0To100,
}

/// <summary>One scale of an instrument.</summary>
/// <param name="Code">Code of the scale in <see cref="ScoringDefinition.CodeSystem"/>.</param>
/// <param name="Items">linkIds of its items.</param>
/// <param name="Min">Lowest number that an answer has.</param>
/// <param name="Max">Highest number that an answer has.</param>
/// <param name="IsReversed">The more an answer counts, the lower the score: as in a functional scale whose items ask for trouble.</param>
/// <param name="MinAnswered">The part of the items that must be answered, 0 to 1.</param>
public sealed record ScaleDefinition(
    string Code,
    string Name,
    IReadOnlyList<string> Items,
    decimal Min,
    decimal Max,
    bool IsReversed,
    decimal MinAnswered,
    ScaleAggregate Aggregate,
    ScaleTransform Transform);

/// <summary>
/// The rules by which a questionnaire is scored: data, since the trial's own instrument is not published. It travels as the JSON content of a
/// Library that the Questionnaire names.
/// </summary>
/// <param name="Method">Canonical of the Library, with version.</param>
/// <param name="Questionnaire">Canonical of the questionnaire, with version.</param>
/// <param name="CodeSystem">Code system of the scales.</param>
public sealed record ScoringDefinition(string Method, string Questionnaire, string CodeSystem, IReadOnlyList<ScaleDefinition> Scales)
{
    /// <summary>Reads the definition out of a Library resource.</summary>
    public static Result<ScoringDefinition> FromLibrary(ResourceDocument library)
    {
        var method = $"{library.Root.Child("url").Text}|{library.Root.Child("version").Text}";
        foreach (var content in library.Root.ChildrenOf("content"))
        {
            if (content.Child("contentType").Text == "application/json" && content.Child("data").Text is { } data)
                return FromJson(method, Convert.FromBase64String(data));
        }

        return new Failure(FailureKind.Unprocessable, IssueCode.Required, "The Library has no JSON content with scoring rules.");
    }

    /// <summary>Reads the definition itself.</summary>
    public static Result<ScoringDefinition> FromJson(string method, ReadOnlySpan<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json.ToArray());
            var root = document.RootElement;
            var definition = new ScoringDefinition(
                method,
                root.GetProperty("questionnaire").GetString()!,
                root.GetProperty("codeSystem").GetString()!,
                [.. root.GetProperty("scales").EnumerateArray().Select(ReadScale)]);
            return definition.Faults() is [var fault, ..] ? new Failure(FailureKind.Unprocessable, IssueCode.Invalid, fault) : definition;
        }
        catch (Exception broken) when (broken is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return new Failure(FailureKind.Malformed, IssueCode.Structure, "The scoring rules are not readable: " + broken.Message);
        }
    }

    private static ScaleDefinition ReadScale(JsonElement scale)
    {
        var kind = scale.GetProperty("kind").GetString();
        return new ScaleDefinition(
            scale.GetProperty("code").GetString()!,
            scale.GetProperty("name").GetString()!,
            [.. scale.GetProperty("items").EnumerateArray().Select(item => item.GetString()!)],
            scale.GetProperty("min").GetDecimal(),
            scale.GetProperty("max").GetDecimal(),
            kind == "functional",
            scale.GetProperty("minAnswered").GetDecimal(),
            scale.GetProperty("aggregate").GetString() switch { "mean" => ScaleAggregate.Mean, "sum" => ScaleAggregate.Sum, var other => throw new FormatException($"aggregate {other}") },
            scale.GetProperty("transform").GetString() switch { "none" => ScaleTransform.None, "linear0to100" => ScaleTransform.Linear0To100, var other => throw new FormatException($"transform {other}") });
    }

    private List<string> Faults()
    {
        List<string> faults = [];
        foreach (var scale in Scales)
        {
            if (scale.Items.Count == 0)
                faults.Add($"The scale {scale.Code} has no items.");
            if (scale.Items.Distinct(StringComparer.Ordinal).Count() < scale.Items.Count)
                faults.Add($"The scale {scale.Code} lists an item twice.");
            if (scale.Max <= scale.Min)
                faults.Add($"The scale {scale.Code} needs a highest answer above its lowest.");
            if (scale.MinAnswered is <= 0 or > 1)
                faults.Add($"The scale {scale.Code} must need more than none and at most all of its items.");
        }

        if (Scales.Select(scale => scale.Code).Distinct(StringComparer.Ordinal).Count() < Scales.Count)
            faults.Add("Two scales have the same code.");

        return faults;
    }

    public override string ToString() => new StringBuilder().Append(Method).Append(": ").AppendJoin(", ", Scales.Select(scale => scale.Code)).ToString();
}
