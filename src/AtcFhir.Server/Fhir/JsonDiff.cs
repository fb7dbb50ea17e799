using System.Text.Json;
using System.Text.Json.Nodes;

namespace AtcFhir.Server.Fhir;

/// <summary>
/// Two contents of a resource -> the JSON Patch that makes the second of the first. Lists are compared from both ends; what stands between is changed in
/// place as far as both have items. <see href="https://www.rfc-editor.org/rfc/rfc6902"/>
/// </summary>
internal static class JsonDiff
{
    /// <param name="withStamp">Also meta.versionId and meta.lastUpdated, which a patch could not set.</param>
    public static ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> after, bool withStamp = false)
    {
        var operations = new JsonArray();
        Compare(operations, "", ResourceDiff.Read(before, withStamp), ResourceDiff.Read(after, withStamp));
        return JsonSerializer.SerializeToUtf8Bytes(operations, RelaxedJson.Options);
    }

    private static void Compare(JsonArray operations, string place, JsonObject old, JsonObject fresh)
    {
        foreach (var (name, value) in fresh)
        {
            if (old.TryGetPropertyValue(name, out var before))
            {
                Change(operations, Child(place, name), before, value);
            }
            else
            {
                operations.Add(Operation("add", Child(place, name), value));
            }
        }

        foreach (var (name, _) in old.Where(property => !fresh.ContainsKey(property.Key)))
        {
            operations.Add(Operation("remove", Child(place, name)));
        }
    }

    private static void Compare(JsonArray operations, string place, JsonArray old, JsonArray fresh)
    {
        var start = 0;
        while (start < old.Count && start < fresh.Count && Same(old[start], fresh[start]))
        {
            start++;
        }

        var (oldEnd, freshEnd) = (old.Count, fresh.Count);
        while (oldEnd > start && freshEnd > start && Same(old[oldEnd - 1], fresh[freshEnd - 1]))
        {
            (oldEnd, freshEnd) = (oldEnd - 1, freshEnd - 1);
        }

        var shared = Math.Min(oldEnd, freshEnd);
        for (var index = start; index < shared; index++)
        {
            Change(operations, Item(place, index), old[index], fresh[index]);
        }

        // From the end, so that the numbers of those in front stay what they are.
        for (var index = oldEnd - 1; index >= shared; index--)
        {
            operations.Add(Operation("remove", Item(place, index)));
        }

        for (var index = shared; index < freshEnd; index++)
        {
            operations.Add(Operation("add", Item(place, index), fresh[index]));
        }
    }

    private static void Change(JsonArray operations, string place, JsonNode? old, JsonNode? fresh)
    {
        switch (old, fresh)
        {
            case (JsonObject before, JsonObject after):
                Compare(operations, place, before, after);
                break;
            case (JsonArray before, JsonArray after):
                Compare(operations, place, before, after);
                break;
            default:
                if (!Same(old, fresh))
                {
                    operations.Add(Operation("replace", place, fresh));
                }

                break;
        }
    }

    private static JsonObject Operation(string op, string path, JsonNode? value) => new() { ["op"] = op, ["path"] = path, ["value"] = value?.DeepClone() };

    private static JsonObject Operation(string op, string path) => new() { ["op"] = op, ["path"] = path };

    private static string Child(string place, string name)
        => $"{place}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    private static string Item(string place, int index) => string.Create(CultureInfo.InvariantCulture, $"{place}/{index}");

    /// <summary>Numbers by their text, so that a change of precision is one.</summary>
    private static bool Same(JsonNode? old, JsonNode? fresh) => old?.ToJsonString() == fresh?.ToJsonString();
}
