using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AtcFhir.R4.FhirPath.Functions;

/// <summary>encode(), decode(), escape() and unescape(). <see href="https://hl7.org/fhirpath/#additional-string-functions"/></summary>
internal static class TextCoding
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Null for an unknown format.</summary>
    public static string? Encode(string text, string format) => format switch
    {
        "hex" => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text)),
        "base64" => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)),
        "urlbase64" => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).Replace('+', '-').Replace('/', '_'),
        "ascii" => string.Concat(text.EnumerateRunes().Select(rune => rune.IsAscii ? (char)rune.Value : '?')),
        _ => null,
    };

    /// <summary>Null for what is not in that format, or is no UTF-8.</summary>
    public static string? Decode(string text, string format)
    {
        try
        {
            return Strict.GetString(format == "hex"
                ? Convert.FromHexString(text)
                : Convert.FromBase64String(format == "base64" ? text : text.Replace('-', '+').Replace('_', '/')));
        }
        catch (Exception fault) when (fault is FormatException or DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Null for an unknown target.</summary>
    public static string? Escape(string text, string target) => target switch
    {
        "html" => WebUtility.HtmlEncode(text),
        "json" => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString(),
        _ => null,
    };

    /// <summary>Null for an unknown target; text that is not escaped properly stays as it is.</summary>
    public static string? Unescape(string text, string target)
    {
        switch (target)
        {
            case "html":
                return WebUtility.HtmlDecode(text);
            case "json":
                try
                {
                    return JsonSerializer.Deserialize<string>($"\"{text}\"");
                }
                catch (JsonException)
                {
                    return text;
                }

            default:
                return null;
        }
    }
}
