using AtcFhir.R4.Outcomes;
using AtcFhir.Store.Search;

namespace AtcFhir.Server.Fhir;

/// <summary>
/// The criteria of a conditional interaction. Each parameter has to be understood: leaving one out would widen what is written or deleted.
/// <see href="https://hl7.org/fhir/R4/http.html#cond-update"/>
/// </summary>
/// <param name="Query">Null when there is no condition.</param>
internal readonly record struct Condition(SearchQuery? Query)
{
    /// <summary>Of If-None-Exist, with or without a question mark or the type in front of it; no condition without the header. One that is empty asks for a condition, and gives none.</summary>
    public static Result<Condition> OfHeader(FhirEndpoint endpoint, string baseUrl, string type, string? criteria)
    {
        if (criteria is null || !endpoint.Persona.HasConditionalCreate)
        {
            return new Condition(null);
        }

        return Of(endpoint, baseUrl, type, QueryParameters.Parse(criteria.AsSpan(criteria.IndexOf('?', StringComparison.Ordinal) + 1)));
    }

    /// <summary>Of the parameters of the URL; a failure when there are none.</summary>
    public static Result<Condition> Of(FhirEndpoint endpoint, string baseUrl, string type, IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        var parsed = SearchRequest.Parse(endpoint.SearchParameters.At(baseUrl), type, parameters, SearchHandling.Strict);
        if (!parsed.TryGet(out var search, out var failure))
        {
            return failure;
        }

        if (search.Query.Contained != ContainedMatches.No)
        {
            return new Failure(FailureKind.Precondition, IssueCode.NotSupported, "_contained: what is contained in another resource is not written by itself.");
        }

        return search.Used.Any(parameter => !parameter.Key.StartsWith('_') || parameter.Key is "_id" or "_tag" or "_has" || parameter.Key.StartsWith("_tag:", StringComparison.Ordinal))
            ? new Condition(search.Query)
            : new Failure(FailureKind.Precondition, IssueCode.Required, "A conditional interaction needs at least one search parameter that tells resources apart.");
    }

    /// <summary>
    /// The id that an update with this condition goes to: that of the one match; without a match the id of the body, or a new one.
    /// Fails with 412 on several matches, 400 when the body has another id than the match, 409 when the id of the body is taken by a resource that does not match.
    /// </summary>
    public async ValueTask<Result<string>> Target(FhirEndpoint endpoint, string type, string? bodyId, CancellationToken cancel)
    {
        if (!(await Matches(endpoint, 2, cancel)).TryGet(out var matches, out var failure))
        {
            return failure;
        }

        switch (matches)
        {
            case []:
                return bodyId is null ? endpoint.Store.NewId()
                    : await endpoint.Store.Read(type, bodyId, cancel) is null or { IsDeleted: true } ? bodyId
                    : new Failure(FailureKind.Conflict, IssueCode.Conflict, $"{type}/{bodyId} exists, and does not match the condition.");
            case [var match]:
                return bodyId is null || bodyId == match
                    ? match
                    : new Failure(FailureKind.Malformed, IssueCode.Invalid, $"The condition matches {type}/{match}; the body has another id.");
            default:
                return new Failure(FailureKind.Precondition, IssueCode.MultipleMatches, "The condition matches more than one resource.");
        }
    }

    /// <summary>The ids of the first matches.</summary>
    public async ValueTask<Result<IReadOnlyList<string>>> Matches(FhirEndpoint endpoint, int limit, CancellationToken cancel)
    {
        var found = await endpoint.Store.Search(Query! with { Count = limit, Total = SearchTotal.None }, cancel);
        return found.TryGet(out var page, out var failure) ? page.Matches.Select(match => match.Id).ToList() : failure;
    }
}
