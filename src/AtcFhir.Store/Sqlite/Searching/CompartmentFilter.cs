using AtcFhir.R4.Definitions;
using AtcFhir.Store.Extraction;
using AtcFhir.Store.Search;
using AtcFhir.Store.Sql;

namespace AtcFhir.Store.Sqlite.Searching;

/// <summary>The condition that a resource belongs to a compartment. <see href="https://hl7.org/fhir/R4/compartmentdefinition.html"/></summary>
internal static class CompartmentFilter
{
    public static SqlText Of(ISqlSession reader, Names names, SearchParameterRegistry registry, RowTestBuilder tests, Compartment compartment, IReadOnlyList<string> types)
    {
        if (R4Definitions.Compartments.FirstOrDefault(definition => definition.Code == compartment.Code) is not { } definition)
        {
            return new SqlText("FALSE");
        }

        var any = new SqlText("(FALSE");
        if (names.FindType(reader, compartment.Code) is { } own)
        {
            any.Append($" OR (r.t = {own} AND r.id = ").Add($"{compartment.Id})");
        }

        if (tests.Target(PathsOf(registry, definition, types), compartment.Code, compartment.Id) is { } test)
        {
            any.Append(" OR r.rid IN (").Append(test.Resources).Append(")");
        }

        return any.Append(")");
    }

    /// <summary>The paths whose references put a resource into such a compartment.</summary>
    /// <param name="types">Only of these resource types; empty for all.</param>
    public static IReadOnlyList<IndexedPath> PathsOf(SearchParameterRegistry registry, CompartmentDefinition definition, IReadOnlyList<string> types)
        => [.. definition.Parameters.Where(entry => types.Count == 0 || types.Contains(entry.Key))
            .SelectMany(entry => entry.Value.Select(code => registry.Of(entry.Key)?.Find(code)))
            .OfType<SearchParameter>().SelectMany(parameter => parameter.Sources).Select(source => source.Path).Distinct()];
}
