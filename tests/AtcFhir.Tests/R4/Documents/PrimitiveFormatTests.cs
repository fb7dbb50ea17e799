using System.Text;
using System.Text.RegularExpressions;
using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using CsCheck;

namespace AtcFhir.Tests.R4.Documents;

/// <summary>The regular expressions of R4 are the judge (https://hl7.org/fhir/R4/datatypes.html#primitive); words beside them are stricter in places.</summary>
public class PrimitiveFormatTests
{
    private static readonly Dictionary<PrimitiveKind, string> Regexes = new()
    {
        [PrimitiveKind.Integer] = "-?([0]|([1-9][0-9]*))",
        [PrimitiveKind.Decimal] = @"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?",
        [PrimitiveKind.Code] = @"[^\s]+(\s[^\s]+)*",
        [PrimitiveKind.Id] = @"[A-Za-z0-9\-\.]{1,64}",
        [PrimitiveKind.Oid] = @"urn:oid:[0-2](\.(0|[1-9][0-9]*))+",
        [PrimitiveKind.Uuid] = "urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        [PrimitiveKind.Date] = "([0-9]([0-9]([0-9][1-9]|[1-9]0)|[1-9]00)|[1-9]000)(-(0[1-9]|1[0-2])(-(0[1-9]|[1-2][0-9]|3[0-1]))?)?",
        [PrimitiveKind.DateTime] = @"([0-9]([0-9]([0-9][1-9]|[1-9]0)|[1-9]00)|[1-9]000)(-(0[1-9]|1[0-2])(-(0[1-9]|[1-2][0-9]|3[0-1])(T([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?(Z|(\+|-)((0[0-9]|1[0-3]):[0-5][0-9]|14:00)))?)?)?",
        [PrimitiveKind.Instant] = @"([0-9]([0-9]([0-9][1-9]|[1-9]0)|[1-9]00)|[1-9]000)-(0[1-9]|1[0-2])-(0[1-9]|[1-2][0-9]|3[0-1])T([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?(Z|(\+|-)((0[0-9]|1[0-3]):[0-5][0-9]|14:00))",
        [PrimitiveKind.Time] = @"([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?",
    };

    private static readonly Dictionary<PrimitiveKind, string[]> Seeds = new()
    {
        [PrimitiveKind.Integer] = ["0", "-12", "2147483647", "10"],
        [PrimitiveKind.Decimal] = ["0.00", "-1.5e10", "12E-3", "100"],
        [PrimitiveKind.Code] = ["final", "a b", "x-y"],
        [PrimitiveKind.Id] = ["abc-1.2", "A"],
        [PrimitiveKind.Oid] = ["urn:oid:1.2.3", "urn:oid:2.16.840"],
        [PrimitiveKind.Uuid] = ["urn:uuid:c757873d-ec9a-4326-a141-556f43239520"],
        [PrimitiveKind.Date] = ["2018", "2018-10", "2018-10-16", "2020-02-29"],
        [PrimitiveKind.DateTime] = ["2018", "2018-10-16", "2018-10-16T09:30:00Z", "2018-10-16T09:30:00.123+02:00", "2018-12-31T23:59:60-14:00"],
        [PrimitiveKind.Instant] = ["2018-10-16T09:30:00Z", "2018-10-16T09:30:00.123+02:00"],
        [PrimitiveKind.Time] = ["09:30:00", "23:59:60.5"],
    };

    public static TheoryData<string> Kinds => [.. Regexes.Keys.Select(kind => kind.ToString())];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void AgreesWithTheRegularExpressionOfTheStandard(string name)
    {
        var kind = Enum.Parse<PrimitiveKind>(name);
        var regex = new Regex($"^({Regexes[kind]})\\z", RegexOptions.CultureInvariant);
        var alphabet = Gen.Char["0123456789-+.:TZeEabfu /\t\n"];
        var mutated =
            from index in Gen.Int[0, Seeds[kind].Length - 1]
            let seed = Seeds[kind][index]
            from at in Gen.Int[0, seed.Length]
            from cut in Gen.Int[0, 2]
            from insert in alphabet.Array[0, 2]
            select seed[..at] + new string(insert) + seed[Math.Min(seed.Length, at + cut)..];

        mutated.Sample(
            text =>
            {
                var accepted = PrimitiveFormat.Fault(kind, Encoding.UTF8.GetBytes(text)) is null;
                return accepted == (regex.IsMatch(text) && IsReal(kind, text));
            },
            iter: 20_000);
    }

    private static bool IsReal(PrimitiveKind kind, string text) => kind switch
    {
        PrimitiveKind.Integer => text != "-0" && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        // "No whitespace other than single spaces": the words are stricter than the expression.
        PrimitiveKind.Code => text.IndexOfAny(['\t', '\n']) < 0,
        PrimitiveKind.Date or PrimitiveKind.DateTime or PrimitiveKind.Instant => text.Length < 10
            || DateOnly.TryParseExact(text[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        _ => true,
    };

    [Theory]
    [InlineData(PrimitiveKind.UnsignedInt, "-1")]
    [InlineData(PrimitiveKind.PositiveInt, "0")]
    [InlineData(PrimitiveKind.Integer, "2147483648")]
    [InlineData(PrimitiveKind.Base64Binary, "abc")]
    [InlineData(PrimitiveKind.Base64Binary, " ")]
    [InlineData(PrimitiveKind.Date, "2019-02-29")]
    [InlineData(PrimitiveKind.Date, "0000")]
    [InlineData(PrimitiveKind.String, "")]
    [InlineData(PrimitiveKind.String, "a\u0000b")]
    [InlineData(PrimitiveKind.Url, "http://a b")]
    public void RefusesWhatIsOutOfRange(PrimitiveKind kind, string text)
        => Assert.NotNull(PrimitiveFormat.Fault(kind, Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData(PrimitiveKind.Base64Binary, "QUJD\nREVG")]
    [InlineData(PrimitiveKind.Decimal, "3.14159265358979323846264338327950288")]
    [InlineData(PrimitiveKind.Date, "2020-02-29")]
    [InlineData(PrimitiveKind.String, "a\tb\r\nc")]
    public void AcceptsWhatTheStandardAllows(PrimitiveKind kind, string text)
        => Assert.Null(PrimitiveFormat.Fault(kind, Encoding.UTF8.GetBytes(text)));
}
