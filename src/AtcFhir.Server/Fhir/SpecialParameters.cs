using AtcFhir.R4.Definitions;

namespace AtcFhir.Server.Fhir;

/// <summary>Parameters that are in no index: those that apply to every type and are no element's, and a few of single types. <see href="https://hl7.org/fhir/R4/search.html#all"/></summary>
internal static class SpecialParameters
{
    public static IReadOnlyList<SearchParameterDefinition> All { get; } =
    [
        Of("_text", "DomainResource-text", SearchParameterType.String),
        Of("_content", "Resource-content", SearchParameterType.String),
        Of("_filter", "filter", SearchParameterType.Special),
        Of("_list", null, SearchParameterType.Special),
        Of("_has", null, SearchParameterType.Special),
        Of("_type", null, SearchParameterType.Special),
    ];

    /// <summary>Those of one type that are in no index.</summary>
    public static IReadOnlyList<SearchParameterDefinition> For(string type) => type == "Location" ? [Of("near", "Location-near", SearchParameterType.Special)] : [];

    /// <param name="id">Of its official definition; those of the search page itself have none.</param>
    private static SearchParameterDefinition Of(string code, string? id, SearchParameterType type)
        => new(code, id is null ? "" : "http://hl7.org/fhir/SearchParameter/" + id, type, null, [], []);
}
