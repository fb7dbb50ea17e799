using System.Text;
using System.Xml;
using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;

namespace AtcFhir.R4.Xml;

/// <summary>Reads XML to a tree whose names are resolved by the definitions; notes what does not fit and goes on.</summary>
internal sealed class XmlTreeReader(XmlReader reader, XmlText text, DocumentLimits limits, XmlFindings findings)
{
    private const string SchemaInstance = "http://www.w3.org/2001/XMLSchema-instance";
    private const string XmlnsNamespace = "http://www.w3.org/2000/xmlns/";

    /// <summary>Null when the text is no FHIR resource; why is among the findings.</summary>
    public XmlPart? ReadRoot()
    {
        var encoding = "utf-8";
        while (reader.Read() && reader.NodeType != XmlNodeType.Element)
        {
            if (reader.NodeType == XmlNodeType.XmlDeclaration)
            {
                encoding = reader.GetAttribute("encoding") ?? encoding;
            }
        }

        if (!encoding.Equals("utf-8", StringComparison.OrdinalIgnoreCase) && !encoding.Equals("us-ascii", StringComparison.OrdinalIgnoreCase))
        {
            findings.Add(StructureRule.NotUtf8, (1, 1), null, "The declaration names another encoding; FHIR XML is always UTF-8.");
            return null;
        }

        if (reader.NamespaceURI != FhirXml.Namespace)
        {
            findings.Add(StructureRule.WrongNamespace, Position, null, $"A FHIR resource is in the namespace {FhirXml.Namespace}: write xmlns=\"{FhirXml.Namespace}\" on the first element.");
            return null;
        }

        if (R4Definitions.FindResource(Encoding.UTF8.GetBytes(reader.LocalName)) is not { } type)
        {
            findings.Add(StructureRule.NotAResource, Position, null, $"'{Short(reader.LocalName)}' is not a resource type of FHIR R4.");
            return null;
        }

        var root = new XmlPart(null, null, type.Name, type, Position);
        ReadContent(root);
        while (reader.Read())
        {
            // The reader itself refuses a second root.
        }

        return root;
    }

    private (int Line, int Column) Position => ((IXmlLineInfo)reader).LineNumber is var line ? (line, ((IXmlLineInfo)reader).LinePosition) : default;

