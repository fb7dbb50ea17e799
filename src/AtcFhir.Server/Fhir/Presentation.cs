using AtcFhir.R4.Outcomes;

namespace AtcFhir.Server.Fhir;

/// <summary>The values of _summary. <see href="https://hl7.org/fhir/R4/search.html#summary"/></summary>
internal enum Summary
{
    False,
    True,
    Text,
    Data,
    Count,
}

/// <summary>How an answer is to look: format, indentation, and which part of each resource.</summary>
/// <param name="Browser">The client reads HTML: JSON is sent so that a browser shows it.</param>
internal sealed record Presentation(Format Format, bool Pretty, Summary Summary, IReadOnlyList<string>? Elements, bool Browser = false)
{
    public static Presentation Json { get; } = new(Format.Json, Pretty: false, Summary.False, Elements: null);

    public static Presentation Xml { get; } = Json with { Format = Format.Xml };

    /// <summary>True when the stored bytes can go out as they are.</summary>
    public bool IsPlain => Format == Format.Json && !Pretty && IsWhole;

    public bool IsWhole => Summary is Summary.False && Elements is null;

    /// <summary>
    /// From the Accept header and the parameters _format (which wins), _pretty, _summary and _elements.
    /// <see href="https://hl7.org/fhir/R4/http.html#parameters"/>
    /// </summary>
    /// <param name="sent">The form of the body that was sent, which a client can read that says nothing else; R4 leaves open what it gets.</param>
    public static Result<Presentation> Of(string? accept, IReadOnlyList<KeyValuePair<string, string>> query, Format sent = Format.Json)
    {
        var presentation = Accepted(accept, sent == Format.Xml ? Xml : Json);
        foreach (var (name, value) in query)
        {
            switch (name)
            {
                case "_format" or "_pretty" or "_summary" or "_elements" when value.Length == 0:
                    break; // a field that a form leaves empty says nothing, as in a search
                case "_format":
                    // "+" of an unencoded media type arrives as a blank.
                    presentation = MediaType.FormatOfHeader(value.Replace(' ', '+')) is { } format
                        ? (presentation ?? Json) with { Format = format, Browser = false }
                        : value is "html" or "text/html" ? Json with { Browser = true, Pretty = true } : null;
                    if (presentation is null)
                    {
                        return new Failure(FailureKind.NotAcceptable, IssueCode.NotSupported, $"_format={value} is not served; use json or xml.");
                    }

                    break;
                case "_pretty" when presentation is not null:
                    presentation = presentation with { Pretty = value == "true" };
                    break;
                case "_summary" when presentation is not null:
                    if (SummaryOf(value) is not { } summary)
                    {
                        return new Failure(FailureKind.Malformed, IssueCode.Invalid, $"_summary={value} is not one of true, text, data, count, false.");
                    }

                    presentation = presentation with { Summary = summary };
                    break;
                case "_elements" when presentation is not null:
                    var elements = value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                    presentation = presentation with { Elements = [.. presentation.Elements ?? [], .. elements] };
                    break;
            }
        }

        return presentation is not null
            ? presentation
            : new Failure(FailureKind.NotAcceptable, IssueCode.NotSupported, "Served are application/fhir+json and application/fhir+xml, FHIR version 4.0, UTF-8.");
    }

    private static Presentation? Accepted(string? accept, Presentation any)
    {
        if (string.IsNullOrEmpty(accept) || accept == "*/*")
        {
            return any;
        }

        if (accept is "application/fhir+json" or "application/json")
        {
            return Json;
        }

        Presentation? best = null;
        var bestQuality = 0.0;
        foreach (var range in accept.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var quality = QualityOf(range);
            if (quality > bestQuality && OfRange(range, any) is { } presentation)
            {
                (best, bestQuality) = (presentation, quality);
            }
        }

        return best;
    }

    private static Presentation? OfRange(string range, Presentation any) => MediaType.FormatOfHeader(range) switch
    {
        Format.Json => Json,
        Format.Xml => Xml,
        _ => MediaType.NameOf(range) switch
        {
            "*/*" or "application/*" => any,
            "text/html" => Json with { Browser = true, Pretty = true },
            _ => null,
        },
    };

    private static double QualityOf(string range)
    {
        var at = range.IndexOf("q=", StringComparison.OrdinalIgnoreCase);
        if (at < 1 || range[at - 1] is not (';' or ' '))
        {
            return 1;
        }

        var text = range[(at + 2)..].Split(';')[0].Trim();
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var quality) ? quality : 1;
    }

    private static Summary? SummaryOf(string value) => value switch
    {
        "true" => Summary.True,
        "false" => Summary.False,
        "text" => Summary.Text,
        "data" => Summary.Data,
        "count" => Summary.Count,
        _ => null,
    };
}
