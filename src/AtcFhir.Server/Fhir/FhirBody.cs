using System.Buffers;
using System.IO.Compression;
using System.Runtime.InteropServices;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Server.Fhir;

/// <summary>The body of a request: read within its limit, and understood as one resource.</summary>
internal static class FhirBody
{
    /// <summary>From this size on a buffer of its own for each body would keep the garbage collector busy with all that lives.</summary>
    public const int Large = 64 * 1024;

    /// <summary>
    /// Of buffers up to that size many are kept. Of larger ones few, since a body grows through all sizes, and as much as may be held at a time would be kept of each.
    /// </summary>
    private const int Usual = 512 * 1024;

    private static readonly ArrayPool<byte> Larger = ArrayPool<byte>.Create(maxArrayLength: 1 << 30, maxArraysPerBucket: 2);

    /// <summary>
    /// All bytes of the body; a failure as soon as there are more than one body may have (413), or more than all that are held at a time (503). Memory is taken as bytes
    /// come, so that an announcement alone costs nothing.
    /// </summary>
    /// <param name="pooled">The buffer is rented; <see cref="Return"/> takes it back.</param>
    public static async ValueTask<Result<ReadOnlyMemory<byte>>> Read(HttpRequest request, int maxBytes, bool pooled, Admission.Share share, CancellationToken cancel)
    {
        // What the server can decompress has lost the header by now.
        if (request.Headers.ContentEncoding is [{ Length: > 0 } encoding, ..] && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return new Failure(FailureKind.UnsupportedMedia, IssueCode.NotSupported, "Content-Encoding: gzip, br and deflate are read.");
        }

        if (request.ContentLength > maxBytes)
        {
            return TooLarge(maxBytes);
        }

        // One byte more than announced, so that the end is seen without another buffer.
        var size = (int)Math.Min(request.ContentLength + 1 ?? Large, Large);
        var buffer = pooled ? Rent(size) : new byte[size];
        var used = 0;
        var isTaken = false;
        try
        {
            if (!share.TryHold(buffer.Length))
            {
                return await Refuse(request, maxBytes, share, cancel);
            }

            while (true)
            {
                var read = await request.Body.ReadAsync(buffer.AsMemory(used), cancel);
                if (read == 0)
                {
                    isTaken = true;
                    return new ReadOnlyMemory<byte>(buffer, 0, used);
                }

                used += read;
                if (used > maxBytes)
                {
                    return TooLarge(maxBytes);
                }

                if (used == buffer.Length)
                {
                    var larger = (int)Math.Min(request.ContentLength + 1 ?? int.MaxValue, Math.Min(2L * buffer.Length, maxBytes + 1L));
                    if (!share.TryHold(larger - buffer.Length))
                    {
                        return await Refuse(request, maxBytes, share, cancel);
                    }

                    buffer = Grown(buffer, larger, pooled);
                }
            }
        }
        catch (Exception broken) when (IsUndecodable(broken))
        {
            return Undecodable;
        }
        finally
        {
            if (pooled && !isTaken)
            {
                Return(buffer); // else each refusal would leave garbage of the size of what came
            }
        }
    }

    public static Failure Undecodable { get; } = new(FailureKind.Malformed, IssueCode.Structure, "The body is not what its Content-Encoding says.");

    /// <summary>
    /// What the streams that decompress throw at bytes that they did not make: gzip and deflate the first; Brotli one that everybody throws, and is told by where it comes
    /// from: of another place it is a defect here, and no fault of the client.
    /// </summary>
    public static bool IsUndecodable(Exception thrown) => thrown is InvalidDataException || (thrown is InvalidOperationException && thrown.Source == typeof(BrotliStream).Assembly.GetName().Name);

    /// <summary>Lets the rest pass by: a client that is still sending when it is answered sees a broken connection instead of the answer.</summary>
    private static async ValueTask<Failure> Refuse(HttpRequest request, int maxBytes, Admission.Share share, CancellationToken cancel)
    {
        share.Release();
        var scratch = new byte[4096];
        for (long passed = 0; passed <= maxBytes && await request.Body.ReadAsync(scratch, cancel) is > 0 and var read; passed += read)
        {
        }

        return Admission.Full;
    }

    private static byte[] Grown(byte[] buffer, int size, bool pooled)
    {
        if (!pooled)
        {
            Array.Resize(ref buffer, size);
            return buffer;
        }

        var larger = Rent(size);
        buffer.CopyTo(larger, 0);
        Return(buffer);
        return larger;
    }

    /// <summary>Takes back what was read with a rented buffer; nobody may look at it any more.</summary>
    public static void Return(ReadOnlyMemory<byte> body)
    {
        if (MemoryMarshal.TryGetArray(body, out var buffer))
        {
            Return(buffer.Array!);
        }
    }

    private static byte[] Rent(int size) => (size <= Usual ? ArrayPool<byte>.Shared : Larger).Rent(size);

    private static void Return(byte[] buffer) => (buffer.Length <= Usual ? ArrayPool<byte>.Shared : Larger).Return(buffer);

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
