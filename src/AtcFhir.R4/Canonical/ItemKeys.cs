using System.Text.Json;

namespace AtcFhir.R4.Canonical;

/// <summary>What tells the items of a list apart: their id, or system and value (identifiers, telecoms), or system and code (codings).</summary>
internal static class ItemKeys
{
    private static readonly Func<JsonElement, string?>[] Kinds =
    [
        item => Json.Text(item, "id") is { } id ? $"id='{id}'" : null,
        item => Json.Text(item, "system") is { } system && Json.Text(item, "value") is { } value ? $"system='{system}' and value='{value}'" : null,
        item => Json.Text(item, "system") is { } system && Json.Text(item, "code") is { } code ? $"system='{system}' and code='{code}'" : null,
    ];

    /// <summary>The items of each of the three lists by key, in their order; null when no kind of key fits all of them without doubles.</summary>
    public static (List<string> Base, List<string> Local, List<string> Remote, Func<string, Three> Item)? Of(Three lists)
    {
        if (!lists.All(JsonValueKind.Array))
        {
            return null;
        }

        foreach (var kind in Kinds)
        {
            if (Index(lists.Base!.Value, kind) is { } common && Index(lists.Local!.Value, kind) is { } ours && Index(lists.Remote!.Value, kind) is { } theirs)
            {
                return (Keys(common), Keys(ours), Keys(theirs), key => new Three(Find(common, key), Find(ours, key), Find(theirs, key)));
            }
        }

        return null;
    }

    private static List<string> Keys(List<(string Key, JsonElement Item)> items) => [.. items.Select(item => item.Key)];

    private static JsonElement? Find(List<(string Key, JsonElement Item)> items, string key) => items.FindIndex(item => item.Key == key) is >= 0 and var at ? items[at].Item : null;

    private static List<(string Key, JsonElement Item)>? Index(JsonElement list, Func<JsonElement, string?> kind)
    {
        var items = new List<(string Key, JsonElement Item)>();
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object || kind(item) is not { } key || items.Exists(other => other.Key == key))
            {
                return null;
            }

            items.Add((key, item));
        }

        return items;
    }
}
