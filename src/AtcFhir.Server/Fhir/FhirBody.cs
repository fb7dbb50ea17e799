using System.Buffers;
using System.Runtime.InteropServices;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Server.Fhir;

/// <summary>The body of a request: read within its limit, and understood as one resource.</summary>
internal static class FhirBody
{
    /// <summary>From this size on a buffer of its own for each body would keep the garbage collector busy with all that lives.</summary>
    public const int Large = 64 * 1024;

    /// <summary>All bytes of the body; a failure (413) as soon as there are more than allowed.</summary>
    /// <param name="pooled">The buffer is rented; <see cref="Return"/> takes it back.</param>
    public static async ValueTask<Result<ReadOnlyMemory<byte>>> Read(HttpRequest request, int maxBytes, bool pooled, CancellationToken cancel)
    {
        // What the server can decompress has lost the header by now.
        if (request.Headers.ContentEncoding is [{ Length: > 0 } encoding, ..] && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return new Failure(FailureKind.UnsupportedMedia, IssueCode.NotSupported, "Content-Encoding: gzip and br are read.");
        }

        if (request.ContentLength > maxBytes)
        {
            return TooLarge(maxBytes);
        }

        var size = request.ContentLength is { } length ? (int)length + 1 : 16 * 1024;
        var buffer = pooled ? ArrayPool<byte>.Shared.Rent(size) : new byte[size];
        var used = 0;
        while (true)
        {
            var read = await request.Body.ReadAsync(buffer.AsMemory(used), cancel);
            if (read == 0)
            {
                return new ReadOnlyMemory<byte>(buffer, 0, used);
            }

            used += read;
            if (used > maxBytes)
            {
                return TooLarge(maxBytes);
            }

            if (used == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }
        }
    }

    /// <summary>Takes back what was read with a rented buffer; nobody may look at it any more.</summary>
    public static void Return(ReadOnlyMemory<byte> body)
    {
        if (MemoryMarshal.TryGetArray(body, out var buffer))
        {
            ArrayPool<byte>.Shared.Return(buffer.Array!);
        }
    }

    /// <summary>
    /// The resource in the body, JSON or XML by its Content-Type. Structural faults are left in <see cref="ResourceDocument.Issues"/>; it fails when
    /// there is no body (400), it is no FHIR media type (415), or no FHIR resource at all (400).
    /// </summary>
    public static Result<ResourceDocument> Parse(FhirRequest request, DocumentLimits limits)
    {
        if (request.Body.IsEmpty)
        {
            return new Failure(FailureKind.Malformed, IssueCode.Required, "The request has no body.");
        }

        if (request.ContentType is not { } contentType || MediaType.FormatOfHeader(contentType) is not { } format)
        {
            return new Failure(
                FailureKind.UnsupportedMedia,
                IssueCode.NotSupported,
                $"Content-Type {request.ContentType ?? "(none)"} is not application/fhir+json or application/fhir+xml, FHIR version 4.0, UTF-8.");
        }

        return format == Format.Xml ? ResourceDocument.ParseXml(request.Body, limits) : ResourceDocument.Parse(request.Body, limits);
    }

    public static Failure TooLarge(int maxBytes)
        => new(FailureKind.TooLarge, IssueCode.TooLong, string.Create(CultureInfo.InvariantCulture, $"The body is larger than {maxBytes} bytes."));
}
