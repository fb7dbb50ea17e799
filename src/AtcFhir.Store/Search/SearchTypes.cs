using AtcFhir.R4.Definitions;
using AtcFhir.R4.Outcomes;
using AtcFhir.Store.Values;

namespace AtcFhir.Store.Search;

/// <summary>Which types a search is over.</summary>
/// <param name="Names">Empty for all.</param>
internal sealed record SearchTypes(IReadOnlyList<string> Names)
{
    public static IReadOnlyList<string> All => AllTypes.Value;

    private static readonly Lazy<string[]> AllTypes = new(() => [.. R4Definitions.Types.Where(type => type is { IsResource: true, IsAbstract: false }).Select(type => type.Name)]);

    /// <summary>The types whose parameters are looked up; a parameter must be known of each. <see href="https://hl7.org/fhir/R4/resource.html#search"/></summary>
    public IReadOnlyList<string> Searched => Names.Count == 0 ? AllTypes.Value : Names;

    public static Result<SearchTypes> Of(string? type, IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        List<string> names = type is null
            ? [.. parameters.Where(parameter => parameter.Key == "_type").SelectMany(parameter => parameter.Value.Split(',')).Select(name => name.Trim()).Distinct()]
            : [type];
        return names.Find(name => !LocalReference.IsResourceType(name)) is { } unknown
            ? SearchFailure.Parameter(type is null ? "_type" : "type", $"{unknown} is no resource type of R4.")
            : new SearchTypes(names);
    }
}
