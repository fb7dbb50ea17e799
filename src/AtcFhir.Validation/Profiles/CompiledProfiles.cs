using System.Collections.Concurrent;
using AtcFhir.R4.Documents;
using AtcFhir.Validation.Conformance;
using AtcFhir.Validation.Terminology;

namespace AtcFhir.Validation.Profiles;

/// <summary>The profiles of a validator, compiled on first use and kept. Safe for any number of threads.</summary>
internal sealed class CompiledProfiles(ConformanceSource source)
{
    /// <summary>Documents may name any canonicals, known or not; they cannot fill the memory.</summary>
    private const int MostRemembered = 10_000;

    private readonly ConcurrentDictionary<string, CompiledProfile?> byCanonical = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<StructureModel, CompiledProfile> byStructure = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentDictionary<string, ElementNode?> trees = new(StringComparer.Ordinal);
    private readonly Utf8Memo<CompiledProfile?> byUtf8 = new(1024);
    private int count;

    public ConformanceSource Source => source;

    /// <summary>The profile, or null when the canonical is not known. Base types are no profiles here; they always apply.</summary>
    public CompiledProfile? Find(string canonical)
    {
        if (!byCanonical.TryGetValue(canonical, out var profile))
        {
            profile = source.Structure(canonical) is { } structure ? byStructure.GetOrAdd(structure, Compile) : null;
            if (byCanonical.Count < MostRemembered)
            {
                byCanonical[canonical] = profile;
            }
        }

        return profile;
    }

    /// <summary>The same for a canonical or uri as it stands in a document.</summary>
    public CompiledProfile? Find(Node canonical)
    {
        if (canonical.IsEscaped || canonical.RawValue.IsEmpty)
        {
            return canonical.Text is { } text ? Find(text) : null;
        }

        if (!byUtf8.TryGet(canonical.RawValue, out var profile))
        {
            profile = Find(canonical.Text!);
            byUtf8.Add(canonical.RawValue, profile);
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
