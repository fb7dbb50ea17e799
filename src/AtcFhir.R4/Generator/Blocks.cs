namespace AtcFhir.R4.Generator;

/// <summary>Named blocks behind an index of name and length; <see cref="Definitions.BlockFile"/> reads it.</summary>
internal static class Blocks
{
    public static byte[] Join(IEnumerable<(string Name, byte[] Content)> blocks)
    {
        var ordered = blocks.OrderBy(block => block.Name, StringComparer.Ordinal).ToList();
        var index = new CompactWriter();
        index.List(ordered, block =>
        {
            index.Text(block.Name);
            index.Number(block.Content.Length);
        });
        return CompactWriter.Join(index.ToArray(), [.. ordered.SelectMany(block => block.Content)]);
    }
}
