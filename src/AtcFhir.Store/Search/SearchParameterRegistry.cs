using System.Collections.Concurrent;
using AtcFhir.R4.Definitions;

namespace AtcFhir.Store.Search;

/// <summary>The search parameters that are served: the official ones of R4 and any that are added. Immutable; those of a type are compiled when it is first used.</summary>
public sealed class SearchParameterRegistry
{
    private readonly IReadOnlyList<(IReadOnlyCollection<string> Types, SearchParameterDefinition Definition)> added;
    private readonly ConcurrentDictionary<string, TypeParameters?> compiled;

    private SearchParameterRegistry(
        IReadOnlyList<(IReadOnlyCollection<string> Types, SearchParameterDefinition Definition)> added, ConcurrentDictionary<string, TypeParameters?>? compiled = null)
        => (this.added, this.compiled) = (added, compiled ?? new(StringComparer.Ordinal));

    /// <summary>Answers :in, :above and their like; null refuses these.</summary>
    internal ISearchTerminology? Terminology { get; private init; }

    /// <summary>Where a client sees the store: below it, absolute references in queries are those of this store.</summary>
    private string? ServedAt { get; init; }

    /// <summary>All official parameters of all types.</summary>
    public static SearchParameterRegistry R4 { get; } = new([]);

    /// <summary>The parameters of a type that can be searched by, for its CapabilityStatement, by code.</summary>
    public IReadOnlyList<SearchParameterDefinition> For(string resourceType)
        => [.. (Of(resourceType)?.All ?? []).Select(parameter => parameter.Definition).OrderBy(definition => definition.Code, StringComparer.Ordinal)];

    /// <summary>A registry with one more parameter on some types; one of the same code is replaced.</summary>
    public SearchParameterRegistry With(IReadOnlyCollection<string> resourceTypes, SearchParameterDefinition definition) => new([.. added, (resourceTypes, definition)]) { Terminology = Terminology, ServedAt = ServedAt };

    /// <summary>The same with custom parameters.</summary>
    internal SearchParameterRegistry With(IReadOnlyList<CustomSearchParameter> custom) => custom.Count == 0
        ? this
        : new([.. added, .. custom.SelectMany(parameter => parameter.Types.Select(type => ((IReadOnlyCollection<string>)[type], parameter.For(type))))]) { Terminology = Terminology, ServedAt = ServedAt };

    /// <summary>The same parameters, compiled once for both, with terminology for the modifiers that need it.</summary>
    public SearchParameterRegistry With(ISearchTerminology terminology) => new(added, compiled) { Terminology = terminology, ServedAt = ServedAt };

    /// <summary>The same for queries of a client that knows the store under that base URL, whatever <see cref="StoreOptions.BaseUrl"/> says.</summary>
    public SearchParameterRegistry At(string baseUrl) => new(added, compiled) { Terminology = Terminology, ServedAt = baseUrl + "/" };

    /// <summary>A reference as it is asked for, relative when it leads to this store. <see href="https://hl7.org/fhir/R4/search.html#reference"/></summary>
    internal string Local(string reference) => ServedAt is { } prefix && reference.StartsWith(prefix, StringComparison.Ordinal) ? reference[prefix.Length..] : reference;

    /// <summary>Null when there is no such resource type.</summary>
    internal TypeParameters? Of(string resourceType) => compiled.GetOrAdd(resourceType, static (type, registry) => registry.Compile(type), this);

    private TypeParameters? Compile(string resourceType)
    {
        if (R4Definitions.Find(resourceType) is not { IsResource: true, IsAbstract: false } schema)
        {
            return null;
        }

        var definitions = new Dictionary<string, SearchParameterDefinition>(StringComparer.Ordinal);
        foreach (var definition in R4Definitions.SearchParameters(resourceType).Concat(added.Where(entry => entry.Types.Contains(resourceType)).Select(entry => entry.Definition)))
        {
            definitions[definition.Code] = definition;
        }

        return new TypeParameters(schema, [.. definitions.Values]);
    }
}
