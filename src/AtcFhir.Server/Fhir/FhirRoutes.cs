using AtcFhir.Server.Terminology;

namespace AtcFhir.Server.Fhir;

/// <summary>
/// The whole URL space of a FHIR endpoint in one table. HTTP requests and the entries of batches and transactions are looked up in it, and
/// /metadata is written from it. <see href="https://hl7.org/fhir/R4/http.html#summary"/>
/// </summary>
internal static class FhirRoutes
{
    public static IReadOnlyList<FhirRoute> Table { get; } =
    [
        new("GET", "{type}/{id}", "read", Read.Handle),
        new("GET", "{type}/{id}/_history/{vid}", "vread", VRead.Handle),
        new("PUT", "{type}/{id}", "update", Update.Handle),
        new("PATCH", "{type}/{id}", "patch", Patch.Handle),
        new("DELETE", "{type}/{id}", "delete", Delete.Handle),
        new("POST", "{type}", "create", Create.Handle),
        new("PUT", "{type}", "conditional-update", ConditionalUpdate.Handle),
        new("PATCH", "{type}", "conditional-patch", ConditionalPatch.Handle),
        new("DELETE", "{type}", "conditional-delete", ConditionalDelete.Handle),
        new("GET", "{type}", "search-type", SearchType.Handle),
        new("POST", "{type}/_search", "search-type", SearchType.Handle),
        new("GET", "{type}/_search", "search-type", SearchType.Handle), // not in R4, but clients send it
        new("GET", "{type}/{id}/{compartment}", "search-type", SearchCompartment.Handle),
        new("POST", "{type}/{id}/{compartment}/_search", "search-type", SearchCompartment.Handle),
        new("GET", "{type}/{id}/_history", "history-instance", History.OfInstance),
        new("GET", "{type}/_history", "history-type", History.OfType),
        new("GET", "_history", "history-system", History.OfSystem),
        new("GET", "metadata", "capabilities", Capabilities.Handle) { IsPublic = true },
        new("GET", "", "search-system", SearchSystem.Handle),
        new("POST", "_search", "search-system", SearchSystem.Handle),
        new("GET", "_search", "search-system", SearchSystem.Handle),
        new("POST", "", "transaction", Bundles.Handle),
        new("POST", "$validate", "$validate", Validate.OfSystem),
        new("POST", "{type}/$validate", "$validate", Validate.OfType),
        new("POST", "{type}/{id}/$validate", "$validate", Validate.OfInstance),
        new("GET", "{type}/{id}/$validate", "$validate", Validate.OfInstance),
        .. Operation("Patient/$everything", "$everything", Everything.OfAllPatients),
        .. Operation("Patient/{id}/$everything", "$everything", Everything.OfPatient),
        .. Operation("ResearchSubject/{id}/$everything", "$everything", Everything.OfSubject),
        .. Operation("ResearchStudy/{id}/$everything", "$everything", Everything.OfStudy),
        .. Operation("$meta", "$meta", Meta.OfSystem),
        .. Operation("{type}/$meta", "$meta", Meta.OfType),
        .. Operation("{type}/{id}/$meta", "$meta", Meta.OfInstance),
        .. Operation("{type}/{id}/_history/{vid}/$meta", "$meta", Meta.OfInstance),
        new("POST", "{type}/{id}/$meta-add", "$meta-add", MetaChange.Add),
        new("POST", "{type}/{id}/$meta-delete", "$meta-delete", MetaChange.Remove),
        new("POST", "$reindex", "$reindex", Reindex.Handle),
        .. Operation("Composition/$document", "$document", Document.OfComposition),
        .. Operation("Composition/{id}/$document", "$document", Document.OfComposition),
        .. Operation("ResearchSubject/{id}/$document", "$document", Document.OfSubject),
        .. Operation("$diff", "$diff", Diff.OfSystem),
        .. Operation("{type}/{id}/$diff", "$diff", Diff.OfInstance),
        .. Operation("ValueSet/$expand", "$expand", ExpandOperation.Handle),
        .. Operation("ValueSet/{id}/$expand", "$expand", ExpandOperation.Handle),
        .. Operation("ValueSet/$validate-code", "$validate-code", ValidateCodeOperation.OfValueSet),
        .. Operation("ValueSet/{id}/$validate-code", "$validate-code", ValidateCodeOperation.OfValueSet),
        .. Operation("CodeSystem/$validate-code", "$validate-code", ValidateCodeOperation.OfCodeSystem),
        .. Operation("CodeSystem/{id}/$validate-code", "$validate-code", ValidateCodeOperation.OfCodeSystem),
        .. Operation("CodeSystem/$lookup", "$lookup", LookupOperation.Handle),
        .. Operation("CodeSystem/$subsumes", "$subsumes", SubsumesOperation.Handle),
        .. Operation("CodeSystem/{id}/$subsumes", "$subsumes", SubsumesOperation.Handle),
        .. Operation("ConceptMap/$translate", "$translate", TranslateOperation.Handle),
        .. Operation("ConceptMap/{id}/$translate", "$translate", TranslateOperation.Handle),
    ];

    /// <summary>Mounts an endpoint at its base path. One delegate takes all of it: the table above is the only place that knows the paths.</summary>
    public static void Map(IEndpointRouteBuilder app, FhirEndpoint endpoint)
    {
        var http = new FhirHttp(endpoint, app.ServiceProvider.GetRequiredService<Admission>(), app.ServiceProvider.GetRequiredService<FhirMetrics>(), app.ServiceProvider.GetRequiredService<ILogger<FhirHttp>>());
        app.Map(endpoint.BasePath + "/{**path}", http.Invoke).WithDisplayName(endpoint.Title);
    }

    /// <summary>The route of a request, or the methods that the path would serve.</summary>
    public static RouteMatch Find(IReadOnlyList<FhirRoute> table, string method, IReadOnlyList<string> path)
    {
        List<string>? allowed = null;
        RouteValues seen = default;
        foreach (var route in table)
        {
            if (!route.Matches(path, out var values))
            {
                continue;
            }

            if (route.Takes(method))
            {
                return new RouteMatch(route, values, null);
            }

            seen = values;
            (allowed ??= []).AddRange(route.Methods);
        }

        return new RouteMatch(null, seen, allowed is null ? null : AllowOf(allowed));
    }

    /// <summary>An operation that changes nothing: by GET with simple parameters, and by POST. <see href="https://hl7.org/fhir/R4/operations.html#executing"/></summary>
    private static FhirRoute[] Operation(string pattern, string name, FhirHandler handler) => [new("GET", pattern, name, handler), new("POST", pattern, name, handler)];

    private static string AllowOf(List<string> methods) => string.Join(", ", methods.Distinct().Append("OPTIONS"));
}

/// <param name="Route">Null when nothing serves the path with that method.</param>
/// <param name="Allow">Then, the methods that are served; null when the path is not known at all.</param>
internal readonly record struct RouteMatch(FhirRoute? Route, RouteValues Values, string? Allow);
