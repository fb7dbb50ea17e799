using System.Text.Json.Nodes;
using AtcFhir.R4.Definitions;

namespace AtcFhir.Server.Fhir;

/// <summary>
/// The values of one element of a JSON object, as a list to edit: an array and its <c>_name</c> twin stay in step, and of a choice it does not matter under which
/// of its names it stands.
/// </summary>
internal sealed class ElementValues
{
    private readonly JsonObject owner;
    private readonly ElementSchema element;
    private readonly List<PatchValue> values = [];

    public ElementValues(JsonObject owner, ElementSchema element)
    {
        (this.owner, this.element) = (owner, element);
        foreach (var name in element.JsonNames.Where(name => owner.ContainsKey(name) || owner.ContainsKey("_" + name)))
        {
            var (main, twin) = (owner[name], owner["_" + name]);
            var count = element.IsList ? Math.Max((main as JsonArray)?.Count ?? 0, (twin as JsonArray)?.Count ?? 0) : 1;
            for (var i = 0; i < count; i++)
            {
                values.Add(new PatchValue(name, ItemOf(main, i), ItemOf(twin, i)));
            }
        }
    }

    public int Count => values.Count;

    public List<PatchValue> ToList() => [.. values];

    public PatchValue this[int index]
    {
        set => values[index] = value;
    }

    public void Insert(int index, PatchValue value) => values.Insert(index, value);

    public void RemoveAt(int index) => values.RemoveAt(index);

    public void Move(int source, int destination)
    {
        var moved = values[source];
        values.RemoveAt(source);
        values.Insert(destination, moved);
    }

    /// <summary>Puts the values into the object, at the place where the element stood.</summary>
    public void Write()
    {
        var at = PositionOfElement();
        foreach (var name in element.JsonNames)
        {
            owner.Remove(name);
            owner.Remove("_" + name);
        }

        if (values.Count == 0)
        {
            return;
        }

        var property = values[0].JsonName;
        var (main, twin) = element.IsList
            ? (ArrayOf(value => value.Value), ArrayOf(value => value.Sibling))
            : (values[0].Value?.DeepClone(), values[0].Sibling?.DeepClone());
        if (twin is not null)
        {
            owner.Insert(at, "_" + property, twin);
        }

        if (main is not null)
        {
            owner.Insert(at, property, main);
        }
    }

    /// <summary>Null when there is nothing but nulls in it.</summary>
    private JsonArray? ArrayOf(Func<PatchValue, JsonNode?> part)
        => values.Any(value => part(value) is not null) ? new JsonArray([.. values.Select(value => part(value)?.DeepClone())]) : null;

    private int PositionOfElement()
    {
        var index = 0;
        foreach (var (name, _) in owner)
        {
            if (element.JsonNames.Contains(name.TrimStart('_')))
            {
                return index;
            }

            index++;
        }

        return index;
    }

    private JsonNode? ItemOf(JsonNode? node, int index)
        => !element.IsList ? node : node is JsonArray array && index < array.Count ? array[index] : null;
}
