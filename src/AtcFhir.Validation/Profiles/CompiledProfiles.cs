using System.Collections.Concurrent;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Validation.Profiles;

/// <summary>The profiles of a validator, compiled on first use and kept. Safe for any number of threads.</summary>
internal sealed class CompiledProfiles(ConformanceSource source)
{
    private readonly ConcurrentDictionary<string, CompiledProfile?> byCanonical = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<StructureModel, CompiledProfile> byStructure = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentDictionary<string, ElementNode?> trees = new(StringComparer.Ordinal);
    private int count;

    public ConformanceSource Source => source;

    /// <summary>The profile, or null when the canonical is not known. Base types are no profiles here; they always apply.</summary>
    public CompiledProfile? Find(string canonical)
    {
        if (!byCanonical.TryGetValue(canonical, out var profile))
        {
            profile = source.Structure(canonical) is { } structure ? byStructure.GetOrAdd(structure, Compile) : null;
            byCanonical[canonical] = profile;
        }

        return profile;
    }

    private CompiledProfile Compile(StructureModel structure) => new ProfileCompiler(this, structure, Interlocked.Increment(ref count)).Compile();

    /// <summary>The element tree of a compiled profile, only to be read.</summary>
    public ElementNode? TreeOf(CompiledProfile profile)
        => trees.GetOrAdd(profile.Structure.Canonical, _ => new SnapshotGenerator(source.Structure).Generate(profile.Structure, []));

    /// <summary>The element tree of a type or profile, only to be read.</summary>
    public ElementNode? Tree(string canonical)
    {
        if (!trees.TryGetValue(canonical, out var tree))
        {
            tree = new SnapshotGenerator(source.Structure).Tree(canonical, [], 0);
            trees[canonical] = tree;
        }

        return tree;
    }
}
