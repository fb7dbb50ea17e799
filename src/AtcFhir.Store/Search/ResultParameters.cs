using AtcFhir.R4.Outcomes;
using AtcFhir.Store.Values;

namespace AtcFhir.Store.Search;

/// <summary>The parameters that say how results are given back, not which. <see href="https://hl7.org/fhir/R4/search.html#return"/></summary>
internal sealed class ResultParameters(SearchParameterRegistry registry, IReadOnlyList<string> types)
{
    private const int MostKeys = 10;

    public SearchQuery Query { get; private set; } = new();

    /// <summary>False when the parameter is not one of these.</summary>
    public bool TryAdd(string name, string value, out Failure? failure)
    {
        failure = null;
        switch (name)
        {
            case "_count":
                failure = SetCount(value);
                return true;
            case "_total":
                failure = SetTotal(value);
                return true;
            case "_summary":
                Query = value == "count" ? Query with { Count = 0, Total = SearchTotal.Accurate } : Query;
                return true;
            case "_sort":
                failure = SetSort(value);
                return true;
            case SearchRequest.CursorParameter:
                Query = Query with { Cursor = value };
                return true;
            case "_contained":
                failure = SetContained(value);
                return true;
            case "_containedType":
                Query = Query with { ContainedAsContainer = value == "container" };
                failure = value is "container" or "contained" ? null : SearchFailure.Parameter(name, "expected container or contained.");
                return true;
            case "_type" or "_format" or "_pretty" or "_elements":
                return true;
            case "_include" or "_include:iterate" or "_include:recurse" or "_revinclude" or "_revinclude:iterate" or "_revinclude:recurse":
                failure = AddInclude(name, value);
                return true;
            default:
                return false;
        }
    }

    private Failure? SetCount(string value)
    {
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return SearchFailure.Parameter("_count", "expected a whole number.");
        }

        Query = Query with { Count = Math.Min(count, SearchRequest.LargestCount), Total = count == 0 ? SearchTotal.Accurate : Query.Total };
        return null;
    }

    private Failure? SetContained(string value)
    {
        ContainedMatches? contained = value switch
        {
            "false" => ContainedMatches.No,
            "true" => ContainedMatches.Only,
            "both" => ContainedMatches.Both,
            _ => null,
        };
        Query = Query with { Contained = contained ?? Query.Contained };
        return contained is null ? SearchFailure.Parameter("_contained", "expected false, true or both.") : null;
    }

    private Failure? SetTotal(string value)
    {
        SearchTotal? total = value switch
        {
            "none" => SearchTotal.None,
            "estimate" => SearchTotal.Estimate,
            "accurate" => SearchTotal.Accurate,
            _ => null,
        };
        Query = Query with { Total = total ?? Query.Total };
        return total is null ? SearchFailure.Parameter("_total", "expected none, estimate or accurate.") : null;
    }

    private Failure? SetSort(string value)
    {
        var keys = new List<SearchSort>();
        foreach (var part in value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Query.Sort.Count + keys.Count == MostKeys)
            {
                return SearchFailure.Parameter("_sort", $"results are sorted by at most {MostKeys} parameters.", IssueCode.TooCostly);
            }

            var isDescending = part[0] == '-';
            var code = part.TrimStart('-');
            if (code is "_id" or "_lastUpdated")
            {
                keys.Add(new SearchSort(code, [], isDescending));
                continue;
            }

            var parameters = types.Select(type => registry.Of(type)?.Find(code)).OfType<SearchParameter>().ToList();
            if (parameters.Count == 0 || parameters.Count < types.Count || parameters.Exists(parameter => parameter.Sources.Count == 0))
            {
                return SearchFailure.Parameter("_sort", $"results cannot be sorted by {code}.", IssueCode.NotSupported);
            }

            keys.Add(new SearchSort(code, parameters, isDescending));
        }

        Query = Query with { Sort = [.. Query.Sort, .. keys] };
        return null;
    }

    private Failure? AddInclude(string name, string value)
    {
        var isReverse = name.StartsWith("_revinclude", StringComparison.Ordinal);
        var isIterating = name.Contains(':', StringComparison.Ordinal);
        var parts = value.Split(':');
        if (value == "*" && types is [var only])
        {
            parts = isReverse ? parts : [only, "*"];
        }

        if (parts.Length is < 2 or > 3 || registry.Of(parts[0]) is not { } source || (parts.Length == 3 && !LocalReference.IsResourceType(parts[2])))
        {
            return SearchFailure.Parameter(name, "expected Type:parameter or Type:parameter:TargetType.");
        }

        if (parts[1] != "*" && source.Find(parts[1])?.Type != R4.Definitions.SearchParameterType.Reference)
        {
            return SearchFailure.Parameter(name, $"{parts[1]} is no reference parameter of {parts[0]}.");
        }

        var directive = new IncludeDirective(isReverse, isIterating, parts[0], parts[1] == "*" ? null : parts[1], parts.Length == 3 ? parts[2] : null);
        Query = Query with { Includes = [.. Query.Includes, directive] };
        return null;
    }
}
