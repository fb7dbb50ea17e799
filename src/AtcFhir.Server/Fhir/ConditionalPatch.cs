using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;

namespace AtcFhir.Server.Fhir;

/// <summary>FHIR conditional patch: there must be exactly one match. <see href="https://hl7.org/fhir/R4/http.html#patch"/></summary>
internal static class ConditionalPatch
{
    public static async ValueTask<FhirResponse> Handle(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
        => (await Target(endpoint, request, cancel)).TryGet(out var id, out var failure)
            ? await Patch.Run(endpoint, access, request, id, cancel)
            : Outcomes.Of(failure);

    /// <summary>The id of the one match: 404 without one, 412 with more.</summary>
    public static async ValueTask<Result<string>> Target(FhirEndpoint endpoint, FhirRequest request, CancellationToken cancel)
    {
        if (!Condition.Of(endpoint, request.BaseUrl, request.Type, request.Query).TryGet(out var condition, out var unclear))
        {
            return unclear;
        }

        if (!(await condition.Matches(endpoint, 2, cancel)).TryGet(out var matches, out var failure))
        {
            return failure;
        }

        return matches switch
        {
            [var match] => match,
            [] => new Failure(FailureKind.NotFound, IssueCode.NotFound, "The condition matches no resource."),
            _ => new Failure(FailureKind.Precondition, IssueCode.MultipleMatches, "The condition matches more than one resource."),
        };
    }
}
