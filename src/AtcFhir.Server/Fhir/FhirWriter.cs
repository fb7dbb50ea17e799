using AtcFhir.R4.Documents;
using AtcFhir.R4.Xml;
using Microsoft.Net.Http.Headers;

namespace AtcFhir.Server.Fhir;

/// <summary>Writes an answer to the wire: headers, then the body in the form that was asked for. Stored bytes that need no change go out as they are.</summary>
internal static class FhirWriter
{
    private const int Piece = 64 * 1024;

    public static async Task Write(HttpContext http, FhirResponse answer, Presentation presentation)
    {
        var response = http.Response;
        response.StatusCode = answer.Status;
        WriteHeaders(response.Headers, answer);
        if (answer.File is { } file)
        {
            response.ContentType = answer.ContentType;
            await response.SendFileAsync(file, http.RequestAborted);
            return;
        }

        if (answer.ContentType is { } contentType)
        {
            response.ContentType = contentType;
            response.ContentLength = answer.Body.Length;
            await response.BodyWriter.WriteAsync(answer.Body, http.RequestAborted);
            return;
        }

        if (answer.Body.IsEmpty || answer.Status is StatusCodes.Status304NotModified or StatusCodes.Status204NoContent)
        {
            return;
        }

        var body = answer.IsResource ? Projection.Of(answer.Body, presentation) : answer.Body;
        if (presentation.Format == Format.Xml)
        {
            body = XmlOf(body, presentation.Pretty);
        }
        else if (presentation.Pretty)
        {
            body = Json.Pretty(body);
        }

        response.ContentType = presentation switch
        {
            { Format: Format.Xml } => MediaType.Xml,
            { Browser: true } => MediaType.BrowserJson,
            _ => MediaType.Json,
        };
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await Send(response, body, http.RequestAborted);
        }
    }

    /// <summary>In pieces: what is given to the connection is copied there, and a slow reader would have two copies of everything.</summary>
    private static async Task Send(HttpResponse response, ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        while (body.Length > Piece)
        {
            await response.BodyWriter.WriteAsync(body[..Piece], cancel);
            body = body[Piece..];
        }

        await response.BodyWriter.WriteAsync(body, cancel);
    }

    private static ReadOnlyMemory<byte> XmlOf(ReadOnlyMemory<byte> json, bool pretty)
    {
        // A bundle is one level deeper than what is stored.
        using var document = ResourceDocument.Parse(json, new DocumentLimits(MaxBytes: int.MaxValue, MaxDepth: 128)).Value;
        return FhirXml.ToUtf8(document, pretty);
    }

    private static void WriteHeaders(IHeaderDictionary headers, FhirResponse answer)
    {
        if (answer.VersionId is { } version)
        {
            headers.ETag = Preconditions.ETagOf(version);
        }

        if (answer.LastModified is { } modified)
        {
            headers.LastModified = HeaderUtilities.FormatDate(modified);
        }

        if (answer.Location is { } location)
        {
            headers.Location = location;
        }

        if (answer.Allow is { } allow)
        {
            headers.Allow = allow;
        }

        foreach (var (name, value) in answer.Headers)
        {
            headers[name] = value;
        }

        if (answer.Status == StatusCodes.Status401Unauthorized)
        {
            headers.WWWAuthenticate = "Bearer";
        }

        if (answer.Status == StatusCodes.Status503ServiceUnavailable)
        {
            headers.RetryAfter = "1";
        }
    }
}
