using System.Collections.Frozen;

namespace AtcFhir.R4.Definitions;

/// <summary>Named blocks behind an index, as the generator joins them: found by name, read one by one. Only the index is held.</summary>
internal sealed class BlockFile
{
    private readonly DefinitionFile file;
    private readonly FrozenDictionary<string, Block> blocks;

    /// <summary>The blocks in a part of the file, which is an index and what it points into.</summary>
    public BlockFile(DefinitionFile file, Range part)
    {
        this.file = file;
        var content = file.Read().Span;
        var (start, _) = part.GetOffsetAndLength(content.Length);
        var parts = DefinitionFile.Split(content[part]);
        var index = new CompactReader(content[part][parts[0]]);
        var (found, at) = (new Dictionary<string, Block>(StringComparer.Ordinal), start + parts[1].Start.Value);
        for (var left = index.Number(); left > 0; left--)
        {
            var (name, length) = (index.Text(), index.Number());
            found.Add(name, new Block(at, length));
            at += length;
        }

        blocks = found.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public IReadOnlyCollection<string> Names => blocks.Keys;

    public bool TryGet(string name, out ReadOnlyMemory<byte> block)
    {
        var isThere = blocks.TryGetValue(name, out var place);
        block = place is not null ? file.Read().Slice(place.At, place.Length) : default;
        return isThere;
    }

    /// <summary>A class, since tables of it come compiled and need not wait for the JIT at the start of the command.</summary>
    private sealed record Block(int At, int Length);
}
