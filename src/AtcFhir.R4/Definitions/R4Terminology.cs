using System.Collections.Concurrent;

namespace AtcFhir.R4.Definitions;

/// <summary>
/// The code systems and value sets of the R4 package. The file loads on first use; a single system or set is decoded when it is first asked for.
/// </summary>
public static class R4Terminology
{
    private static readonly Lazy<Parts> File = new(static () =>
    {
        var file = new DefinitionFile("r4.terminology.br");
        var parts = DefinitionFile.Split(file.Read().Span);
        return new Parts(new BlockFile(file, parts[0]), new BlockFile(file, parts[1]));
    });

    private static readonly Lazy<BlockFile> Meanings = new(static () => new BlockFile(new DefinitionFile("r4.meanings.br"), ..));

    private static readonly ConcurrentDictionary<string, CodeSystemDefinition?> CodeSystems = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, ValueSetDefinition?> ValueSets = new(StringComparer.Ordinal);

    /// <summary>By canonical URL without version, or null.</summary>
    public static CodeSystemDefinition? FindCodeSystem(string url) => Find(url, CodeSystems, File.Value.CodeSystems, TerminologyLoader.CodeSystem);

    /// <summary>By canonical URL without version, or null.</summary>
    public static ValueSetDefinition? FindValueSet(string url) => Find(url, ValueSets, File.Value.ValueSets, TerminologyLoader.ValueSet);

    /// <summary>Name, definitions and designations of a code system, by canonical URL without version, or null. Decoded anew each time: few ask.</summary>
    public static CodeSystemMeanings? FindMeanings(string url) => Meanings.Value.TryGet(url, out var block) ? MeaningLoader.Meanings(block) : null;

    public static IReadOnlyCollection<string> CodeSystemUrls => File.Value.CodeSystems.Names;

    public static IReadOnlyCollection<string> ValueSetUrls => File.Value.ValueSets.Names;

    /// <summary>Only what exists is remembered, so that asking for anything cannot fill the memory.</summary>
    private static T? Find<T>(string url, ConcurrentDictionary<string, T?> known, BlockFile file, Func<string, ReadOnlyMemory<byte>, T> decode)
        where T : class
        => known.TryGetValue(url, out var found) ? found : file.TryGet(url, out var block) ? known.GetOrAdd(url, decode(url, block)) : null;

    private sealed record Parts(BlockFile CodeSystems, BlockFile ValueSets);
}
