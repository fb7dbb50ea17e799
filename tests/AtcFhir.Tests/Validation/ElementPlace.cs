using System.Text.Json.Nodes;
using AtcFhir.Tests.Profiles;

namespace AtcFhir.Tests.Validation;

/// <summary>Where an element of a profile, perhaps a slice, stands in an instance: the object that holds it, and what is there.</summary>
internal sealed class ElementPlace(JsonObject owner, string name, IReadOnlyList<JsonNode> items)
{
    /// <summary>The places of the element with that id; where the object that would hold it is there, the place is there, even if it is empty.</summary>
    public static IEnumerable<ElementPlace> Of(JsonObject instance, JsonObject profile, string id)
    {
        var owners = new List<JsonObject> { instance };
        var steps = id.Split('.')[1..];
        for (var i = 0; i < steps.Length; i++)
        {
            var sofar = id.Split('.')[0] + "." + string.Join('.', steps[..(i + 1)]);
            var places = owners.SelectMany(owner => Named(owner, steps[i]).DefaultIfEmpty(steps[i].Split(':')[0].Replace("[x]", "", StringComparison.Ordinal))
                .Select(name => new ElementPlace(owner, name, [.. Items(owner[name]).Where(item => Matches(item, profile, sofar))]))).ToList();
            if (i == steps.Length - 1)
            {
                return places.OrderByDescending(place => place.Count);
            }

            owners = [.. places.SelectMany(place => place.Objects)];
        }

        return [];
    }

    private int Count => items.Count;

    private IEnumerable<JsonObject> Objects => items.OfType<JsonObject>();

    public void Remove()
    {
        if (owner[name] is JsonArray list && items.Count < list.Count)
        {
            foreach (var item in items)
            {
                list.Remove(item);
            }
        }
        else
        {
            owner.Remove(name);
        }
    }

    public void Repeat()
    {
        if (owner[name] is JsonArray list && items.Count > 0)
        {
            list.Add(items[0].DeepClone());
        }
        else if (owner[name] is { } single)
        {
            owner[name] = new JsonArray(single.DeepClone(), single.DeepClone());
        }
    }

    public void Add((string Name, JsonNode Value) sample) => owner[sample.Name] = sample.Value;

    /// <summary>The first code, or else text, becomes another.</summary>
    public void Spoil(string? otherCode)
    {
        foreach (var item in items)
        {
            if (item is JsonValue)
            {
                var other = otherCode ?? "http://example.org/other";
                owner[name] = owner[name] is JsonArray ? new JsonArray(other) : other;
            }
            else if (item["coding"] is JsonArray codings)
            {
                foreach (var coding in codings)
                {
                    coding!["code"] = "other";
                }
            }
            else
            {
                item["code"] = "other";
            }

            return;
        }
    }

    public void Replace((string Name, JsonNode Value) other)
    {
        owner.Remove(name);
        owner[other.Name] = other.Value;
    }

    private static List<string> Named(JsonObject owner, string step)
    {
        var plain = step.Split(':')[0];
        return plain.EndsWith("[x]", StringComparison.Ordinal)
            ? owner.Select(property => property.Key).Where(key => key.StartsWith(plain[..^3], StringComparison.Ordinal) && key.Length > plain.Length - 3 && char.IsUpper(key[plain.Length - 3])).ToList()
            : owner.ContainsKey(plain) ? [plain] : [];
    }

    private static IEnumerable<JsonNode> Items(JsonNode? value) => value switch
    {
        JsonArray list => list.OfType<JsonNode>(),
        null => [],
        _ => [value],
    };

    /// <summary>Does an item belong to the slice of that id: by its extension's url, or by what the snapshot fixes inside of it. Without a slice each does.</summary>
    private static bool Matches(JsonNode item, JsonObject profile, string id)
    {
        if (!id[(id.LastIndexOf('.') + 1)..].Contains(':', StringComparison.Ordinal))
        {
            return true;
        }

        foreach (var element in ProfilePackage.Elements(profile, "snapshot"))
        {
            var inner = ProfilePackage.Text(element, "id");
            if (inner == id && element["type"]?[0]?["profile"]?[0] is { } url && ProfilePackage.Text(item, "url") != ((string?)url)!.Split('|')[0])
            {
                return false;
            }

            if (inner != id && !inner.StartsWith(id + ".", StringComparison.Ordinal))
            {
                continue;
            }

            var wanted = element.FirstOrDefault(property => property.Key.StartsWith("fixed", StringComparison.Ordinal) || property.Key.StartsWith("pattern", StringComparison.Ordinal)).Value;
            var found = inner == id ? item : inner[(id.Length + 1)..].Split('.').Aggregate<string, JsonNode?>(item, (node, name) => (node as JsonObject)?[name]);
            if (wanted is not null && found is not null && !Holds(found, wanted))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Holds(JsonNode found, JsonNode wanted) => wanted switch
    {
        JsonObject members => members.All(member => found[member.Key] is { } inner && Holds(inner, member.Value!)),
        JsonArray list => list.All(one => (found as JsonArray)?.Any(item => Holds(item!, one!)) == true),
        _ => found.ToJsonString() == wanted.ToJsonString(),
    };
}
