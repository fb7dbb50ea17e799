using AtcFhir.R4.Definitions;

namespace AtcFhir.R4.Xml;

/// <summary>One FHIR element as it stands in the XML, its name resolved: an occurrence of an element of its parent's type, or a resource.</summary>
internal sealed class XmlPart(XmlPart? parent, ElementSchema? element, string jsonName, TypeSchema type, (int Line, int Column) position)
{
    private List<XmlPart>? children;

    /// <summary>How often each element has come.</summary>
    private Dictionary<ElementSchema, int>? counts;

    /// <summary>Null of the root.</summary>
    public ElementSchema? Element => element;

    /// <summary>The JSON property, "valueQuantity"; the name of a resource.</summary>
    public string JsonName => jsonName;

    /// <summary>The type; a contained resource takes it from the element inside.</summary>
    public TypeSchema Type { get; set; } = type;

    public (int Line, int Column) Position => position;

    /// <summary>The value attribute, or the text of a div.</summary>
    public string? Value { get; set; }

    public string? Id { get; set; }

    public string? Url { get; set; }

    public IReadOnlyList<XmlPart> Children => children ?? [];

    public int Repetition { get; private set; }

    /// <summary>FHIRPath from the root.</summary>
    public string Expression => parent is null || element is null
        ? Type.Name
        : $"{parent.Expression}.{element.Name}{(element.IsList ? string.Create(CultureInfo.InvariantCulture, $"[{Repetition}]") : "")}";

    public void Add(XmlPart child)
    {
        children ??= [];
        counts ??= [];
        child.Repetition = counts.GetValueOrDefault(child.Element!);
        counts[child.Element!] = child.Repetition + 1;
        children.Add(child);
    }
}
