namespace AtcFhir.Server.Fhir;

/// <summary>The two representations that are served. <see href="https://hl7.org/fhir/R4/http.html#mime-type"/></summary>
internal enum Format
{
    Json,
    Xml,
}

/// <summary>Which media types mean FHIR JSON and FHIR XML, and what a client accepts.</summary>
internal static class MediaType
{
    public const string Json = "application/fhir+json; charset=utf-8";
    public const string BrowserJson = "application/json; charset=utf-8";
    public const string Xml = "application/fhir+xml; charset=utf-8";
    public const string JsonPatch = "application/json-patch+json";
    public const string Form = "application/x-www-form-urlencoded";

    /// <summary>The format that a media type without parameters names; null for any other.</summary>
    public static Format? FormatOf(ReadOnlySpan<char> mediaType) => mediaType switch
    {
        _ when Is(mediaType, "application/fhir+json") || Is(mediaType, "application/json") || Is(mediaType, "text/json") || Is(mediaType, "json")
            => Format.Json,
        _ when Is(mediaType, "application/fhir+xml") || Is(mediaType, "application/xml") || Is(mediaType, "text/xml") || Is(mediaType, "xml")
            => Format.Xml,
        _ => null,
    };

    /// <summary>A Content-Type or one range of Accept, its parameters checked: null when it is not FHIR R4 as UTF-8.</summary>
    public static Format? FormatOfHeader(ReadOnlySpan<char> header)
    {
        var end = header.IndexOf(';');
        if (end < 0)
        {
            return FormatOf(header.Trim());
        }

        foreach (var range in header[(end + 1)..].Split(';'))
        {
            var parameter = header[(end + 1)..][range].Trim();
            if (!IsOurs(parameter))
            {
                return null;
            }
        }

        return FormatOf(header[..end].Trim());
    }

    /// <summary>The media type alone, without parameters.</summary>
    public static string NameOf(string header)
    {
        var end = header.IndexOf(';', StringComparison.Ordinal);
        return (end < 0 ? header : header[..end]).Trim().ToLowerInvariant();
    }

    private static bool IsOurs(ReadOnlySpan<char> parameter)
    {
        var equals = parameter.IndexOf('=');
        var name = equals < 0 ? parameter : parameter[..equals].Trim();
        var value = equals < 0 ? default : parameter[(equals + 1)..].Trim().Trim('"');
        return (Is(name, "charset"), Is(name, "fhirVersion")) switch
        {
            (true, _) => Is(value, "utf-8") || Is(value, "utf8") || Is(value, "us-ascii"),
            (_, true) => Is(value, "4.0") || Is(value, "4.0.1"),
            _ => true,
        };
    }

    private static bool Is(ReadOnlySpan<char> text, string other) => text.Equals(other, StringComparison.OrdinalIgnoreCase);
}
