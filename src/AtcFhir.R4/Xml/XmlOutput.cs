using System.Text;
using System.Xml;
using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;

namespace AtcFhir.R4.Xml;

/// <summary>Writes a document as XML. Characters that XML 1.0 cannot hold (control characters, which FHIR forbids as well) become U+FFFD.</summary>
internal static class XmlOutput
{
    public static void Write(ResourceDocument document, Stream output, bool pretty)
    {
        using var xml = XmlWriter.Create(output, new XmlWriterSettings { Encoding = new UTF8Encoding(false), NewLineHandling = NewLineHandling.Entitize, CheckCharacters = true, Indent = pretty, NewLineChars = "\n" });
        xml.WriteStartDocument();
        WriteResource(xml, document.Root);
        xml.WriteEndDocument();
    }

    private static void WriteResource(XmlWriter xml, Node resource)
    {
        xml.WriteStartElement(resource.Type.Name, FhirXml.Namespace);
        WriteChildren(xml, resource);
        xml.WriteEndElement();
    }

    private static void WriteChildren(XmlWriter xml, Node parent)
    {
        foreach (var element in parent.Type.Elements)
        {
            if (IsAttribute(parent.Type, element))
            {
                continue;
            }

            foreach (var child in parent.ChildrenOf(element))
            {
                WriteElement(xml, child, element);
            }
        }
    }

    private static void WriteElement(XmlWriter xml, Node node, ElementSchema element)
    {
        if (node.Type.Primitive == PrimitiveKind.Xhtml)
        {
            if (node.Text is { } narrative)
            {
                Xhtml.Write(xml, XmlCharacters.Representable(narrative));
            }

            return;
        }

        xml.WriteStartElement(NameOf(node, element), FhirXml.Namespace);
        if (node.IsResource)
        {
            WriteResource(xml, node);
        }
        else
        {
            WriteAttribute(xml, "id", node.Child("id"));
            if (node.Type.Name == "Extension")
            {
                WriteAttribute(xml, "url", node.Child("url"));
            }

            WriteAttribute(xml, "value", node);
            WriteChildren(xml, node);
        }

        xml.WriteEndElement();
    }

    private static void WriteAttribute(XmlWriter xml, string name, Node node)
    {
        if (node.Exists && node.Text is { } value)
        {
            xml.WriteAttributeString(name, XmlCharacters.Representable(value));
        }
    }

    private static string NameOf(Node node, ElementSchema element)
    {
        for (var i = 0; i < element.Types.Count; i++)
        {
            if (ReferenceEquals(element.Types[i].Type, node.Type))
            {
                return element.JsonNames[i];
            }
        }

        return element.Name;
    }

    private static bool IsAttribute(TypeSchema type, ElementSchema element) => element.Path is "Element.id" or "Extension.url" && !type.IsResource;
}
