using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AtcFhir.Store.Sqlite;

namespace AtcFhir.Store.Writing;

/// <summary>The audit rows: each hash covers the row and the hash before it.</summary>
internal static class AuditChain
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? scratch;

    public const int HashLength = SHA256.HashSizeInBytes;

    private const string InsertSql =
        "INSERT INTO audit(n, at, actor, action, request, why, patient, hospital, type, id, ver, h_before, h_after, prev_hash, hash) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";

    public static void Append(Connection writer, WriterState state, AuditEntry entry, string type, string id, long version, byte[]? before, byte[]? after)
    {
        var versionId = version.ToString(CultureInfo.InvariantCulture);
        var previous = state.AuditHash;
        var at = state.Stamp;
        var hash = HashOf(state.AuditNumber + 1, at, entry, type, id, versionId, before, after, previous);
        var insert = writer.Prepare(InsertSql)
            .Bind(1, state.NextAudit(hash)).Bind(2, at).Bind(3, entry.Actor).Bind(4, entry.Action).Bind(5, entry.RequestId)
            .Bind(6, entry.Why).Bind(7, entry.Patient).Bind(8, entry.Hospital).Bind(9, type).Bind(10, id).Bind(11, versionId)
            .BindValue(12, before).BindValue(13, after).Bind(14, previous.AsSpan()).Bind(15, hash.AsSpan());
        insert.Run();
    }

    /// <summary>The hash that a row must have.</summary>
    public static byte[] HashOf(AuditRow row) => HashOf(
        row.Number, row.At.ToUnixTimeMilliseconds(), row.Entry, row.Type, row.Id, row.VersionId,
        row.HashBefore?.ToArray(), row.HashAfter?.ToArray(), row.PrevHash.ToArray());

    /// <summary>The same from the columns of the row.</summary>
    public static byte[] HashOf(long number, long at, AuditEntry entry, string type, string id, string version, byte[]? before, byte[]? after, byte[] previous)
    {
        var content = scratch ??= new ArrayBufferWriter<byte>(512);
        content.ResetWrittenCount();
        Add(content, number);
        Add(content, at);
        foreach (var text in (ReadOnlySpan<string?>)[entry.Actor, entry.Action, entry.RequestId, entry.Why, entry.Patient, entry.Hospital, type, id, version])
        {
            Add(content, text is null ? -1 : Encoding.UTF8.GetByteCount(text));
            Encoding.UTF8.GetBytes(text ?? "", content);
        }

        foreach (var bytes in (ReadOnlySpan<byte[]?>)[before, after, previous])
        {
            Add(content, bytes?.Length ?? -1);
            content.Write(bytes);
        }

        return SHA256.HashData(content.WrittenSpan);
    }

    private static void Add(ArrayBufferWriter<byte> content, long number)
    {
        BinaryPrimitives.WriteInt64BigEndian(content.GetSpan(sizeof(long)), number);
        content.Advance(sizeof(long));
    }
}
