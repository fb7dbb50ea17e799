using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using AtcFhir.Store;
using AtcFhir.Validation;

namespace AtcFhir.Server.Fhir;

/// <summary>
/// FHIR conditional update. No match: created, under the id of the body if it has one that is free; one match: updated, the id of the body must be its id;
/// more: 412. <see href="https://hl7.org/fhir/R4/http.html#cond-update"/>
/// </summary>
internal static class ConditionalUpdate
{
    public static async ValueTask<FhirResponse> Handle(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
    {
        if (access.Refuse(Permission.Update, request.Type) is { } refused)
        {
            return Outcomes.Of(refused);
        }

        if (!Incoming.Take(endpoint, request, ValidateMode.None).TryGet(out var incoming, out var broken))
        {
            return Outcomes.Of(broken);
        }

        using var document = incoming.Document;
        if (!Condition.Of(endpoint, request.BaseUrl, request.Type, request.Query).TryGet(out var condition, out var unclear))
        {
            return Outcomes.Of(unclear);
        }

        if (!Preconditions.ExpectedVersion(request).TryGet(out var version, out var noTag))
        {
            return Outcomes.Of(noTag);
        }

        string? target = null;
        if (document.Id is not null && !(await condition.Target(endpoint, request.Type, document.Id, cancel)).TryGet(out target, out var elsewhere))
        {
            return Outcomes.Of(elsewhere);
        }

        // The writer looks (again): without an id in the body it takes the match of then, or makes a resource; with one, whatever came between is a conflict.
        var write = version.Of(new ResourceWrite
        {
            Kind = WriteKind.Update,
            Type = request.Type,
            Id = target,
            Resource = endpoint.Store.Prepare(document),
            Condition = condition.Query,
            MustResolveTo = target,
        });
        return await Written.Commit(endpoint, request, write, Audit.Of(access, request, "update", document), incoming.Issues, cancel);
    }
}
