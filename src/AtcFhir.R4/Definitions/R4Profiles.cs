namespace AtcFhir.R4.Definitions;

/// <summary>The official profiles (vital signs, lipid profile, SimpleQuantity and so on) and extensions of R4, with snapshots. Loads on first use.</summary>
public static class R4Profiles
{
    /// <summary>
    /// The StructureDefinition as JSON, by canonical (a version after | must be 4.0.1), or null. Texts for readers (definition, comment, mapping) are left out; the snapshot is whole.
    /// </summary>
    public static ReadOnlyMemory<byte>? Find(string canonical) => throw new NotImplementedException();

    /// <summary>All canonical URLs.</summary>
    public static IReadOnlyCollection<string> Canonicals => throw new NotImplementedException();
}
