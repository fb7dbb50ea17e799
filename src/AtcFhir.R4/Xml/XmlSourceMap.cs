namespace AtcFhir.R4.Xml;

/// <summary>Where in the XML each part of the JSON comes from.</summary>
public sealed class XmlSourceMap
{
    private readonly List<int> offsets = [];
    private readonly List<(int Line, int Column)> positions = [];

    /// <summary>Offsets grow.</summary>
    internal void Add(int offset, (int Line, int Column) position)
    {
        offsets.Add(offset);
        positions.Add(position);
    }

    /// <summary>One-based line and column of the XML element from which the JSON at this byte comes.</summary>
    public (int Line, int Column) At(int offset)
    {
        var index = offsets.BinarySearch(offset);
        if (index < 0)
        {
            return index == -1 ? (1, 1) : positions[~index - 1];
        }

        // Of several at one offset the last is the innermost.
        while (index + 1 < offsets.Count && offsets[index + 1] == offset)
        {
            index++;
        }

        return positions[index];
    }
}
