using System.Text.RegularExpressions;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Values;
using AtcFhir.Validation.Conformance;
using AtcFhir.Validation.Profiles;

namespace AtcFhir.Validation.Instance;

/// <summary>What a profile says about a value itself: fixed, pattern, limits, lengths, regular expression, presence.</summary>
internal sealed class ValueCheck(Run run)
{
    public void Check(Node node, ElementRule rule)
    {
        if (rule.Fixed is { } fixedValue && !fixedValue.Equals(node))
        {
            // What is quoted of both may be the same: an id, a display or an extension counts too.
            var found = FoundText.Of(node) == fixedValue.ToString() ? ", and nothing beside it; here is more, or less" : Found(node);
            Report(Rules.Fixed, node, rule, $"{{Profile}} fixes this value to {fixedValue}{found}.", fixedValue.ToString());
        }

        if (rule.Pattern is { } pattern && !pattern.IsPatternOf(node))
        {
            Report(Rules.Pattern, node, rule, $"{{Profile}} demands {pattern} here{Found(node)}.", pattern.ToString());
        }

        if ((rule.MinValue ?? rule.MaxValue) is { TypeName: "Quantity" } bound && !AreComparable(node, bound))
        {
            // A length is neither above a weight nor below it, so it keeps to no limit that is one.
            Report(rule.MinValue is null ? Rules.MaxValue : Rules.MinValue, node, rule, $"The value cannot be compared with {Limit(bound)}, the limit of {{profile}}{Found(node)}.");
        }
        else if (rule.MinValue is { } min && IsBelow(node, min, rule))
        {
            Report(Rules.MinValue, node, rule, $"The value is below {Limit(min)}, the minimum of {{profile}}{Found(node)}.", "at least " + Limit(min));
        }

        if (rule.MaxValue is { } max && IsAbove(node, max, rule))
        {
            Report(Rules.MaxValue, node, rule, $"The value is above {Limit(max)}, the maximum of {{profile}}{Found(node)}.", "at most " + Limit(max));
        }

        if (rule.MinLength is not null || rule.MaxLength is not null || rule.Regex is not null || rule.MaxDecimalPlaces is not null)
        {
            CheckText(node, rule);
        }

        if (node.IsPrimitive && !node.HasValue)
        {
            CheckPresence(node, rule);
        }
    }

    private bool IsBelow(Node node, ExpectedValue min, ElementRule rule)
        => rule.Earliest is { } earliest && RelativeLimit.AppliesTo(node) ? !earliest.Holds(node, run.FhirPath) : Compare(node, min) < 0;

    private bool IsAbove(Node node, ExpectedValue max, ElementRule rule)
        => rule.Latest is { } latest && RelativeLimit.AppliesTo(node) ? !latest.Holds(node, run.FhirPath) : Compare(node, max) > 0;

    private void CheckText(Node node, ElementRule rule)
    {
        if (node.Text is not { } text)
        {
            return;
        }

        var length = NodeText.Characters(text);
        if (length > rule.MaxLength)
        {
            Report(Rules.MaxLength, node, rule, $"The text has {length} characters; {{profile}} allows at most {rule.MaxLength}.");
        }

        if (length < rule.MinLength)
        {
            Report(Rules.MinLength, node, rule, $"The text has {length} characters; {{profile}} demands at least {rule.MinLength}.");
        }

        if (rule.MaxDecimalPlaces is { } places && text.IndexOf('.', StringComparison.Ordinal) is var point && point >= 0 && text.Length - point - 1 > places)
        {
            Report(Rules.MaxDecimalPlaces, node, rule, $"The number has {text.Length - point - 1} decimal places; {{profile}} allows at most {places}.");
        }

        if (rule.Regex is { } regex)
        {
            try
            {
                if (!regex.IsMatch(text))
                {
                    Report(Rules.Regex, node, rule, $"The text does not match the regular expression {regex} of {{profile}}.");
                }
            }
            catch (RegexMatchTimeoutException)
            {
                run.Findings.Add(Rules.NotSupported, node, "The regular expression of the profile takes too long on this text; it was not checked.", FindingDetail.Of(rule));
            }
        }
    }

