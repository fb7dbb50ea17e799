using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using AtcFhir.Store;
using AtcFhir.Store.Search;

namespace AtcFhir.Server.Fhir;

/// <summary>
/// FHIR conditional delete: all matches are deleted together, and none is no error; more than <see cref="MostAtOnce"/>, or than <c>_count</c> allows, are a 412 and
/// nothing is deleted. <see href="https://hl7.org/fhir/R4/http.html#3.1.0.7.1"/>
/// </summary>
internal static class ConditionalDelete
{
    /// <summary>Without <c>_count</c>: one transaction takes so many easily, and criteria that match more were hardly meant.</summary>
    private const int MostAtOnce = 1000;

    public static async ValueTask<FhirResponse> Handle(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
    {
        if (access.Refuse(Permission.Delete, request.Type) is { } refused)
        {
            return Outcomes.Of(refused);
        }

        if (!Condition.Of(endpoint, request.BaseUrl, request.Type, request.Query).TryGet(out var condition, out var unclear))
        {
            return Outcomes.Of(unclear);
        }

        if (request.Parameter("_count") is not null)
        {
            return await DeleteUpTo(endpoint, access, request, condition.Query!, cancel);
        }

        // The usual case, none or one, is settled by the writer itself, so that nothing comes between the search and the deletion.
        var write = new ResourceWrite { Kind = WriteKind.Delete, Type = request.Type, Condition = condition.Query };
        var answer = await Written.Commit(endpoint, request, write, Audit.Of(access, request, "delete"), [], cancel);
        return answer.Issues is [{ Code: IssueCode.MultipleMatches }, ..] ? await DeleteUpTo(endpoint, access, request, condition.Query! with { Count = MostAtOnce }, cancel) : answer;
    }

    private static async ValueTask<FhirResponse> DeleteUpTo(FhirEndpoint endpoint, Access access, FhirRequest request, SearchQuery query, CancellationToken cancel)
    {
        if (query.Count < 1)
        {
            return Outcomes.Of(FailureKind.Malformed, IssueCode.Value, "_count: expected how many resources may be deleted, at least 1.");
        }

        if (!(await endpoint.Store.Search(query with { Total = SearchTotal.None }, cancel)).TryGet(out var page, out var failure))
        {
            return Outcomes.Of(failure);
        }

        if (page.Next is not null)
        {
            return Outcomes.Of(FailureKind.Precondition, IssueCode.MultipleMatches, string.Create(CultureInfo.InvariantCulture, $"The condition matches more than {query.Count} resources; none was deleted. _count says how many may be."));
        }

        // What was changed since then is not deleted unseen: the versions that matched, or nothing.
        var deletes = page.Matches.Select(match => ResourceWrite.Delete(match.Type, match.Id) with { IfMatch = [match.VersionId] }).ToList();
        var committed = deletes.Count == 0 ? null : await endpoint.Store.Commit(WriteBatch.Of(Audit.Of(access, request, "delete"), deletes), cancel);
        return committed?.Failure is { } broken
            ? Outcomes.Of(broken)
            : request.Prefer.Return == Return.OperationOutcome
                ? Outcomes.Report([new Issue(IssueSeverity.Information, IssueCode.Informational, string.Create(CultureInfo.InvariantCulture, $"{deletes.Count} resources were deleted."))]) with { IsOutcome = true }
                : new FhirResponse(StatusCodes.Status204NoContent);
    }
}
