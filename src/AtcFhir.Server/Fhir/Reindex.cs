using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using AtcFhir.Store.Search;

namespace AtcFhir.Server.Fhir;

/// <summary>
/// The operation $reindex: the active SearchParameter resources become what can be searched by. It answers when everything is indexed; reads and writes go on
/// meanwhile. <see href="https://hl7.org/fhir/R4/searchparameter.html"/>
/// </summary>
internal static class Reindex
{
    public static async ValueTask<FhirResponse> Handle(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
    {
        if (access.Refuse(Permission.Update, "SearchParameter") is { } refused)
        {
            return Outcomes.Of(refused);
        }

        if (!(await Active(endpoint, cancel)).TryGet(out var found, out var failure)
            || !(await Reindexing.Apply(endpoint.Store, found.Parameters, cancel)).TryGet(out var count, out failure))
        {
            return Outcomes.Of(failure);
        }

        var text = string.Create(CultureInfo.InvariantCulture, $"{found.Parameters.Count} search parameters besides the official ones; {count} resources were indexed again.");
        return Outcomes.Report([new Issue(IssueSeverity.Information, IssueCode.Informational, text), .. found.Left]);
    }

    private static async ValueTask<Result<(List<CustomSearchParameter> Parameters, List<Issue> Left)>> Active(FhirEndpoint endpoint, CancellationToken cancel)
    {
        var (parameters, left) = (new List<CustomSearchParameter>(), new List<Issue>());
        var query = SearchRequest.Parse(endpoint.Store.SearchParameters, "SearchParameter", [new("status", "active"), new("_count", "1000"), new("_sort", "_id")]).Value.Query;
        do
        {
            if (!(await endpoint.Store.Search(query, cancel)).TryGet(out var page, out var failure))
            {
                return failure;
            }

            foreach (var match in page.Matches)
            {
                using var document = ResourceDocument.Parse(match.Body, endpoint.Limits).Value;
                if (CustomSearchParameter.IsOfficial(document))
                {
                    continue;
                }

                if (CustomSearchParameter.Of(document).TryGet(out var parameter, out var unfit))
                {
                    parameters.Add(parameter);
                }
                else
                {
                    left.AddRange(unfit.Issues.Select(issue => issue with { Severity = IssueSeverity.Warning }));
                }
            }

            query = query with { Cursor = page.Next };
        }
        while (query.Cursor is not null);

        var (fit, others) = CustomSearchParameter.Compatible(parameters);
        left.AddRange(others.SelectMany(failure => failure.Issues).Select(issue => issue with { Severity = IssueSeverity.Warning }));
        return ([.. fit], left);
    }
}
