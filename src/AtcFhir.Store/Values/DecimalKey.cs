using System.Numerics;
using AtcFhir.R4.Values;

namespace AtcFhir.Store.Values;

/// <summary>
/// Bytes that order as the numbers do, so that an index compares decimals of any size exactly and alike on every engine:
/// sign, exponent, digits in pairs; for negative numbers the complement of it, closed by a byte larger than any pair.
/// </summary>
internal static class DecimalKey
{
    private const byte Zero = 0x80;
    private const byte Positive = 0xC0;
    private const byte Negative = 0x40;
    private const int Head = 5;

    public static byte[] Of(FhirDecimal number)
    {
        if (number.IsZero)
        {
            return [Zero];
        }

        var digits = BigInteger.Abs(number.Unscaled).ToString(CultureInfo.InvariantCulture);
        var significant = digits.AsSpan().TrimEnd('0');
        var isNegative = number.Sign < 0;
        var pairs = (significant.Length + 1) / 2;
        var key = new byte[Head + pairs + (isNegative ? 1 : 0)];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(key.AsSpan(1), (uint)(digits.Length - number.Scale) ^ 0x8000_0000);
        for (var pair = 0; pair < pairs; pair++)
        {
            var high = significant[2 * pair] - '0';
            var low = (2 * pair) + 1 < significant.Length ? significant[(2 * pair) + 1] - '0' : 0;
            key[Head + pair] = (byte)((high * 10) + low + 1);
        }

        key[0] = isNegative ? Negative : Positive;
        if (isNegative)
        {
            for (var at = 1; at < key.Length - 1; at++)
            {
                key[at] = (byte)~key[at];
            }

            key[^1] = 0xFF;
        }

        return key;
    }
}
