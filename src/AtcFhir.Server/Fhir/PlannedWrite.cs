using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using AtcFhir.Store;
using AtcFhir.Store.Search;

namespace AtcFhir.Server.Fhir;

/// <summary>A writing entry of a transaction whose target is known: the id that a create will have, the match of a condition.</summary>
/// <param name="Id">Null only of a conditional delete, which the writer resolves.</param>
/// <param name="Document">The content, null of a delete.</param>
/// <param name="Issues">What was found although it is taken.</param>
internal sealed record PlannedWrite(
    BundleEntry Entry,
    WriteKind Kind,
    string Type,
    string? Id,
    ResourceDocument? Document,
    SearchQuery? Condition,
    ExpectedVersion Expected,
    IReadOnlyList<Issue> Issues)
{
    public static async ValueTask<Result<PlannedWrite>> Of(FhirEndpoint endpoint, Access access, BundleEntry entry, CancellationToken cancel)
    {
        var request = entry.Request;
        var match = endpoint.Find(request.Method, entry.Path);
        if (match.Values.Type is not { } type || match.Route is not { } route || !FhirRoute.Writes(route.Interaction))
        {
            var hint = match.Route?.Interaction.StartsWith("search-", StringComparison.Ordinal) == true ? " A search is an entry with the method GET and its parameters in the URL." : "";
            return new Failure(FailureKind.Malformed, IssueCode.NotSupported, $"{request.Method} {string.Join('/', entry.Path)} cannot be an entry of a transaction.{hint}");
        }

        if (!endpoint.Serves(type))
        {
            return new Failure(FailureKind.NotFound, IssueCode.NotSupported, $"Resource type {type} is not served.");
        }

        if (access.Refuse(PermissionOf(request.Method), type) is { } refused)
        {
            return refused;
        }

        if (!Preconditions.ExpectedVersion(request).TryGet(out var version, out var noTag))
        {
            return noTag;
        }

        request = request with { Route = match.Values };
        var planned = new PlannedWrite(entry with { Request = request }, WriteKind.Update, type, match.Values.Id, null, null, version, []);
        return route.Interaction switch
        {
            "delete" => planned with { Kind = WriteKind.Delete },
            "conditional-delete" => Fhir.Condition.Of(endpoint, request.BaseUrl, type, request.Query).TryGet(out var condition, out var unclear)
                ? planned with { Kind = WriteKind.Delete, Condition = condition.Query }
                : unclear,
            "patch" or "conditional-patch" => await Patched(endpoint, planned, cancel),
            _ => await WithContent(endpoint, planned, route.Interaction, cancel),
        };
    }

    public ResourceWrite ToWrite(FhirEndpoint endpoint, Access access) => Expected.Of(new ResourceWrite
    {
        Kind = Kind,
        Type = Type,
        Id = Id,
        Resource = Document is null ? null : endpoint.Store.Prepare(Document, Id),
        Condition = Condition,
        MustResolveTo = Condition is null ? null : Id,
        Audit = Audit.Of(access, Entry.Request, "transaction", Document),
    });

    private static async ValueTask<Result<PlannedWrite>> WithContent(FhirEndpoint endpoint, PlannedWrite planned, string interaction, CancellationToken cancel)
    {
        var (entry, request) = (planned.Entry, planned.Entry.Request);
        if (!entry.Resource.Exists)
        {
            return new Failure(FailureKind.Malformed, IssueCode.Required, "The entry has no resource.");
        }

        // Not copied: the Bundle is there until its answer is.
        if (!ResourceDocument.Parse(entry.Resource.JsonMemory, endpoint.Limits).TryGet(out var document, out var broken))
        {
            return broken;
        }

        planned = planned with { Document = document };
        switch (interaction)
        {
            case "update":
                return Identity.Mismatch(document, planned.Id!, endpoint.Persona) is { } mismatch ? mismatch : planned;
            case "create" when request.IfNoneExist is null || !endpoint.Persona.HasConditionalCreate:
                return planned with { Kind = WriteKind.Create, Id = endpoint.Persona.NewId?.Invoke() ?? endpoint.Store.NewId() };
        }

        var criteria = interaction == "create" ? Fhir.Condition.OfHeader(endpoint, request.BaseUrl, planned.Type, request.IfNoneExist) : Fhir.Condition.Of(endpoint, request.BaseUrl, planned.Type, request.Query);
        if (!criteria.TryGet(out var condition, out var unclear))
        {
            return unclear;
        }

        // The id of the body of a create is not used.
        var target = await condition.Target(endpoint, planned.Type, interaction == "create" ? null : document.Id, cancel);
        return target.TryGet(out var id, out var elsewhere)
            ? planned with { Kind = interaction == "create" ? WriteKind.Create : WriteKind.Update, Id = id, Condition = condition.Query }
            : elsewhere;
    }

    private static async ValueTask<Result<PlannedWrite>> Patched(FhirEndpoint endpoint, PlannedWrite planned, CancellationToken cancel)
    {
        var request = planned.Entry.Request with { ContentType = planned.Entry.PatchType, Body = planned.Entry.Content };
        return (await Patch.Apply(endpoint, request, planned.Id, cancel)).TryGet(out var patched, out var failure)
            ? planned with { Id = patched.Id, Document = patched.Document, Expected = planned.Expected with { Id = patched.VersionId } }
            : failure;
    }

    private static Permission PermissionOf(string method) => method switch
    {
        "POST" => Permission.Create,
        "DELETE" => Permission.Delete,
        _ => Permission.Update,
    };
}
