using System.Text.Json;

namespace AtcFhir.Validation.Conformance;

/// <summary>Lenient reading of conformance resources: a property that is missing or of another kind is simply not there.</summary>
internal static class JsonReading
{
    public static JsonDocumentOptions Lenient { get; } = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 128 };

    public static JsonElement? Property(this JsonElement element, string name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;

    public static string? Text(this JsonElement element, string name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static bool? Flag(this JsonElement element, string name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : null;

    public static int? Integer(this JsonElement element, string name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value.AsInteger() : null;

    public static int? AsInteger(this JsonElement value)
        => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];

    /// <summary>What is read of each item. Queries over values wait for the JIT at the start of the command; this comes compiled.</summary>
    public static List<T> Items<T>(this JsonElement element, string name, Func<JsonElement, T> read)
        where T : class
    {
        var items = new List<T>();
        foreach (var item in element.Items(name))
        {
            items.Add(read(item));
        }

        return items;
    }

    public static List<string> Texts(this JsonElement element, string name) => Texts(element.Items(name));

    /// <summary>Those of the values that are strings.</summary>
    public static List<string> Texts(IEnumerable<JsonElement> values)
    {
        var texts = new List<string>();
        foreach (var value in values)
        {
            if (value.ValueKind == JsonValueKind.String)
            {
                texts.Add(value.GetString()!);
            }
        }

        return texts;
    }

    /// <summary>The value[x] of the first extension with that url.</summary>
    public static JsonElement? ExtensionValue(this JsonElement element, string url)
    {
        foreach (var value in element.ExtensionValues(url))
        {
            return value;
        }

        return null;
    }

    public static IEnumerable<JsonElement> ExtensionValues(this JsonElement element, string url)
    {
        foreach (var extension in element.Items("extension"))
        {
            if (extension.Text("url") != url)
            {
                continue;
            }

            foreach (var property in extension.EnumerateObject())
            {
                if (property.Name.StartsWith("value", StringComparison.Ordinal))
                {
                    yield return property.Value;
                }
            }
        }
    }
}