    private void CheckPresence(Node node, ElementRule rule)
    {
        if (rule.MustHaveValue)
        {
            Report(Rules.MustHaveValue, node, rule, "{Profile} demands a value here; extensions alone do not do.");
        }

        if (rule.ValueAlternatives.Count > 0)
        {
            foreach (var extension in node.ChildrenOf("extension"))
            {
                if (extension.Child("url").Text is { } url && rule.ValueAlternatives.Contains(url))
                {
                    return;
                }
            }

            Report(Rules.ValueAlternative, node, rule, $"Without a value one of the extensions {string.Join(", ", rule.ValueAlternatives)} has to stand here.");
        }
    }

    /// <summary>Null when the two cannot be compared: then the limit says nothing.</summary>
    internal static int? Compare(Node node, ExpectedValue limit)
    {
        if (limit.TypeName is "Quantity" or "Duration" or "Age")
        {
            return CompareQuantity(node, limit);
        }

        if (!node.HasValue)
        {
            return null;
        }

        var text = limit.Json.ValueKind == System.Text.Json.JsonValueKind.String ? limit.Json.GetString()! : limit.Json.GetRawText();
        switch (limit.TypeName)
        {
            case "integer" or "decimal" or "positiveInt" or "unsignedInt":
                return FhirDecimal.TryParse(node.RawValue, out var number) && FhirDecimal.TryParse(text, out var bound) ? number.CompareTo(bound) : null;
            case "date" or "dateTime" or "instant":
                return FhirDateTime.TryParse(node.RawValue, out var time) && FhirDateTime.TryParse(text, out var timeBound) ? time.CompareTo(timeBound) : null;
            case "time":
                return string.CompareOrdinal(node.Text, text);
            default:
                return null;
        }
    }

    /// <summary>False when both units are of UCUM and measure different things.</summary>
    internal static bool AreComparable(Node quantity, ExpectedValue limit)
        => !FhirDecimal.TryParse(quantity.Child("value").RawValue, out _) || quantity.Child("code").Text is not { } unit || limit.Json.Text("code") is not { } boundUnit || !quantity.Child("system").TextEquals("http://unitsofmeasure.org"u8)
            || !Ucum.IsValid(unit) || !Ucum.IsValid(boundUnit) || CompareQuantity(quantity, limit) is not null;

    private static int? CompareQuantity(Node node, ExpectedValue limit)
    {
        if (!FhirDecimal.TryParse(node.Child("value").RawValue, out var value)
            || limit.Json.Property("value") is not { } boundText || !FhirDecimal.TryParse(boundText.GetRawText(), out var bound))
        {
            return null;
        }

        var (unit, boundUnit) = (node.Child("code").Text ?? node.Child("unit").Text, limit.Json.Text("code") ?? limit.Json.Text("unit"));
        if (unit == boundUnit || boundUnit is null)
        {
            return value.CompareTo(bound);
        }

        return unit is not null && node.Child("system").TextEquals("http://unitsofmeasure.org"u8) ? Ucum.Compare(value, unit, bound, boundUnit) : null;
    }

    private static string Limit(ExpectedValue limit)
        => limit.Json.ValueKind == System.Text.Json.JsonValueKind.Object && limit.Json.TryGetProperty("value", out var value)
            ? $"{value.GetRawText()} {limit.Json.Text("code") ?? limit.Json.Text("unit")}".TrimEnd()
            : limit.Display;

    private static string Found(Node node) => FoundText.Of(node) is { } found ? "; found " + found : "";

    private void Report(ValidationRule kind, Node node, ElementRule rule, string text, string? expected = null)
        => run.Findings.Add(kind, node, text, FindingDetail.Of(rule, expected, FoundText.Of(node)));
}
