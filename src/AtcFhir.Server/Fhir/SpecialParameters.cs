using AtcFhir.R4.Definitions;

namespace AtcFhir.Server.Fhir;

/// <summary>The parameters that apply to every type and are no element's. <see href="https://hl7.org/fhir/R4/search.html#all"/></summary>
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

    /// <param name="id">Of its official definition; those of the search page itself have none.</param>
    private static SearchParameterDefinition Of(string code, string? id, SearchParameterType type)
        => new(code, id is null ? "" : "http://hl7.org/fhir/SearchParameter/" + id, type, null, [], []);
}
