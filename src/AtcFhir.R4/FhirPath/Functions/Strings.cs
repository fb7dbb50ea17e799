using System.Text;
using AtcFhir.R4.FhirPath.Typing;

namespace AtcFhir.R4.FhirPath.Functions;

/// <summary>String manipulation. <see href="https://hl7.org/fhirpath/N1/#string-manipulation"/></summary>
internal static class Strings
{
    // What replace() and encode() may grow to.
    private const int LongestText = 1 << 20;

    public static IReadOnlyList<ScalarFunction> Functions { get; } =
    [
        new("indexOf", KindSet.String, KindSet.Integer, IndexOf, 1, KindSet.String),
        new("lastIndexOf", KindSet.String, KindSet.Integer, LastIndexOf, 1, KindSet.String),
        new("substring", KindSet.String, KindSet.String, Substring, 1, KindSet.Integer, KindSet.Integer),
        new("startsWith", KindSet.String, KindSet.Boolean, static (in call) => call.Input.String.StartsWith(call.First.String, StringComparison.Ordinal), 1, KindSet.String),
        new("endsWith", KindSet.String, KindSet.Boolean, static (in call) => call.Input.String.EndsWith(call.First.String, StringComparison.Ordinal), 1, KindSet.String),
        new("contains", KindSet.String, KindSet.Boolean, static (in call) => call.Input.String.Contains(call.First.String, StringComparison.Ordinal), 1, KindSet.String),
        new("upper", KindSet.String, KindSet.String, static (in call) => call.Input.String.ToUpperInvariant()),
        new("lower", KindSet.String, KindSet.String, static (in call) => call.Input.String.ToLowerInvariant()),
        new("replace", KindSet.String, KindSet.String, Replace, 2, KindSet.String, KindSet.String),
        new("length", KindSet.String, KindSet.Integer, static (in call) => Characters.Count(call.Input.String)),
        new("trim", KindSet.String, KindSet.String, static (in call) => call.Input.String.Trim()),
        new("encode", KindSet.String, KindSet.String, static (in call) => TextCoding.Encode(call.Input.String, call.First.String) is { } text ? text : throw call.Fault("the encodings are hex, base64, urlbase64 and ascii."), 1, KindSet.String),
        new("decode", KindSet.String, KindSet.String, Decode, 1, KindSet.String),
        new("escape", KindSet.String, KindSet.String, static (in call) => TextCoding.Escape(call.Input.String, call.First.String) is { } text ? text : throw call.Fault("the targets are html and json."), 1, KindSet.String),
        new("unescape", KindSet.String, KindSet.String, static (in call) => TextCoding.Unescape(call.Input.String, call.First.String) is { } text ? text : throw call.Fault("the targets are html and json."), 1, KindSet.String),
    ];

    private static FhirPathItem IndexOf(in ScalarCall call)
        => Characters.FromUnits(call.Input.String, call.Input.String.IndexOf(call.First.String, StringComparison.Ordinal));

    private static FhirPathItem LastIndexOf(in ScalarCall call)
        => Characters.FromUnits(call.Input.String, call.First.String.Length == 0 ? 0 : call.Input.String.LastIndexOf(call.First.String, StringComparison.Ordinal));

    private static FhirPathItem Substring(in ScalarCall call)
    {
        var text = call.Input.String;
        var start = call.First.Number;
        if (start < 0 || start >= Characters.Count(text))
        {
            return default;
        }

        var from = text[Characters.ToUnits(text, start)..];
        if (!call.Second.Exists)
        {
            return from;
        }

        return call.Second.Number <= 0 ? "" : from[..Characters.ToUnits(from, call.Second.Number)];
    }

    private static FhirPathItem Replace(in ScalarCall call)
    {
        var (text, pattern, substitution) = (call.Input.String, call.First.String, call.Second.String);
        if ((long)(text.Length + 1) * Math.Max(1, substitution.Length) > LongestText && substitution.Length > Math.Max(1, pattern.Length))
        {
            throw call.Run.Fault(call.Position, "the text grows too long.", Outcomes.IssueCode.TooCostly);
        }

        if (pattern.Length > 0)
        {
            return text.Replace(pattern, substitution, StringComparison.Ordinal);
        }

        var result = new StringBuilder(substitution);
        foreach (var rune in text.EnumerateRunes())
        {
            result.Append(rune.ToString()).Append(substitution);
        }

        return result.ToString();
    }

    private static FhirPathItem Decode(in ScalarCall call)
    {
        if (call.First.String is not ("hex" or "base64" or "urlbase64"))
        {
            throw call.Fault("the encodings are hex, base64 and urlbase64.");
        }

        return TextCoding.Decode(call.Input.String, call.First.String) is { } text ? text : default(FhirPathItem);
    }
}
