using System.Text;

namespace AtcFhir.R4.Documents;

/// <summary>A resource's body that only waits for its version and time; the writer puts it together without parsing.</summary>
public sealed record StoredBody(ReadOnlyMemory<byte> Head, ReadOnlyMemory<byte> Tail)
{
    private const string InstantFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private const int InstantLength = 24;

    private static ReadOnlySpan<byte> Between => "\",\"lastUpdated\":\""u8;

    /// <summary>The whole body with meta.versionId and meta.lastUpdated.</summary>
    public byte[] Compose(string versionId, DateTimeOffset lastUpdated)
    {
        var stamp = Encoding.UTF8.GetByteCount(versionId) + Between.Length + InstantLength;
        var body = new byte[Head.Length + stamp + Tail.Length];
        Head.Span.CopyTo(body);
        var rest = body.AsSpan(Head.Length);
        rest = rest[Encoding.UTF8.GetBytes(versionId, rest)..];
        Between.CopyTo(rest);
        lastUpdated.UtcDateTime.TryFormat(rest[Between.Length..], out _, InstantFormat, CultureInfo.InvariantCulture);
        Tail.Span.CopyTo(rest[(Between.Length + InstantLength)..]);
        return body;
    }

    /// <summary>A FHIR instant in UTC with milliseconds: 2018-10-16T07:30:00.000Z.</summary>
    public static string Instant(DateTimeOffset time) => time.UtcDateTime.ToString(InstantFormat, CultureInfo.InvariantCulture);
}
