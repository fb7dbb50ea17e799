using System.Text;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Values;

namespace AtcFhir.Sync.Border;

/// <summary>When the data of a hospital resource were true: what consent is checked against.</summary>
internal static class DataDate
{
    private const int FullDate = 10;

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

        if (FhirDateTime.TryParsePartial(Encoding.UTF8.GetBytes(text), out var value))
        {
            return (Moment(value.Earliest), Moment(value.Latest - 1));
        }

        // What is no date of FHIR, but tells a moment all the same, may still be from before the consent.
        const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return text.Length > FullDate && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Styles, out var moment) ? (moment, moment) : null;
    }

    private static DateTimeOffset Moment(long ticks) => new(Math.Clamp(ticks, 0, DateTime.MaxValue.Ticks), TimeSpan.Zero);
}
