using AtcFhir.R4.Definitions;
using AtcFhir.Store.Extraction;

namespace AtcFhir.Store.Search;

/// <summary>The search parameters of one resource type, compiled: by code for queries, as a list of paths for extraction.</summary>
internal sealed class TypeParameters
{
    private readonly Dictionary<string, SearchParameter> byCode = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IndexedPath> paths = new(StringComparer.Ordinal);

    public TypeParameters(TypeSchema resourceType, IReadOnlyList<SearchParameterDefinition> definitions)
    {
        Contained = resourceType.Find("contained");
        var byUrl = new Dictionary<string, SearchParameter>(StringComparer.Ordinal);
        foreach (var definition in definitions.Where(definition => definition.Type is not (SearchParameterType.Composite or SearchParameterType.Special) && definition.Expression is not null))
        {
            var parameter = new SearchParameter(resourceType.Name, definition, [.. Sources(resourceType, definition)], []);
            byCode[definition.Code] = parameter;
            byUrl[definition.Url] = parameter;
        }

        foreach (var definition in definitions.Where(definition => definition is { Type: SearchParameterType.Composite, Expression: not null }))
        {
            if (CompositeCompiler.Compile(definition, byUrl, CustomSearchParameter.IsOfficial(definition.Url) ? null : PathOf) is { Count: > 0 } branches)
            {
                byCode[definition.Code] = new SearchParameter(resourceType.Name, definition, [], branches);
            }
        }

        IndexedPath PathOf(SearchParameterDefinition component, string branch) => Path(resourceType, component, branch);

        PatientPaths = [.. ReferencesToPatient()];
        // With two ways to a patient the index could not tell which one it was.
        if (PatientPaths is [var only])
        {
            only.LeadsToPatient = true;
        }

        foreach (var path in PathsOf("code").Concat(PathsOf("category")).Where(path => path.Kind == SearchParameterType.Token))
        {
            path.IsCodeLike = HasCodePaths = true;
        }
    }

    public IReadOnlyCollection<SearchParameter> All => byCode.Values;

    /// <summary>The element that holds contained resources; null of the few types that can have none.</summary>
    public ElementSchema? Contained { get; }

    public Dictionary<string, IndexedPath>.ValueCollection Paths => paths.Values;

    /// <summary>Paths whose references to a Patient put the resource into that patient's part of the compartment index.</summary>
    public IReadOnlyList<IndexedPath> PatientPaths { get; }

    /// <summary>True when there are code-like paths that the compartment index keeps per patient.</summary>
    public bool HasCodePaths { get; }

    public SearchParameter? Find(string code) => byCode.GetValueOrDefault(code);

    private IEnumerable<(IndexedPath, string?)> Sources(TypeSchema resourceType, SearchParameterDefinition definition)
    {
        if (definition.Code is "_id" or "_lastUpdated")
        {
            yield break;
        }

        foreach (var (branch, targetType) in ExpressionBranches.Of(definition.Expression!))
        {
            yield return (Path(resourceType, definition, branch), targetType);
        }
    }

    private IndexedPath Path(TypeSchema resourceType, SearchParameterDefinition definition, string branch)
    {
        var key = $"{definition.Type}|{branch}";
        if (!paths.TryGetValue(key, out var path))
        {
            paths[key] = path = IndexedPath.Of(resourceType, definition.Type, branch);
            path.OnlyTarget = definition.Targets is [var only] ? only : null;
        }
        else if (path.OnlyTarget is not null && !definition.Targets.SequenceEqual([path.OnlyTarget]))
        {
            path.OnlyTarget = null;
        }

        return path;
    }

    private IEnumerable<IndexedPath> ReferencesToPatient()
        => PathsOf("patient").Concat(PathsOf("subject")).Where(path => path.Kind == SearchParameterType.Reference).Distinct();

    private IEnumerable<IndexedPath> PathsOf(string code) => byCode.TryGetValue(code, out var parameter) ? parameter.Sources.Select(source => source.Path) : [];
}
