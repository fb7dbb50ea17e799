using AtcFhir.R4.Definitions;
using AtcFhir.Store.Extraction;

namespace AtcFhir.Store.Search;

/// <summary>A search parameter as it applies to one resource type.</summary>
/// <param name="Sources">Where its values are indexed; of a reference perhaps limited to one target type.</param>
/// <param name="Composites">Of a composite: one a branch of its expression.</param>
internal sealed record SearchParameter(
    string ResourceType,
    SearchParameterDefinition Definition,
    IReadOnlyList<(IndexedPath Path, string? TargetType)> Sources,
    IReadOnlyList<CompositeBranch> Composites)
{
    public string Code => Definition.Code;

    public SearchParameterType Type => Definition.Type;

    /// <summary>_id and _lastUpdated are columns of the resource row.</summary>
    public bool IsColumn => Code is "_id" or "_lastUpdated";
}

/// <summary>One outer element of a composite and its components.</summary>
/// <param name="IsSameElement">The values of all components must stand in the same repetition of the outer element; false when that is the resource itself.</param>
internal sealed record CompositeBranch(bool IsSameElement, IReadOnlyList<CompositeComponent> Components);

/// <param name="IsGrouped">False for a component that stands elsewhere in the resource, such as <c>%resource.referenceSeq.chromosome</c>.</param>
internal sealed record CompositeComponent(SearchParameter Parameter, IReadOnlyList<IndexedPath> Paths, bool IsGrouped)
{
    public SearchParameterType Type => Parameter.Type;
}
