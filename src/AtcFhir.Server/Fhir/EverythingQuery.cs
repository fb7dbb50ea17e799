using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using AtcFhir.Store.Search;

namespace AtcFhir.Server.Fhir;

/// <summary>The parameters of $everything as a search over all types: _since, _type, start, end, _count, and the cursor of the page before.</summary>
internal static class EverythingQuery
{
    private static readonly string[] Known = ["_since", "_type", "_count", "start", "end", SearchRequest.CursorParameter, "_format", "_pretty", "_elements", "_summary"];

    public static bool IsKnown(string parameter) => Known.Contains(parameter);

    /// <summary>What was asked for by names that $everything does not have; a strict client gets an error instead.</summary>
    public static IReadOnlyList<Issue> Ignored(OperationParameters parameters)
        => [.. parameters.Names.Where(name => !IsKnown(name)).Select(name => new Issue(IssueSeverity.Warning, IssueCode.NotSupported, $"$everything has no parameter {name}."))];

    public static Result<SearchQuery> Of(FhirEndpoint endpoint, Access access, FhirRequest request, OperationParameters parameters)
    {
        if (request.Prefer.Strict && Ignored(parameters) is { Count: > 0 } unknown)
        {
            return new Failure(FailureKind.Malformed, [.. unknown.Select(issue => issue with { Severity = IssueSeverity.Error })]);
        }

        if (parameters.Text("_since") is { Length: > 0 } text && PartialTime.Parse(text) is null)
        {
            return new Failure(FailureKind.Malformed, IssueCode.Value, "_since: expected an instant such as 2018-10-16T08:00:00Z.");
        }

        var asked = parameters.Texts("_type").SelectMany(types => types.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToList();
        if (asked.Find(type => !endpoint.Serves(type)) is { } unserved)
        {
            return new Failure(FailureKind.Malformed, IssueCode.NotSupported, $"_type: resource type {unserved} is not served.");
        }

        List<KeyValuePair<string, string>> search = [new("_count", parameters.Text("_count") ?? SearchRequest.LargestCount.ToString(CultureInfo.InvariantCulture))];
        Add(search, "_lastUpdated", parameters.Text("_since") is { } since ? "ge" + since : null);
        Add(search, SearchRequest.CursorParameter, parameters.Text(SearchRequest.CursorParameter));
        Add(search, "_summary", request.Presentation.Summary == Summary.Count ? "count" : null);
        Add(search, "_type", TypesOf(endpoint, access, asked));
        if (!SearchRequest.Parse(endpoint.Store.SearchParameters, null, search, SearchHandling.Strict).TryGet(out var parsed, out var failure))
        {
            return failure;
        }

        return CareDates.Between(parsed.Query, parameters.Text("start"), parameters.Text("end"));
    }

    /// <summary>Null for all; otherwise those that are asked for and may be read.</summary>
    private static string? TypesOf(FhirEndpoint endpoint, Access access, List<string> asked)
    {
        if (access.Refuse(Permission.Read, "*") is null)
        {
            return asked.Count + endpoint.Limit.Count == 0 ? null : string.Join(',', asked.Count > 0 ? asked : endpoint.Limit);
        }

        var readable = endpoint.Types.Where(type => access.Refuse(Permission.Read, type) is null && (asked.Count == 0 || asked.Contains(type))).Order(StringComparer.Ordinal).ToList();
        return readable.Count == 0 ? "OperationOutcome" : string.Join(',', readable); // a type of which nothing is stored
    }

    private static void Add(List<KeyValuePair<string, string>> search, string name, string? value)
    {
        if (value is { Length: > 0 })
        {
            search.Add(new(name, value));
        }
    }
}
