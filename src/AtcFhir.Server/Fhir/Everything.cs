using System.Text;
using System.Text.Json.Nodes;
using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using AtcFhir.Store;
using AtcFhir.Store.Search;

namespace AtcFhir.Server.Fhir;

/// <summary>
/// The operation $everything: a patient's compartment, or that of all patients, and what it refers to; the same for a subject of a study, and for a study
/// with all its subjects. <see href="https://hl7.org/fhir/R4/patient-operation-everything.html"/>
/// </summary>
internal static class Everything
{
    public static ValueTask<FhirResponse> OfPatient(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
        => Run(endpoint, access, request, _ => ValueTask.FromResult<Result<Closure>>(new Closure("Patient/" + request.Id, [request.Id], [])), cancel);

    public static ValueTask<FhirResponse> OfAllPatients(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
        => Run(endpoint, access, request, _ => ValueTask.FromResult<Result<Closure>>(new Closure("Patient", null, [])), cancel);

    public static ValueTask<FhirResponse> OfSubject(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel) => Run(
        endpoint,
        access,
        request,
        subject => ValueTask.FromResult<Result<Closure>>(new Closure("ResearchSubject/" + request.Id, PatientsOf([subject!]), [("ResearchSubject", request.Id)])),
        cancel);

    public static ValueTask<FhirResponse> OfStudy(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
        => Run(endpoint, access, request, study => OfStudy(endpoint, study!, cancel), cancel);

    private static async ValueTask<Result<Closure>> OfStudy(FhirEndpoint endpoint, StoredResource study, CancellationToken cancel)
    {
        var subjects = new List<StoredResource>();
        var query = SearchRequest.Parse(endpoint.Store.SearchParameters, "ResearchSubject", [new("study", "ResearchStudy/" + study.Id), new("_count", "1000")]).Value.Query;
        do
        {
            if (!(await endpoint.Store.Search(query, cancel)).TryGet(out var page, out var failure))
            {
                return failure;
            }

            subjects.AddRange(page.Matches);
            query = query with { Cursor = page.Next };
        }
        while (query.Cursor is not null);

        return new Closure("ResearchStudy/" + study.Id, PatientsOf(subjects), [("ResearchStudy", study.Id), .. subjects.Select(subject => ("ResearchSubject", subject.Id))]);
    }

    private static async ValueTask<FhirResponse> Run(
        FhirEndpoint endpoint, Access access, FhirRequest request, Func<StoredResource?, ValueTask<Result<Closure>>> closureOf, CancellationToken cancel)
    {
        if (access.Refuse(Permission.Search, request.Type) is { } refused)
        {
            return Outcomes.Of(refused);
        }

        StoredResource? root = null;
        if (request.Route.Id is { } id)
        {
            root = await endpoint.Store.Read(request.Type, id, cancel);
            if (root is not { IsDeleted: false })
            {
                return Read.Answer(request, root);
            }
        }

        if (!OperationParameters.Of(request, endpoint.Limits).TryGet(out var parameters, out var unclear)
            || !EverythingQuery.Of(endpoint, access, request, parameters).TryGet(out var query, out unclear)
            || !(await closureOf(root)).TryGet(out var closure, out unclear)
            || !(await endpoint.Store.Search(query.Within(closure), cancel)).TryGet(out var page, out unclear))
        {
            return Outcomes.Of(unclear);
        }

        return new FhirResponse(StatusCodes.Status200OK) { Body = Bundle(endpoint, request, parameters, page) };
    }

    private static ReadOnlyMemory<byte> Bundle(FhirEndpoint endpoint, FhirRequest request, OperationParameters parameters, SearchPage page) => Json.Write(writer =>
    {
        var path = $"{request.BaseUrl}/{request.Type}{(request.Route.Id is { } id ? "/" + id : "")}/$everything";
        var used = parameters.All.Where(parameter => EverythingQuery.IsKnown(parameter.Key)).ToList();
        List<BundleLink> links = [new("self", path + SearchAnswer.QueryOf(used))];
        if (page.Next is { } next)
        {
            links.Add(new("next", path + SearchAnswer.QueryOf(used.Where(one => one.Key != SearchRequest.CursorParameter).Append(new(SearchRequest.CursorParameter, next)))));
        }

        BundleWriter.Start(writer, "searchset", endpoint.Time.GetUtcNow(), page.Total, links);
        var ignored = request.Presentation.Summary == Summary.Count ? [] : EverythingQuery.Ignored(parameters);
        if (page.Matches.Count + ignored.Count > 0)
        {
            writer.WriteStartArray("entry"u8);
            foreach (var match in page.Matches)
            {
                BundleWriter.Match(writer, request, match, "match");
            }

            if (ignored.Count > 0)
            {
                BundleWriter.Outcome(writer, ignored);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }, page.Matches.Sum(match => match.Body.Length + 200) + 1000);

    private static List<string> PatientsOf(IEnumerable<StoredResource> subjects)
        => [.. subjects.Select(subject => (string?)JsonNode.Parse(Encoding.UTF8.GetString(subject.Body.Span))?["individual"]?["reference"])
            .OfType<string>().Where(reference => reference.StartsWith("Patient/", StringComparison.Ordinal)).Select(reference => reference["Patient/".Length..].Split('/')[0]).Distinct()];
}
