namespace AtcFhir.R4.Xml;

/// <summary>The XML as text, addressed by the one-based lines and columns that the reader reports; for taking out narrative as it was written.</summary>
internal sealed class XmlText(string text)
{
    private List<int>? lines;

    /// <summary>From the "&lt;" before the first position to the "&gt;" behind the second.</summary>
    public string Between((int Line, int Column) start, (int Line, int Column) end)
    {
        var from = Offset(start) - 1;
        var to = text.IndexOf('>', Offset(end)) + 1;

        // An XML reader hands out every line end as a line feed.
        return text[from..to].Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
    }

    private int Offset((int Line, int Column) position) => (lines ??= Lines())[position.Line - 1] + position.Column - 1;

    private List<int> Lines()
    {
        List<int> starts = [0];
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n')))
            {
                starts.Add(i + 1);
            }
        }

        return starts;
    }
}
