using System.Text.Json;

namespace AtcFhir.R4.Canonical;

/// <summary>JSON that may be absent.</summary>
internal static class Json
{
    public static JsonElement? Get(JsonElement? owner, string name) => owner is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty(name, out var value) ? value : null;

    public static IEnumerable<string> Names(JsonElement? owner) => owner is { ValueKind: JsonValueKind.Object } found ? found.EnumerateObject().Select(property => property.Name) : [];

    public static string? Text(JsonElement owner, string name) => Get(owner, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>The same content: properties in any order, numbers digit by digit.</summary>
    public static bool Same(JsonElement? left, JsonElement? right)
    {
        if (left is not { } a || right is not { } b)
        {
            return left is null && right is null;
        }

        return a.ValueKind == b.ValueKind && a.ValueKind switch
        {
            JsonValueKind.Object => a.GetPropertyCount() == b.GetPropertyCount() && a.EnumerateObject().All(property => Same(property.Value, Get(b, property.Name))),
            JsonValueKind.Array => a.GetArrayLength() == b.GetArrayLength() && a.EnumerateArray().Zip(b.EnumerateArray()).All(pair => Same(pair.First, pair.Second)),
            JsonValueKind.String => a.GetString() == b.GetString(),
            JsonValueKind.Number => a.GetRawText() == b.GetRawText(),
            _ => true,
        };
    }
}
