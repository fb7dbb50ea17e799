using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AtcFhir.Store.Search;

/// <summary>
/// Positions in a result, as text that a client can only give back: signed with the store's key and bound to the query they came from.
/// The values inside are ids, times or sort values of the page's last entry; they are part of what the client has read.
/// </summary>
internal sealed class CursorSigner(byte[] key)
{
    private const int SignatureLength = 16;

    public string Sign(string scope, IReadOnlyList<string?> position)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(position);
        return Base64Url.EncodeToString([.. Signature(scope, content), .. content]);
    }

    /// <summary>The position, or null when the cursor was not made for this query by this store.</summary>
    public IReadOnlyList<string?>? Open(string scope, string cursor)
    {
        var bytes = new byte[Base64Url.GetMaxDecodedLength(cursor.Length)];
        if (Base64Url.DecodeFromChars(cursor, bytes, out _, out var length) != System.Buffers.OperationStatus.Done || length <= SignatureLength)
        {
            return null;
        }

        var content = bytes.AsSpan(SignatureLength, length - SignatureLength);
        return CryptographicOperations.FixedTimeEquals(Signature(scope, content), bytes.AsSpan(0, SignatureLength))
            ? JsonSerializer.Deserialize<string?[]>(content)
            : null;
    }

    private byte[] Signature(string scope, ReadOnlySpan<byte> content)
        => HMACSHA256.HashData(key, (byte[])[.. Encoding.UTF8.GetBytes(scope), 0, .. content])[..SignatureLength];
}
