using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using AtcFhir.Server.Terminology;
using AtcFhir.Store.Search;

namespace AtcFhir.Server.Fhir;

/// <summary>A search from its parameters to the searchset Bundle; the same for one type, all types and compartments. <see href="https://hl7.org/fhir/R4/search.html"/></summary>
internal static class SearchAnswer
{
    /// <param name="path">Of the links, below the base: "Observation", "Patient/1/Observation", "".</param>
    public static async ValueTask<FhirResponse> Of(
        FhirEndpoint endpoint, Access access, FhirRequest request, string? type, Compartment? compartment, string path, CancellationToken cancel)
    {
        if (!request.Body.IsEmpty)
        {
            return Outcomes.Of(FailureKind.UnsupportedMedia, IssueCode.NotSupported, $"The parameters of a search by POST are {MediaType.Form}; in a Bundle they stand in the URL of the entry, as in GET Patient?name=x.");
        }

        var handling = request.Prefer.Strict ? SearchHandling.Strict : SearchHandling.Lenient;
        var (asked, missing) = Asked(endpoint, request);
        if (missing.Count > 0 && handling == SearchHandling.Strict)
        {
            return Outcomes.Of(new Failure(FailureKind.Malformed, missing));
        }

        if (asked.Exists(parameter => SearchTerminology.IsAskedBy(parameter.Key)))
        {
            await endpoint.Terminology.Current(cancel);
        }

        if (!SearchRequest.Parse(endpoint.SearchParameters.At(request.BaseUrl), type, asked, handling).TryGet(out var search, out var unclear))
        {
            return Outcomes.Of(unclear);
        }

        if (request.Presentation.Summary == Summary.Text && search.Used.Any(parameter => parameter.Key.StartsWith("_include", StringComparison.Ordinal) || parameter.Key.StartsWith("_revinclude", StringComparison.Ordinal)))
        {
            return Outcomes.Of(FailureKind.Malformed, IssueCode.NotSupported, "_summary=text: _include and _revinclude cannot be mixed with it.");
        }

        if (search.Query.Types.FirstOrDefault(one => !endpoint.Serves(one)) is { } unserved)
        {
            return Outcomes.Of(FailureKind.Malformed, IssueCode.NotSupported, $"_type: resource type {unserved} is not served.");
        }

        if (RefusedType(access, search.Query, type) is { } refused)
        {
            return Outcomes.Of(refused);
        }

        var types = search.Query.Types.Count > 0 ? search.Query.Types : endpoint.Limit;
        var found = await endpoint.Store.Search(search.Query with { Types = types, Compartment = compartment, Count = request.Presentation.Summary == Summary.Count ? 0 : search.Query.Count }, cancel);
        return found.TryGet(out var page, out var failure)
            ? new FhirResponse(StatusCodes.Status200OK) { Body = Bundle(endpoint, access, request, search, page, [.. missing, .. search.Ignored], path) }
            : Outcomes.Of(failure);
    }

    /// <summary>The parameters; those that a sandbox persona does not know are named instead.</summary>
    private static (List<KeyValuePair<string, string>> Asked, List<Issue> Missing) Asked(FhirEndpoint endpoint, FhirRequest request)
    {
        var missing = request.Query.Where(parameter => endpoint.Persona.MissingParameters.Contains(parameter.Key.Split(':')[0])).ToList();
        var issues = missing.Select(parameter => new Issue(IssueSeverity.Warning, IssueCode.NotSupported, $"Search parameter {parameter.Key} is not known."));
        return ([.. request.Query.Except(missing)], [.. issues]);
    }

    /// <summary>A container may be of any type.</summary>
    private static Failure? RefusedType(Access access, SearchQuery query, string? type)
    {
        if (query.Contained != ContainedMatches.No)
        {
            return access.Refuse(Permission.Search, "*");
        }

        if (type is not null)
        {
            return access.Refuse(Permission.Search, type);
        }

        return query.Types.Count == 0
            ? access.Refuse(Permission.Search, "*")
            : query.Types.Select(one => access.Refuse(Permission.Search, one)).FirstOrDefault(refused => refused is not null);
    }

    private static ReadOnlyMemory<byte> Bundle(
        FhirEndpoint endpoint, Access access, FhirRequest request, ParsedSearch search, SearchPage page, List<Issue> ignored, string path)
    {
        var sizeHint = page.Matches.Sum(match => match.Body.Length + 200) + 1000;
        return Json.Write(writer =>
        {
            BundleWriter.Start(writer, "searchset", endpoint.Time.GetUtcNow(), page.Total, Links(request, search, page, path));
            var included = page.Included.Where(resource => endpoint.Serves(resource.Type) && access.Refuse(Permission.Read, resource.Type) is null).ToList();
            if (request.Presentation.Summary is not Summary.Count && page.Matches.Count + included.Count + ignored.Count > 0)
            {
                writer.WriteStartArray("entry"u8);
                foreach (var match in page.Matches)
                {
                    BundleWriter.Match(writer, request, match, "match");
                }

                foreach (var resource in included)
                {
                    BundleWriter.Match(writer, request, resource, "include");
                }

                if (ignored.Count > 0)
                {
                    BundleWriter.Outcome(writer, ignored);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }, sizeHint);
    }

    /// <summary>self names what was understood; next carries the cursor. Both keep the form of the answer.</summary>
    private static List<BundleLink> Links(FhirRequest request, ParsedSearch search, SearchPage page, string path)
    {
        var form = request.Query.Where(parameter => parameter.Key is "_format" or "_pretty" or "_elements" or "_summary");
        var used = search.Used.Where(parameter => parameter.Key is not ("_format" or "_pretty" or "_elements" or "_summary")).Concat(form).ToList();
        var url = path.Length == 0 ? request.BaseUrl : request.BaseUrl + "/" + path;
        List<BundleLink> links = [new("self", url + QueryOf(used))];
        if (page.Next is { } next)
        {
            var onward = used.Where(parameter => parameter.Key != SearchRequest.CursorParameter).Append(new(SearchRequest.CursorParameter, next));
            links.Add(new("next", url + QueryOf(onward)));
        }

        return links;
    }

    public static string QueryOf(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var text = string.Join('&', parameters.Select(parameter => Escape(parameter.Key) + "=" + Escape(parameter.Value)));
        return text.Length == 0 ? "" : "?" + text;
    }

    /// <summary>Percent-encoded, but for what is common in FHIR searches and harmless in a query.</summary>
    private static string Escape(string text)
        => Uri.EscapeDataString(text).Replace("%3A", ":", StringComparison.Ordinal).Replace("%2C", ",", StringComparison.Ordinal).Replace("%2F", "/", StringComparison.Ordinal);
}
