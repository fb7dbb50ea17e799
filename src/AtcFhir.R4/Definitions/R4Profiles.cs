namespace AtcFhir.R4.Definitions;

/// <summary>The official profiles (vital signs, lipid profile, SimpleQuantity and so on) and extensions of R4, with snapshots. Loads on first use.</summary>
public static class R4Profiles
{
    private const string Version = "4.0.1";

    private static readonly Lazy<BlockFile> File = new(() => new BlockFile(new DefinitionFile("r4.profiles.br"), ..));

    /// <summary>
    /// The StructureDefinition as JSON, by canonical (a version after | must be 4.0.1), or null. Texts for readers (definition, comment, mapping)
    /// and the differential are left out; the snapshot is whole. Not to be held on to: it keeps all the others in memory.
    /// </summary>
    public static ReadOnlyMemory<byte>? Find(string canonical)
    {
        var bar = canonical.IndexOf('|', StringComparison.Ordinal);
        if (bar >= 0 && canonical[(bar + 1)..] != Version)
        {
            return null;
        }

        // Not a conditional with null in it: null would become an empty memory.
        return File.Value.TryGet(bar < 0 ? canonical : canonical[..bar], out var block) ? new ReadOnlyMemory<byte>?(block) : default;
    }

    /// <summary>All canonical URLs, without version.</summary>
    public static IReadOnlyCollection<string> Canonicals => File.Value.Names;
}
