using System.Text.Json;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Server.Fhir;

/// <summary>
/// A Binary comes and goes as what it holds, unless one of the FHIR forms is named: a PDF is posted and read as a PDF.
/// <see href="https://hl7.org/fhir/R4/binary.html#rest"/>
/// </summary>
internal static class BinaryContent
{
    private const string Type = "Binary";

    /// <summary>A read whose Accept names no FHIR form.</summary>
    public static bool IsAskedFor(RouteMatch match, string? accept, IReadOnlyList<KeyValuePair<string, string>> query)
        => match is { Values.Type: Type, Route.Interaction: "read" or "vread" }
            && query.All(parameter => parameter.Key is not ("_format" or "_summary" or "_elements"))
            && (accept is null || accept.Split(',').All(range => MediaType.FormatOf(MediaType.NameOf(range)) is null));

    /// <summary>A create or update whose Content-Type is no FHIR form.</summary>
    public static bool IsSent(RouteMatch match, string? contentType)
        => match is { Values.Type: Type, Route.Interaction: "create" or "update" or "conditional-update" } && contentType is { Length: > 0 } && MediaType.FormatOf(MediaType.NameOf(contentType)) is null;

    /// <summary>The resource that holds the content.</summary>
    /// <param name="security">Of X-Security-Context: whose access rules hold of it.</param>
    public static ReadOnlyMemory<byte> Wrap(string? id, string contentType, ReadOnlyMemory<byte> content, string? security) => Json.Write(
        writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("resourceType"u8, Type);
            if (id is not null)
            {
                writer.WriteString("id"u8, id);
            }

            writer.WriteString("contentType"u8, contentType.Trim());
            if (security is { Length: > 0 })
            {
                writer.WriteStartObject("securityContext"u8);
                writer.WriteString("reference"u8, security);
                writer.WriteEndObject();
            }

            if (!content.IsEmpty)
            {
                writer.WriteBase64String("data"u8, content.Span);
            }

            writer.WriteEndObject();
        },
        content.Length * 4 / 3 + 1000);

    /// <summary>The content of the resource; the resource itself when it holds none that can be sent. A browser shall save it, not run it.</summary>
    public static FhirResponse Unwrap(FhirResponse answer)
    {
        if (answer is not { IsResource: true, Status: StatusCodes.Status200OK })
        {
            return answer;
        }

        using var binary = JsonDocument.Parse(answer.Body, Json.Options);
        if (!binary.RootElement.TryGetProperty("contentType"u8, out var type) || type.GetString() is not { } contentType || contentType.Any(char.IsControl)
            || !binary.RootElement.TryGetProperty("data"u8, out var data) || !data.TryGetBytesFromBase64(out var bytes))
        {
            return answer;
        }

        return answer with
        {
            Body = bytes,
            ContentType = contentType,
            IsResource = false,
            Headers = [.. answer.Headers, new("Content-Disposition", "attachment"), new("Content-Security-Policy", "sandbox; default-src 'none'")],
        };
    }
}
