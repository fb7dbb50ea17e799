using AtcFhir.R4.Definitions;
using AtcFhir.R4.Outcomes;
using AtcFhir.Store.Search;

namespace AtcFhir.Server.Bulk;

/// <summary>The search that gives the resources of one type of an export.</summary>
internal static class ExportQuery
{
    private const string Patient = "Patient";

    private static readonly HashSet<string> Compartment = [.. R4Definitions.Compartments.First(definition => definition.Code == Patient).Parameters.Keys, Patient];

    /// <summary>The resource types that can be in a patient's compartment.</summary>
    public static IReadOnlySet<string> CompartmentTypes => Compartment;

    public static Result<SearchQuery> Of(SearchParameterRegistry registry, ExportOrder order, string type)
    {
        List<KeyValuePair<string, string>> parameters = [new("_count", SearchRequest.LargestCount.ToString(CultureInfo.InvariantCulture))];
        if (order.Since is { } since)
        {
            parameters.Add(new("_lastUpdated", "ge" + since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)));
        }

        if (!SearchRequest.Parse(registry, type, parameters, SearchHandling.Strict).TryGet(out var parsed, out var failure) || !Filters(registry, order, type).TryGet(out var filters, out failure))
        {
            return failure;
        }

        var query = filters.Count == 0 ? parsed.Query : parsed.Query.MatchingAny(filters);
        return order.Scope.Length == 0 ? query : query.Within(ClosureOf(order, type));
    }

    /// <summary>The queries of _typeFilter for the type; any of them has to match.</summary>
    public static Result<List<SearchQuery>> Filters(SearchParameterRegistry registry, ExportOrder order, string type)
    {
        var queries = new List<SearchQuery>();
        foreach (var filter in order.Filters.Where(filter => filter.StartsWith(type + "?", StringComparison.Ordinal)))
        {
            if (!SearchRequest.Parse(registry, type, filter[(type.Length + 1)..], SearchHandling.Strict).TryGet(out var parsed, out var failure))
            {
                return failure;
            }

            if (parsed.Used.FirstOrDefault(parameter => parameter.Key is "_count" or "_sort" or "_total" or "_summary" or "_elements" or "_contained" or "_containedType" || parameter.Key.Contains("include", StringComparison.Ordinal)) is { Key: { } form })
            {
                return new Failure(FailureKind.Malformed, IssueCode.NotSupported, $"_typeFilter: {form} says nothing about which resources are meant.");
            }

            queries.Add(parsed.Query);
        }

        return queries;
    }

    /// <summary>Of a type that can be in a patient's compartment, what is in it; of any other, what is referred to from there.</summary>
    private static Closure ClosureOf(ExportOrder order, string type) => Compartment.Contains(type)
        ? new Closure(order.Scope, order.Patients, [], WithReferenced: false) { IsWide = true }
        : new Closure(order.Scope, order.Patients, [], WithReferenced: true);
}
