using AtcFhir.R4.Documents;
using AtcFhir.R4.Values;

namespace AtcFhir.Trial.Concepts;

/// <summary>
/// The numbers that a concept takes: decimals of R4 in at most 100 characters and with an exponent of at most 99, so that every one of them can be
/// written out. <see href="https://hl7.org/fhir/R4/datatypes.html#decimal"/>
/// </summary>
internal static class RecordedNumber
{
    private const int LongestText = 100;
    private const int ExponentDigits = 2;

    /// <summary>The number of the node; null when it has none, or one that is out of all proportion.</summary>
    public static FhirDecimal? Of(Node node)
        => node.Text is { Length: <= LongestText } text && Exponent(text).Length <= ExponentDigits ? FhirDecimal.Parse(text) : null;

    private static ReadOnlySpan<char> Exponent(string text)
        => text.AsSpan().IndexOfAny('e', 'E') is var e and >= 0 ? text.AsSpan(e + 1).TrimStart("+-") : [];
}
