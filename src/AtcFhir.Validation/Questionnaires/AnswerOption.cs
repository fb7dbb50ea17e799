using System.Text;
using System.Text.Json;
using AtcFhir.R4.Documents;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Validation.Questionnaires;

/// <summary>One answerOption, ready to be compared with answers: the parts that count, as UTF-8; null for a part that it does not have.</summary>
/// <param name="Text">The text of a primitive, or of a Reference its reference.</param>
internal sealed record AnswerOption(string TypeName, byte[]? System, byte[]? Code, byte[]? Text)
{
    public static AnswerOption Of(ExpectedValue value) => value.TypeName switch
    {
        "Coding" => new(value.TypeName, Utf8(value.Json.Text("system")), Utf8(value.Json.Text("code")), null),
        "Reference" => new(value.TypeName, null, null, Utf8(value.Json.Text("reference"))),
        _ => new(value.TypeName, null, null, Utf8(value.Json.ValueKind == JsonValueKind.String ? value.Json.GetString() : value.Json.GetRawText())),
    };

    /// <summary>Of codings without a system in one of the two the code decides.</summary>
    public bool Is(Node value) => value.Type.Name == TypeName && TypeName switch
    {
        "Coding" => Same(value.Child("code"), Code) && (System is null || value.Child("system") is not { HasValue: true } system || system.TextEquals(System)),
        "Reference" => Same(value.Child("reference"), Text),
        _ => Same(value, Text),
    };

    private static bool Same(Node text, byte[]? expected) => expected is null ? !text.HasValue : text.TextEquals(expected);

    private static byte[]? Utf8(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);
}
