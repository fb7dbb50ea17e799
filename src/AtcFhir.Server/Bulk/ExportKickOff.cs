using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using AtcFhir.Server.Fhir;
using AtcFhir.Store.Search;

namespace AtcFhir.Server.Bulk;

/// <summary>The kick-off request of an export: everything is checked here, so that a job that was accepted can be done.</summary>
internal static partial class ExportKickOff
{
    private static readonly string[] Known = ["_outputFormat", "_since", "_type", "_typeFilter", "_elements", "patient", "_format", "_pretty"];

    public static async ValueTask<FhirResponse> Run(BulkJobs jobs, FhirEndpoint endpoint, Access access, FhirRequest request, string scope, CancellationToken cancel)
    {
        if (!OperationParameters.Of(request, endpoint.Limits).TryGet(out var parameters, out var failure)
            || !Order(endpoint, access, request, parameters, scope).TryGet(out var order, out failure)
            || !(await Patients(endpoint, order, parameters, cancel)).TryGet(out order, out failure))
        {
            return Outcomes.Of(failure);
        }

        var job = new BulkJob
        {
            Id = endpoint.Store.NewId(),
            Kind = JobKind.Export,
            Actor = access.Actor,
            RequestId = request.RequestId,
            Request = $"{request.BaseUrl}/{(scope.Length == 0 ? "" : scope + "/")}$export{SearchAnswer.QueryOf(parameters.All)}",
            BaseUrl = request.BaseUrl,
            TransactionTime = endpoint.Time.GetUtcNow(),
            Export = order with { Seq = await endpoint.Store.LastSeq(cancel) },
        };
        return jobs.Start(job).TryGet(out _, out failure) ? BulkRoutes.Accepted(job) : Outcomes.Of(failure);
    }

    private static Result<ExportOrder> Order(FhirEndpoint endpoint, Access access, FhirRequest request, OperationParameters parameters, string scope)
    {
        // Bulk Data wants more than R4's searches: a client has to ask for leniency, since it may not see what it was spared in a large export.
        var unknown = parameters.Names.Where(name => !Known.Contains(name)).Distinct().ToList();
        if (unknown.Count > 0 && !request.Prefer.Lenient)
        {
            return new Failure(FailureKind.Malformed, IssueCode.NotSupported, $"$export has no parameter {unknown[0]} here; with Prefer: handling=lenient it is left out.");
        }

        if (parameters.Text("_outputFormat") is { } format && format.Replace(' ', '+') is not ("application/fhir+ndjson" or "application/ndjson" or "ndjson"))
        {
            return new Failure(FailureKind.Malformed, IssueCode.NotSupported, "_outputFormat: application/fhir+ndjson is served.");
        }

        DateTimeOffset? since = null;
        if (parameters.Text("_since") is { } text)
        {
            if (PartialTime.Parse(text) is not { } range)
            {
                return new Failure(FailureKind.Malformed, IssueCode.Value, "_since: expected an instant such as 2018-10-16T08:00:00Z.");
            }

            since = range.From;
        }

        if (!Types(endpoint, access, parameters).TryGet(out var types, out var failure))
        {
            return failure;
        }

        List<string> filters = [.. parameters.Texts("_typeFilter").SelectMany(filter => Between().Split(filter)).Select(filter => filter.Trim())];
        var order = new ExportOrder(0, types, since, filters, [.. parameters.Texts("_elements").SelectMany(Parts)], scope, Patients: null, LeftOut: unknown);
        if (filters.Find(filter => !types.Contains(filter.Split('?')[0])) is { } stray)
        {
            return new Failure(FailureKind.Malformed, IssueCode.Value, $"_typeFilter: {stray.Split('?')[0]} is not among the types of this export.");
        }

        return types.Select(type => ExportQuery.Filters(endpoint.Store.SearchParameters, order, type).Failure).FirstOrDefault(wrong => wrong is not null) is { } unclear ? unclear : order;
    }

    private static Result<List<string>> Types(FhirEndpoint endpoint, Access access, OperationParameters parameters)
    {
        var asked = parameters.Texts("_type").SelectMany(Parts).Distinct().ToList();
        if (asked.Find(type => !endpoint.Serves(type)) is { } unserved)
        {
            return new Failure(FailureKind.Malformed, IssueCode.NotSupported, $"_type: resource type {unserved} is not served.");
        }

        if (asked.Select(type => access.Refuse(Permission.Search, type) ?? access.Refuse(Permission.Read, type)).FirstOrDefault(one => one is not null) is { } refused)
        {
            return refused;
        }

        var types = asked.Count > 0 ? asked : [.. endpoint.Types.Where(type => access.Refuse(Permission.Search, type) is null && access.Refuse(Permission.Read, type) is null).Order(StringComparer.Ordinal)];
        return types.Count > 0 ? types : access.Refuse(Permission.Search, "*")!;
    }

    /// <summary>Of a group its active members; with the parameter patient only those that it names.</summary>
    private static async ValueTask<Result<ExportOrder>> Patients(FhirEndpoint endpoint, ExportOrder order, OperationParameters parameters, CancellationToken cancel)
    {
        var named = parameters.Texts("patient").Select(reference => reference.Split('/')[^1]).ToList();
        if (named.Count > 0 && order.Scope.Length == 0)
        {
            return new Failure(FailureKind.Malformed, IssueCode.NotSupported, "patient belongs to exports of patients and groups.");
        }

        if (!order.Scope.StartsWith("Group/", StringComparison.Ordinal))
        {
            return order with { Patients = named.Count > 0 ? named : null };
        }

        if (await endpoint.Store.Read("Group", order.Scope["Group/".Length..], cancel) is not { IsDeleted: false } group)
        {
            return new Failure(FailureKind.NotFound, IssueCode.NotFound, $"{order.Scope} is not known.");
        }

        var members = (JsonNode.Parse(Encoding.UTF8.GetString(group.Body.Span))!["member"]?.AsArray() ?? [])
            .Where(member => (bool?)member!["inactive"] != true).Select(member => (string?)member!["entity"]?["reference"]).OfType<string>()
            .Where(reference => reference.StartsWith("Patient/", StringComparison.Ordinal)).Select(reference => reference.Split('/')[1]).Distinct().ToList();
        return order with { Patients = named.Count > 0 ? [.. members.Intersect(named)] : members };
    }

    private static string[] Parts(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The comma before the next "Type?", not one inside of a query.</summary>
    [GeneratedRegex(@",(?=\s*[A-Z][A-Za-z]+\?)")]
    private static partial Regex Between();
}
