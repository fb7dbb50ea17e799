using System.Text.Json;

namespace AtcFhir.Server.Fhir;

/// <summary>What a resource refers to on this server, wherever the reference stands in it.</summary>
internal static class ResourceReferences
{
    /// <summary>Type/id of every relative reference, without a version.</summary>
    public static List<string> Of(ReadOnlyMemory<byte> resource)
    {
        var found = new List<string>();
        using var document = JsonDocument.Parse(resource, Json.Options);
        Collect(document.RootElement, found);
        return found;
    }

    private static void Collect(JsonElement element, List<string> found)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
            {
                Collect(item, found);
            }
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in element.EnumerateObject())
            {
                if (property.Name == "reference" && property.Value.ValueKind == JsonValueKind.String && property.Value.GetString() is { } text
                    && text.Split("/_history/")[0] is var target && target.Count(c => c == '/') == 1)
                {
                    found.Add(target);
                }
                else
                {
                    Collect(property.Value, found);
                }
            }
        }
    }
}
