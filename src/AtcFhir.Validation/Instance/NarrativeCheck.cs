using System.Buffers;
using System.Text.Json;
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
        if (div.ValueKind != JsonTokenType.String || PlainNarrative.IsGood(div.RawValue))
        {
            return;
        }

        // Unescaped, the text has at most as many characters as it has bytes in JSON.
        var buffer = ArrayPool<char>.Shared.Rent(div.RawValue.Length);
        try
        {
            var json = new Utf8JsonReader(div.JsonSpan);
            json.Read();
            Span<(int Start, int Length)> open = stackalloc (int, int)[XhtmlReader.Depth];
            var reader = new XhtmlReader(buffer.AsSpan(0, json.CopyString(buffer)), open);
            if (reader.Read() is { } fault)
            {
                run.Findings.Add(Rules.Narrative, div, "txt-1: " + fault);
            }
            else if (!reader.HasContent)
            {
                run.Findings.Add(Rules.NarrativeEmpty, div, "txt-2: The narrative has neither text nor an image.");
            }
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair; what JSON allows here, text does not.
            run.Findings.Add(Rules.Narrative, div, "txt-1: The narrative holds half of a surrogate pair.");
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }
}
