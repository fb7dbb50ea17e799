using System.Text;
using System.Text.Json;
using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Validation.Profiles;

/// <summary>
/// A fixed or pattern value, compiled so that comparing allocates nothing: a primitive's text, or elements with the values they must have.
/// <see href="https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.pattern_x_"/>
/// </summary>
internal sealed class Constant
{
    private readonly byte[]? text;
    private readonly (ElementSchema? Element, string Name, Constant[] Items)[] parts;

    private Constant(byte[]? text, (ElementSchema?, string, Constant[])[] parts, TypeSchema? type) => (this.text, this.parts, Type) = (text, parts, type);

    /// <summary>The type that the value must have; null when the name of the property does not tell.</summary>
    public TypeSchema? Type { get; }

    /// <summary>The text of a primitive; null of a complex value.</summary>
    public byte[]? Utf8 => text;

    /// <inheritdoc cref="Utf8"/>
    public string? Text => text is null ? null : Encoding.UTF8.GetString(text);

    public static Constant Of(ExpectedValue value) => Of(value.Json, R4Definitions.Find(value.TypeName));

    public static Constant Of(JsonElement json, TypeSchema? type) => json.ValueKind switch
    {
        JsonValueKind.String => new Constant(Encoding.UTF8.GetBytes(json.GetString()!), [], type),
        JsonValueKind.Object => new Constant(null, Parts(json, type), type),
        _ => new Constant(Encoding.UTF8.GetBytes(json.GetRawText()), [], type),
    };

    private static (ElementSchema?, string, Constant[])[] Parts(JsonElement json, TypeSchema? type)
    {
        var parts = new List<(ElementSchema?, string, Constant[])>();
        foreach (var property in json.EnumerateObject())
        {
            if (property.Name.StartsWith('_') || property.Name == "resourceType")
            {
                continue;
            }

            var (element, elementType) = Find(type, property.Name);
            Constant[] items = property.Value.ValueKind == JsonValueKind.Array
                ? [.. property.Value.EnumerateArray().Where(item => item.ValueKind != JsonValueKind.Null).Select(item => Of(item, elementType))]
                : [Of(property.Value, elementType)];
            parts.Add((element, element?.Name ?? property.Name, items));
        }

        return [.. parts];
    }

    private static (ElementSchema? Element, TypeSchema? Type) Find(TypeSchema? type, string property)
    {
        foreach (var element in type?.Elements ?? [])
        {
            for (var i = 0; i < element.JsonNames.Count; i++)
            {
                if (element.JsonNames[i] == property)
                {
                    return (element, element.Types.Count > i ? element.Types[i].Type : null);
                }
            }
        }

        return (null, null);
    }

    /// <summary>The node has exactly this value: nothing is missing, nothing is more.</summary>
    public bool Equals(Node node) => Matches(node, exact: true);

    /// <summary>The node has at least this.</summary>
    public bool IsPatternOf(Node node) => Matches(node, exact: false);

    private bool Matches(Node node, bool exact)
    {
        if (Type is not null && node.Type != Type && !(Type.IsPrimitive && node.IsPrimitive))
        {
            return false;
        }

        if (text is not null)
        {
            return node.HasValue && node.TextEquals(text) && (!exact || node.Children.IsEmpty);
        }

        return exact ? IsExactly(node) : HoldsParts(node);
    }

    /// <summary>The same values in the same order, and nothing else.</summary>
    private bool IsExactly(Node node)
    {
        var matched = 0;
        foreach (var (element, name, items) in parts)
        {
            var at = 0;
            foreach (var child in element is null ? node.ChildrenOf(name) : node.ChildrenOf(element))
            {
                if (at == items.Length || !items[at++].Matches(child, exact: true))
                {
                    return false;
                }
            }

            if (at < items.Length)
            {
                return false;
            }

            matched += items.Length;
        }

        return node.Children.Count == matched;
    }

    private bool HoldsParts(Node node)
    {
        foreach (var (element, name, items) in parts)
        {
            var children = element is null ? node.ChildrenOf(name) : node.ChildrenOf(element);
            foreach (var item in items)
            {
                var found = false;
                foreach (var child in children)
                {
                    if (item.Matches(child, exact: false))
                    {
                        found = true;
                        break;
                    }
                }

                if (!found)
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>The values that this one demands of its element of that name; empty when it demands none.</summary>
    public Constant[] At(string name)
    {
        foreach (var part in parts)
        {
            if (part.Name == name)
            {
                return part.Items;
            }
        }

        return [];
    }

    /// <summary>For messages.</summary>
    public override string ToString()
    {
        if (text is not null)
        {
            return Text!;
        }

        if (At("code") is [{ text: not null } code] && At("system") is [{ text: not null } system])
        {
            return system + "|" + code;
        }

        return string.Join(", ", parts.SelectMany(part => part.Items.Select(item => part.Name == "coding" ? item.ToString() : $"{part.Name} {item}")));
    }
}
