using System.Numerics;
using System.Text.RegularExpressions;

namespace AtcFhir.Trial.Concepts;

/// <summary>
/// A decimal as written, trailing zeros and all: 6.30 stays 6.30. Scaling by a power of ten moves the point and loses nothing.
/// <see href="https://hl7.org/fhir/R4/datatypes.html#decimal"/>
/// </summary>
public readonly partial record struct ExactDecimal
{
    private ExactDecimal(string text) => Text = text;

    /// <summary>As written, valid as a JSON number.</summary>
    public string Text { get; }

    /// <summary>The value, or null when the text is not a decimal of R4 in at most 100 characters and with an exponent of at most 99.</summary>
    public static ExactDecimal? Parse(string? text)
        => text is { Length: <= 100 } && Form().IsMatch(text) ? new(text) : null;

    /// <summary>Compares by value: 1.0 equals 1.00 here, though not as records.</summary>
    public int CompareTo(ExactDecimal other)
    {
        var (left, leftScale) = Parts();
        var (right, rightScale) = other.Parts();
        var scale = Math.Max(leftScale, rightScale);
        return (left * BigInteger.Pow(10, scale - leftScale)).CompareTo(right * BigInteger.Pow(10, scale - rightScale));
    }

    /// <summary>The value times ten to the power, the same significant digits: 6.30 by 1 is 63.0, 0.05 by 3 is 50.</summary>
    public ExactDecimal ScaledByPowerOfTen(int power)
    {
        if (power == 0)
            return this;

        var (digits, scale) = Parts();
        scale -= power;
        if (scale < 0)
            (digits, scale) = (digits * BigInteger.Pow(10, -scale), 0);

        var text = BigInteger.Abs(digits).ToString(CultureInfo.InvariantCulture);
        if (scale > 0)
        {
            text = text.PadLeft(scale + 1, '0');
            text = $"{text[..^scale]}.{text[^scale..]}";
        }

        return new(digits.Sign < 0 ? "-" + text : text);
    }

    public override string ToString() => Text;

    // Value = digits / 10^scale, scale >= 0.
    private (BigInteger Digits, int Scale) Parts()
    {
        var mantissa = Text;
        var exponent = 0;
        if (Text.IndexOfAny(['e', 'E']) is var e and >= 0)
        {
            mantissa = Text[..e];
            exponent = int.Parse(Text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        }

        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var scale = (point < 0 ? 0 : mantissa.Length - point - 1) - exponent;
        var digits = BigInteger.Parse(mantissa.Replace(".", string.Empty, StringComparison.Ordinal), CultureInfo.InvariantCulture);
        return scale >= 0 ? (digits, scale) : (digits * BigInteger.Pow(10, -scale), 0);
    }

    [GeneratedRegex(@"^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d{1,2})?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
