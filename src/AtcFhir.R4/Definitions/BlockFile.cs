using System.Collections.Frozen;

namespace AtcFhir.R4.Definitions;

/// <summary>Named blocks behind an index, as the generator joins them: found by name, read one by one.</summary>
internal sealed class BlockFile
{
    private readonly FrozenDictionary<string, ReadOnlyMemory<byte>> blocks;

    public BlockFile(ReadOnlyMemory<byte> content)
    {
        var parts = DefinitionFile.Split(content);
        var index = new CompactReader(parts[0].Span);
        var (found, at) = (new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal), 0);
        for (var left = index.Number(); left > 0; left--)
        {
            var (name, length) = (index.Text(), index.Number());
            found.Add(name, parts[1].Slice(at, length));
            at += length;
        }

        blocks = found.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public IReadOnlyCollection<string> Names => blocks.Keys;

    public bool TryGet(string name, out ReadOnlyMemory<byte> block) => blocks.TryGetValue(name, out block);
}
