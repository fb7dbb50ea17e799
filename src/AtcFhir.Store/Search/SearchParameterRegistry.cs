using AtcFhir.R4.Definitions;

namespace AtcFhir.Store.Search;

/// <summary>The search parameters that are served: the official ones of R4 and any that are added. Immutable.</summary>
public sealed class SearchParameterRegistry
{
    private SearchParameterRegistry() { }

    /// <summary>All official parameters of all types; those of a type are made ready when it is first used.</summary>
    public static SearchParameterRegistry R4 { get; } = new();

    /// <summary>The parameters of a type that can be searched by, for its CapabilityStatement.</summary>
    public IReadOnlyList<SearchParameterDefinition> For(string resourceType) => throw new NotImplementedException();

    /// <summary>A registry with one more parameter on some types.</summary>
    public SearchParameterRegistry With(IReadOnlyCollection<string> resourceTypes, SearchParameterDefinition definition) => throw new NotImplementedException();
}
