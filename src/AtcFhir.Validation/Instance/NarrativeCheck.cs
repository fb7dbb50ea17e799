using AtcFhir.R4.Documents;

namespace AtcFhir.Validation.Instance;

/// <summary>
/// Narrative against an own list of elements and attributes, read without any XML parser: no DTD, no entity is ever followed.
/// <see href="https://hl7.org/fhir/R4/narrative.html#xhtml"/>
/// </summary>
internal static class NarrativeCheck
{
    public static void Check(Run run, Node div)
    {
        if (div.Text is not { } text)
        {
            return;
        }

        var reader = new XhtmlReader(text);
        if (reader.Read() is { } fault)
        {
            run.Findings.Add(Rules.Narrative, div, "txt-1: " + fault);
        }
        else if (!reader.HasContent)
        {
            run.Findings.Add(Rules.NarrativeEmpty, div, "txt-2: The narrative has neither text nor an image.");
        }
    }
}
