using AtcFhir.R4.Definitions;
using AtcFhir.Store.Extraction;
using AtcFhir.Store.Search;

namespace AtcFhir.Store.Sqlite.Searching;

/// <summary>
/// An element of type code has no system of its own: its value set implies it, and a query may name it (<c>status=http://hl7.org/fhir/observation-status|final</c>).
/// Its rows have no system, so the query is brought to that form. <see href="https://hl7.org/fhir/R4/search.html#token"/>
/// </summary>
internal static class ImpliedSystem
{
    public static Operand Resolve(IReadOnlyList<IndexedPath> paths, Operand operand)
        => operand is TokenOperand { System: { Length: > 0 } system } token && paths.Count > 0 && paths.All(path => path.ImpliedBinding?.ValueSet is { } valueSet && Implies(valueSet, system))
            ? token with { System = "" }
            : operand;

    private static bool Implies(string valueSet, string system)
        => R4Terminology.FindValueSet(valueSet.Split('|')[0])?.Includes.Any(part => part.System == system) ?? false;
}