    /// <summary>Reads attributes and children; the reader stands on the start tag and is left on the end.</summary>
    private void ReadContent(XmlPart part)
    {
        if (reader.Depth > limits.MaxDepth)
        {
            throw new TooDeepException(Position.Line, Position.Column);
        }

        var isEmpty = reader.IsEmptyElement;
        ReadAttributes(part);
        var last = -1;
        while (!isEmpty && reader.Read() && reader.NodeType != XmlNodeType.EndElement)
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    ReadChild(part, ref last);
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA:
                    findings.Incomplete.Add(part.Position);
                    findings.Add(StructureRule.UnexpectedText, Position, part.Expression, $"{part.JsonName} contains text; write values as <{part.JsonName} value=\"…\"/>.");
                    break;
            }
        }

        if (part.Type.IsPrimitive && part.Value is null && part.Children.Count == 0 && !findings.Incomplete.Contains(part.Position))
        {
            findings.Add(StructureRule.Empty, part.Position, part.Expression, $"{part.JsonName} has neither a value attribute nor an extension.");
        }
    }

    private void ReadAttributes(XmlPart part)
    {
        while (reader.MoveToNextAttribute())
        {
            if (reader.NamespaceURI is XmlnsNamespace or SchemaInstance)
            {
                continue;
            }

            switch (reader.NamespaceURI.Length == 0 ? reader.LocalName : "")
            {
                case "value" when part.Type.IsPrimitive:
                    part.Value = reader.Value;
                    break;
                case "id" when !part.Type.IsResource:
                    part.Id = reader.Value;
                    break;
                case "url" when part.Type.Name == "Extension":
                    part.Url = reader.Value;
                    break;
                case "value":
                    findings.Add(StructureRule.UnknownAttribute, Position, part.Expression, $"{part.JsonName} is a {part.Type.Name}; it has child elements and no value attribute.");
                    break;
                default:
                    findings.Add(StructureRule.UnknownAttribute, Position, part.Expression, $"{part.JsonName} has no attribute '{Short(reader.Name)}'.");
                    break;
            }
        }

        reader.MoveToElement();
    }

    private void ReadChild(XmlPart parent, ref int last)
    {
        var name = reader.LocalName;
        var isXhtml = reader.NamespaceURI == FhirXml.XhtmlNamespace;
        var entry = reader.NamespaceURI == FhirXml.Namespace || isXhtml ? PropertyTable.Of(parent.Type).Find(Encoding.UTF8.GetBytes(name)) : null;
        if (entry is null || isXhtml != (entry.Primitive == PrimitiveKind.Xhtml) || IsAttribute(parent.Type, entry))
        {
            findings.Incomplete.Add(parent.Position);
            NoteUnknown(parent, name, entry);
            SkipToEnd();
            return;
        }

        if (entry.Element.Ordinal < last)
        {
            findings.Add(StructureRule.OutOfOrder, Position, parent.Expression, $"{name} stands behind an element that it has to precede; FHIR XML has the order of the definition.");
        }

        last = Math.Max(last, entry.Element.Ordinal);
        var child = new XmlPart(parent, entry.Element, name, entry.Type, Position);
        if (isXhtml)
        {
            child.Value = Xhtml.Read(reader, text);
        }
        else if (entry.TakesAnyResource)
        {
            if (!ReadResource(child))
            {
                return;
            }
        }
        else
        {
            ReadContent(child);
        }

        parent.Add(child);
        if (!entry.Element.IsList && child.Repetition > 0)
        {
            findings.Add(StructureRule.TooMany, child.Position, parent.Expression, $"{name} may not repeat.");
        }
    }

    /// <summary>contained, resource and the like hold one element that names the type. False when there is none to be read.</summary>
    private bool ReadResource(XmlPart holder)
    {
        var isEmpty = reader.IsEmptyElement;
        var found = false;
        ReadAttributes(holder);
        while (!isEmpty && reader.Read() && reader.NodeType != XmlNodeType.EndElement)
        {
            if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
            {
                findings.Add(StructureRule.UnexpectedText, Position, holder.Expression, $"{holder.JsonName} contains text; it holds one resource.");
            }
            else if (reader.NodeType == XmlNodeType.Element)
            {
                var type = reader.NamespaceURI == FhirXml.Namespace ? R4Definitions.FindResource(Encoding.UTF8.GetBytes(reader.LocalName)) : null;
                if (type is null || found)
                {
                    findings.Incomplete.Add(holder.Position);
                    findings.Add(
                        found ? StructureRule.TooMany : StructureRule.NotAResource,
                        Position,
                        holder.Expression,
                        found ? $"{holder.JsonName} holds one resource." : $"'{Short(reader.LocalName)}' is not a resource type of FHIR R4.");
                    SkipToEnd();
                    continue;
                }

                holder.Type = type;
                found = true;
                ReadContent(holder);
            }
        }

        if (!found && !findings.Incomplete.Contains(holder.Position))
        {
            findings.Add(StructureRule.Empty, holder.Position, holder.Expression, $"{holder.JsonName} holds no resource.");
        }

        return found;
    }

    /// <summary>Leaves the reader on the end of the element that it stands on.</summary>
    private void SkipToEnd()
    {
        var depth = reader.Depth;
        for (var inside = !reader.IsEmptyElement; inside && reader.Read(); inside = reader.NodeType != XmlNodeType.EndElement || reader.Depth > depth)
        {
        }
    }

    private void NoteUnknown(XmlPart parent, string name, PropertyEntry? entry)
    {
        var (rule, reason) = (entry, reader.NamespaceURI) switch
        {
            ({ Primitive: PrimitiveKind.Xhtml }, _) => (StructureRule.WrongNamespace, $"{name} is in the namespace {FhirXml.XhtmlNamespace}: write <{name} xmlns=\"{FhirXml.XhtmlNamespace}\">."),
            (_, not FhirXml.Namespace) => (StructureRule.WrongNamespace, $"{Short(name)} is not in the namespace {FhirXml.Namespace}."),
            ({ }, _) => (StructureRule.UnknownElement, $"{name} of a {parent.Type.Name} is an attribute in XML."),
            _ when PropertyTable.Of(parent.Type).Nearest(name) is { } nearest => (StructureRule.UnknownElement, $"{parent.Type.Name} has no element '{Short(name)}'; did you mean '{nearest}'?"),
            _ => (StructureRule.UnknownElement, $"{parent.Type.Name} has no element '{Short(name)}'."),
        };
        findings.Add(rule, Position, parent.Expression, reason);
    }

    /// <summary>The ids of elements and the url of an extension are attributes.</summary>
    private static bool IsAttribute(TypeSchema type, PropertyEntry entry) => entry.Element.Path is "Element.id" or "Extension.url" && !type.IsResource;

    private static string Short(string name) => name.Length > 64 ? name[..64] : name;
}
