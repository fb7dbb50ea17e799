using System.Text;

namespace AtcFhir.R4.Documents;

/// <summary>A resource's body that only waits for its version and time; the writer puts it together without parsing.</summary>
public sealed record StoredBody(ReadOnlyMemory<byte> Head, ReadOnlyMemory<byte> Tail)
{
    /// <summary>The whole body with meta.versionId and meta.lastUpdated.</summary>
    public byte[] Compose(string versionId, DateTimeOffset lastUpdated)
    {
        var stamp = $"{versionId}\",\"lastUpdated\":\"{Instant(lastUpdated)}";
        var body = new byte[Head.Length + Encoding.UTF8.GetByteCount(stamp) + Tail.Length];
        Head.Span.CopyTo(body);
        var written = Encoding.UTF8.GetBytes(stamp, body.AsSpan(Head.Length));
        Tail.Span.CopyTo(body.AsSpan(Head.Length + written));
        return body;
    }

    /// <summary>A FHIR instant in UTC with milliseconds: 2018-10-16T07:30:00.000Z.</summary>
    public static string Instant(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
