using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using AtcFhir.Store;

namespace AtcFhir.Server.Fhir;

/// <summary>FHIR history interaction of a resource, a type and the system, newest first, deletions included. <see href="https://hl7.org/fhir/R4/http.html#history"/></summary>
internal static class History
{
    private const string Cursor = "_cursor";

    private const int MaxCount = 1000;

    private static readonly string[] Known = [Cursor, "_count", "_since", "_at", "_format", "_pretty", "_summary", "_elements"];

    public static async ValueTask<FhirResponse> OfInstance(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
    {
        if (access.Refuse(Permission.Read, request.Type) is { } refused)
        {
            return Outcomes.Of(refused);
        }

        return await endpoint.Store.Read(request.Type, request.Id, cancel) is null
            ? Outcomes.Of(FailureKind.NotFound, IssueCode.NotFound, $"{request.Type}/{request.Id} is not known.")
            : await Answer(endpoint, request, new HistoryQuery(request.Type, request.Id), $"{request.Type}/{request.Id}/_history", cancel);
    }

    public static async ValueTask<FhirResponse> OfType(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
        => access.Refuse(Permission.Search, request.Type) is { } refused
            ? Outcomes.Of(refused)
            : await Answer(endpoint, request, new HistoryQuery(request.Type), request.Type + "/_history", cancel);

    public static async ValueTask<FhirResponse> OfSystem(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
        => access.Refuse(Permission.Search, "*") is { } refused
            ? Outcomes.Of(refused)
            : await Answer(endpoint, request, new HistoryQuery { Types = endpoint.Limit }, "_history", cancel);

    private static async ValueTask<FhirResponse> Answer(FhirEndpoint endpoint, FhirRequest request, HistoryQuery query, string path, CancellationToken cancel)
    {
        if (!Parameters(request, query).TryGet(out var asked, out var unclear))
        {
            return Outcomes.Of(unclear);
        }

        if (!(await endpoint.Store.History(asked, cancel)).TryGet(out var page, out var failure))
        {
            return Outcomes.Of(failure);
        }

        if (request.Presentation.Summary == Summary.Count)
        {
            page = page with { Entries = [], Next = null };
        }

        return new FhirResponse(StatusCodes.Status200OK)
        {
            Body = Json.Write(writer =>
            {
                BundleWriter.Start(writer, "history", endpoint.Time.GetUtcNow(), page.Total, Links(request, page, path));
                if (page.Entries.Count > 0)
                {
                    writer.WriteStartArray("entry"u8);
                    foreach (var version in page.Entries)
                    {
                        BundleWriter.Version(writer, request.BaseUrl, version, request.Presentation);
                    }

                    writer.WriteEndArray();
                }

                writer.WriteEndObject();
            }),
        };
    }

    private static Result<HistoryQuery> Parameters(FhirRequest request, HistoryQuery query)
    {
        if (request.Query.Where(parameter => parameter.Key is "_count" or "_since" or "_at").GroupBy(parameter => parameter.Key).FirstOrDefault(same => same.Count() > 1) is { Key: var twice })
        {
            return new Failure(FailureKind.Malformed, IssueCode.Invalid, $"{twice} is given more than once.");
        }

        foreach (var (name, value) in request.Query)
        {
            switch (name)
            {
                case not "_list" when value.Length == 0:
                    break; // as in a search
                case "_count" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count):
                    query = query with { Count = Math.Min(count, MaxCount) };
                    break;
                case "_since" when PartialTime.Parse(value) is { } since:
                    query = query with { Since = since.From };
                    break;
                case "_at" when PartialTime.Parse(value) is { } at:
                    query = query with { At = at };
                    break;
                case Cursor:
                    query = query with { Cursor = value };
                    break;
                case "_count" or "_since" or "_at":
                    return new Failure(FailureKind.Malformed, IssueCode.Invalid, $"The value of {name} is not understood.");
                case "_list":
                    return new Failure(FailureKind.Malformed, IssueCode.NotSupported, "_list: versions are not limited to those of a List here.");
                case var unknown when request.Prefer.Strict && !Known.Contains(unknown):
                    return new Failure(FailureKind.Malformed, IssueCode.NotSupported, $"Parameter {unknown} is not known.");
            }
        }

        return query;
    }

    private static List<BundleLink> Links(FhirRequest request, HistoryPage page, string path)
    {
        var understood = request.Query.Where(parameter => Known.Contains(parameter.Key)).ToList();
        var used = understood.Where(parameter => parameter.Key is not Cursor);
        List<BundleLink> links = [new("self", $"{request.BaseUrl}/{path}{SearchAnswer.QueryOf(understood)}")];
        if (page.Next is { } next)
        {
            links.Add(new("next", $"{request.BaseUrl}/{path}{SearchAnswer.QueryOf(used.Append(new(Cursor, next)))}"));
        }

        return links;
    }
}
