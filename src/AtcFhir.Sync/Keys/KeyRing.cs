using System.Security.Cryptography;
using System.Text;
using AtcFhir.Store;

namespace AtcFhir.Sync.Keys;



/// <summary>
/// The secrets of the key store: from the one key in the key file it derives one key to seal (AES-256-GCM) and one to recognise
/// (HMAC-SHA-256). What is sealed for one purpose does not open for another.
/// </summary>
public sealed class KeyRing : IDisposable
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private readonly AesGcm sealing;
    private readonly byte[] recognising;
    private readonly Entropy random;

    public KeyRing(ReadOnlySpan<byte> master, Entropy? random = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(master.Length, 32);
        Span<byte> key = stackalloc byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, master, key, [], "atcfhir seal 1"u8);
        sealing = new AesGcm(key, TagBytes);
        recognising = new byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, master, recognising, [], "atcfhir recognise 1"u8);
        CryptographicOperations.ZeroMemory(key);
        this.random = random ?? RandomNumberGenerator.Fill;
    }

    /// <summary>Nonce, tag and ciphertext in one. <paramref name="purpose"/> is authenticated with it.</summary>
    public byte[] Seal(ReadOnlySpan<byte> plain, string purpose)
    {
        var box = new byte[NonceBytes + TagBytes + plain.Length];
        var nonce = box.AsSpan(0, NonceBytes);
        random(nonce);
        sealing.Encrypt(nonce, plain, box.AsSpan(NonceBytes + TagBytes), box.AsSpan(NonceBytes, TagBytes), Encoding.UTF8.GetBytes(purpose));
        return box;
    }

    /// <summary>What was sealed; throws <see cref="CryptographicException"/> when the box, the key or the purpose is another.</summary>
    public byte[] Open(ReadOnlySpan<byte> box, string purpose)
    {
        if (box.Length < NonceBytes + TagBytes)
        {
            throw new CryptographicException("A sealed value of the key store is cut short.");
        }

        var plain = new byte[box.Length - NonceBytes - TagBytes];
        sealing.Decrypt(box[..NonceBytes], box[(NonceBytes + TagBytes)..], box.Slice(NonceBytes, TagBytes), plain, Encoding.UTF8.GetBytes(purpose));
        return plain;
    }

    /// <summary>The same for the same words, and nothing that could be guessed back without the key. Words are kept apart, so ("a","bc") is not ("ab","c").</summary>
    public byte[] Recognise(params ReadOnlySpan<string> words)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, recognising);
        Span<byte> length = stackalloc byte[4];
        foreach (var word in words)
        {
            var bytes = Encoding.UTF8.GetBytes(word);
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            hmac.AppendData(length);
            hmac.AppendData(bytes);
        }

        return hmac.GetHashAndReset();
    }

    /// <summary>Fingerprint of content: lower-case hex. Keyed, since a hospital resource could be guessed from a plain hash.</summary>
    public string Fingerprint(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(HMACSHA256.HashData(recognising, content));

    /// <summary>A new random id that fits FHIR's id type: 26 characters of a-z and 2-7.</summary>
    public string NewId()
    {
        Span<byte> bytes = stackalloc byte[17];
        random(bytes);
        return string.Create(26, bytes, static (text, bytes) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                var bit = i * 5;
                var pair = (bytes[bit / 8] << 8) | bytes[Math.Min((bit / 8) + 1, 16)];
                var five = (pair >> (11 - (bit % 8))) & 31;
                // An id starts with a letter: easier on the eye, and on tools that read ids as numbers.
                text[i] = "abcdefghijklmnopqrstuvwxyz234567"[i == 0 ? five % 26 : five];
            }
        });
    }

    public void Dispose() => sealing.Dispose();
}
