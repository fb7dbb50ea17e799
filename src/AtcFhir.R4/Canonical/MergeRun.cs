using System.Text;
using System.Text.Json;
using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;

namespace AtcFhir.R4.Canonical;

/// <summary>Writes the merged JSON as long as the sides agree, and collects where they do not.</summary>
internal sealed class MergeRun
{
    private readonly List<string> conflicts = [];

    public IReadOnlyList<string> Conflicts => conflicts;

    /// <summary>An object of which both sides keep something; one that would come out empty is a conflict, since FHIR has no empty objects.</summary>
    public void Object(Utf8JsonWriter json, Three objects, TypeSchema type, string path)
    {
        json.WriteStartObject();
        var start = json.BytesCommitted + json.BytesPending;
        foreach (var unit in objects.Names().GroupBy(name => UnitOf(type, name), StringComparer.Ordinal))
        {
            Unit(json, objects, type, path, unit.Key, [.. unit]);
        }

        NoteEmpty(json, start, path);
        json.WriteEndObject();
    }

    /// <summary>The element that a property belongs to: value of valueQuantity, _valueString; what the type does not know stands for itself.</summary>
    private static string UnitOf(TypeSchema type, string name)
        => PropertyTable.Of(type).Find(Encoding.UTF8.GetBytes(name.TrimStart('_')))?.Element.Name ?? name;

    private void Unit(Utf8JsonWriter json, Three objects, TypeSchema type, string path, string unit, string[] names)
    {
        var inner = $"{path}.{unit}";
        if (names.Length == 1)
        {
            Property(json, names[0], objects.Property(names[0]), type, inner);
            return;
        }

        // Several properties that are one thing: all from one side, or none.
        var changedLocally = names.Where(name => objects.Property(name) is var three && !Json.Same(three.Base, three.Local)).ToList();
        var changedRemotely = names.Where(name => objects.Property(name) is var three && !Json.Same(three.Base, three.Remote)).ToList();
        if (changedLocally.Count > 0 && changedRemotely.Count > 0 && names.Any(name => objects.Property(name) is var three && !Json.Same(three.Local, three.Remote)))
        {
            conflicts.Add(inner);
            return;
        }

        foreach (var name in names)
        {
            var three = objects.Property(name);
            Write(json, name, changedLocally.Count > 0 ? three.Local : three.Remote);
        }
    }

    private void Property(Utf8JsonWriter json, string name, Three values, TypeSchema type, string path)
    {
        if (values.IsSettled(out var result))
        {
            Write(json, name, result);
            return;
        }

        var entry = PropertyTable.Of(type).Find(Encoding.UTF8.GetBytes(name));
        if (values.All(JsonValueKind.Object) && entry is not null && TypeInside(entry.Type, values) is { } inside)
        {
            json.WritePropertyName(name);
            Object(json, values, inside, path);
        }
        else if (ItemKeys.Of(values) is { } items)
        {
            Items(json, name, items, entry?.Type, path);
        }
        else
        {
            conflicts.Add(path);
        }
    }

    /// <summary>The type to go on with inside an object, or null where the object is one value.</summary>
    private static TypeSchema? TypeInside(TypeSchema declared, Three objects)
    {
        if (declared.IsResource)
        {
            var name = Json.Text(objects.Base!.Value, "resourceType");
            return name is not null && name == Json.Text(objects.Local!.Value, "resourceType") && name == Json.Text(objects.Remote!.Value, "resourceType")
                ? R4Definitions.FindResource(Encoding.UTF8.GetBytes(name))
                : null;
        }

        return declared.Kind == TypeKind.Backbone || declared.Name == "Meta" ? declared : null;
    }

    private void Items(Utf8JsonWriter json, string name, (List<string> Base, List<string> Local, List<string> Remote, Func<string, Three> Item) lists, TypeSchema? type, string path)
    {
        if (Order(lists.Base, lists.Local, lists.Remote) is not { } order)
        {
            conflicts.Add(path);
            return;
        }

        json.WriteStartArray(name);
        var start = json.BytesCommitted + json.BytesPending;
        foreach (var key in order)
        {
            Item(json, lists.Item(key), type, $"{path}.where({key})");
        }

        NoteEmpty(json, start, path);
        json.WriteEndArray();

        // What one side removed and the other changed stands in no order.
        conflicts.AddRange(lists.Base.Except(order).Where(key => !lists.Item(key).IsSettled(out _)).Select(key => $"{path}.where({key})"));
    }

    private void NoteEmpty(Utf8JsonWriter json, long start, string path)
    {
        if (json.BytesCommitted + json.BytesPending == start && conflicts.Count == 0)
        {
            conflicts.Add(path);
        }
    }

    private void Item(Utf8JsonWriter json, Three item, TypeSchema? type, string path)
    {
        if (item.IsSettled(out var result))
        {
            result?.WriteTo(json);
        }
        else if (item.All(JsonValueKind.Object) && type is not null && TypeInside(type, item) is { } inside)
        {
            Object(json, item, inside, path);
        }
        else
        {
            conflicts.Add(path);
        }
    }

    /// <summary>
    /// The order of the merged list. If one side left the keys as they were, that of the other; if both added or removed, the base's with the new
    /// ones of both behind, sorted by key, so that it does not matter who is called local; null when they put what is common into different orders.
    /// </summary>
    private static List<string>? Order(List<string> common, List<string> local, List<string> remote)
    {
        if (common.SequenceEqual(local) || local.SequenceEqual(remote))
        {
            return remote;
        }

        if (common.SequenceEqual(remote))
        {
            return local;
        }

        var kept = common.Where(key => local.Contains(key) || remote.Contains(key)).ToList();
        return InOrderOf(local, common) && InOrderOf(remote, common)
            ? [.. kept, .. local.Union(remote).Except(common).Order(StringComparer.Ordinal)]
            : null;
    }

    private static bool InOrderOf(List<string> side, List<string> common) => side.Where(common.Contains).SequenceEqual(common.Where(side.Contains));

    private static void Write(Utf8JsonWriter json, string name, JsonElement? value)
    {
        if (value is { } found)
        {
            json.WritePropertyName(name);
            found.WriteTo(json);
        }
    }
}
