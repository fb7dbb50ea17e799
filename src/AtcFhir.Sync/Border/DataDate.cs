using AtcFhir.R4.Documents;

namespace AtcFhir.Sync.Border;

/// <summary>When the data of a hospital resource were true: what consent is checked against.</summary>
internal static class DataDate
{
    /// <summary>The span of time the resource speaks about, null when it does not say. A date of less than a second is the whole day, month or year.</summary>
    public static (DateTimeOffset From, DateTimeOffset Until)? Of(ResourceDocument document)
    {
        var root = document.Root;
        foreach (var name in Elements(document.ResourceType))
        {
            var node = root.Child(name);
            if (node.Exists && (node.IsPrimitive ? Read(node.Text) : ReadPeriod(node)) is { } span)
            {
                return span;
            }
        }

        return null;
    }

    private static string[] Elements(string type) => type switch
    {
        "Observation" => ["effective", "issued"],
        "MedicationAdministration" => ["effective"],
        "Condition" => ["recordedDate", "onset"],
        "QuestionnaireResponse" => ["authored"],
        "AdverseEvent" => ["date", "detected", "recordedDate"],
        "Consent" => ["dateTime"],
        "ResearchSubject" => ["period"],
        _ => [],
    };

    private static (DateTimeOffset From, DateTimeOffset Until)? ReadPeriod(Node node)
    {
        var start = Read(node.Child("start").Text) ?? Read(node.Child("event").Text);
        var end = Read(node.Child("end").Text);
        return (start ?? end) is { } first ? (first.From, (end ?? first).Until) : null;
    }

    internal static (DateTimeOffset From, DateTimeOffset Until)? Read(string? text)
    {
        if (text is null)
        {
            return null;
        }

        const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return text.Length switch
        {
            4 when Parse(text, "yyyy") is { } year => (year, year.AddYears(1).AddTicks(-1)),
            7 when Parse(text, "yyyy-MM") is { } month => (month, month.AddMonths(1).AddTicks(-1)),
            10 when Parse(text, "yyyy-MM-dd") is { } day => (day, day.AddDays(1).AddTicks(-1)),
            > 10 when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Styles, out var instant) => (instant, instant),
            _ => null,
        };

        static DateTimeOffset? Parse(string text, string format)
            => DateTimeOffset.TryParseExact(text, format, CultureInfo.InvariantCulture, Styles, out var value) ? value : null;
    }
}
