using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Values;

namespace AtcFhir.R4.Xml;

/// <summary>Writes the tree as FHIR JSON: occurrences of one element become one array, ids and extensions of primitives go to the _name.</summary>
internal sealed class JsonEmitter
{
    private readonly XmlSourceMap map = new();
    private readonly XmlFindings findings;
    private readonly Utf8JsonWriter json;

    private JsonEmitter(Utf8JsonWriter json, XmlFindings findings) => (this.json, this.findings) = (json, findings);

    public static XmlConversion Emit(XmlPart root, XmlFindings findings)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
        var emitter = new JsonEmitter(json, findings);
        emitter.WriteObject(root, isResource: true);
        json.Flush();
        return new XmlConversion(buffer.WrittenSpan.ToArray(), emitter.map, findings.Issues) { Incomplete = findings.Incomplete };
    }

    /// <summary>Remembers where what is written next comes from. The writer puts a comma in front, which does no harm.</summary>
    private void Mark(XmlPart part) => map.Add((int)(json.BytesCommitted + json.BytesPending), part.Position);

    private void WriteObject(XmlPart part, bool isResource)
    {
        Mark(part);
        json.WriteStartObject();
        if (isResource)
        {
            json.WriteString("resourceType", part.Type.Name);
        }

        WriteContent(part);
        Mark(part);
        json.WriteEndObject();
    }

    private void WriteContent(XmlPart part)
    {
        if (part.Id is { } id)
        {
            json.WriteString("id", id);
        }

        // In JSON the order of the properties is free; extension is the one that comes before url in the definition.
        if (part.Url is { } url)
        {
            json.WriteString("url", url);
        }

        foreach (var group in Groups(part))
        {
            WriteGroup(group);
        }
    }

    /// <summary>The occurrences of each property, in the order of the first ones.</summary>
    private static Dictionary<string, List<XmlPart>>.ValueCollection Groups(XmlPart part)
    {
        var groups = new Dictionary<string, List<XmlPart>>(StringComparer.Ordinal);
        foreach (var child in part.Children)
        {
            if (!groups.TryGetValue(child.JsonName, out var group))
            {
                groups.Add(child.JsonName, group = []);
            }

            group.Add(child);
        }

        return groups.Values;
    }

    private void WriteGroup(List<XmlPart> group)
    {
        var first = group[0];
        var isList = first.Element!.IsList;

        // That a single element stands twice is noted already; the first is taken.
        var items = isList ? group : [first];
        Mark(first);
        if (!first.Type.IsPrimitive)
        {
            json.WritePropertyName(first.JsonName);
            WriteItems(isList, items, item => WriteObject(item, item.Type.IsResource));
            return;
        }

        if (items.Exists(item => item.Value is not null))
        {
            json.WritePropertyName(first.JsonName);
            WriteItems(isList, items, WriteValue);
        }

        if (items.Exists(HasMore))
        {
            Mark(first);
            json.WritePropertyName("_" + first.JsonName);
            WriteItems(isList, items, WriteMore);
        }
    }

    private void WriteItems(bool isList, List<XmlPart> items, Action<XmlPart> write)
    {
        if (isList)
        {
            json.WriteStartArray();
        }

        items.ForEach(write);
        if (isList)
        {
            json.WriteEndArray();
        }
    }

    private void WriteValue(XmlPart part)
    {
        Mark(part);
        if (part.Value is not { } value)
        {
            json.WriteNullValue();
        }
        else if (part.Type.Primitive is PrimitiveKind.Boolean or PrimitiveKind.Integer or PrimitiveKind.UnsignedInt or PrimitiveKind.PositiveInt or PrimitiveKind.Decimal)
        {
            WriteLiteral(part, value);
        }
        else
        {
            json.WriteStringValue(value);
        }
    }

    /// <summary>Numbers keep their text, digit by digit.</summary>
    private void WriteLiteral(XmlPart part, string value)
    {
        var isLiteral = part.Type.Primitive == PrimitiveKind.Boolean ? value is "true" or "false" : FhirDecimal.TryParse(value, out _);
        if (isLiteral)
        {
            json.WriteRawValue(Encoding.ASCII.GetBytes(value), skipInputValidation: true);
        }
        else
        {
            findings.Add(StructureRule.BadValue, part.Position, part.Expression, $"The value of {part.JsonName} is not a {part.Type.Name}.");
            json.WriteStringValue(value);
        }
    }

    private static bool HasMore(XmlPart part) => part.Id is not null || part.Children.Count > 0;

    private void WriteMore(XmlPart part)
    {
        if (!HasMore(part))
        {
            json.WriteNullValue();
            return;
        }

        Mark(part);
        json.WriteStartObject();
        WriteContent(part);
        json.WriteEndObject();
    }
}
