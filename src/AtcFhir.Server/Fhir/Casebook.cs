using System.Text;
using System.Text.Json.Nodes;
using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using AtcFhir.Store;
using AtcFhir.Store.Search;

namespace AtcFhir.Server.Fhir;

/// <summary>A Composition and what has to be in its document besides what it refers to.</summary>
internal sealed record Casebook(ReadOnlyMemory<byte> Composition, IReadOnlyList<StoredResource> Members)
{
    private const string Divider = """<div xmlns="http://www.w3.org/1999/xhtml">""";

    /// <summary>
    /// Of a subject of the study: everything in the patient's compartment, a section a resource type, in the order in which it was stored.
    /// </summary>
    public static async ValueTask<Result<Casebook>> Of(FhirEndpoint endpoint, Access access, StoredResource subject, CancellationToken cancel)
    {
        var root = JsonNode.Parse(Encoding.UTF8.GetString(subject.Body.Span))!;
        if ((string?)root["individual"]?["reference"] is not { } individual || !individual.StartsWith("Patient/", StringComparison.Ordinal))
        {
            return new Failure(FailureKind.Unprocessable, IssueCode.BusinessRule, $"ResearchSubject/{subject.Id} names no Patient.");
        }

        var members = new List<StoredResource>();
        var query = SearchRequest.Parse(endpoint.Store.SearchParameters, null, [new("_count", "1000")]).Value.Query
            .Within(new Closure("ResearchSubject/" + subject.Id, [individual["Patient/".Length..]], [("ResearchSubject", subject.Id)], WithReferenced: false));
        do
        {
            if (!(await endpoint.Store.Search(query, cancel)).TryGet(out var page, out var failure))
            {
                return failure;
            }

            members.AddRange(page.Matches.Where(match => match.Type is not ("Composition" or "Bundle" or "AuditEvent" or "Provenance")));
            query = query with { Cursor = page.Next };
        }
        while (query.Cursor is not null);

        return new Casebook(Compose(endpoint, access, subject, root, individual, members), members);
    }

    private static ReadOnlyMemory<byte> Compose(FhirEndpoint endpoint, Access access, StoredResource subject, JsonNode root, string individual, List<StoredResource> members)
    {
        var number = (string?)root["identifier"]?[0]?["value"] ?? subject.Id;
        var composition = new JsonObject
        {
            ["resourceType"] = "Composition",
            ["id"] = endpoint.Store.NewId(),
            ["text"] = Narrative($"Casebook of subject {number}"),
            ["status"] = "final",
            ["type"] = new JsonObject { ["text"] = "Casebook of a research subject" },
            ["subject"] = new JsonObject { ["reference"] = individual },
            ["date"] = BundleWriter.Instant(endpoint.Time.GetUtcNow()),
            ["author"] = new JsonArray(new JsonObject { ["display"] = $"{endpoint.Title}, for {access.Actor}" }),
            ["title"] = $"Casebook of subject {number}",
            ["section"] = new JsonArray([.. members.GroupBy(member => member.Type).OrderBy(group => group.Key, StringComparer.Ordinal).Select(Section)]),
        };
        return System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(composition, RelaxedJson.Options);
    }

    private static JsonNode Section(IGrouping<string, StoredResource> group) => new JsonObject
    {
        ["title"] = group.Key,
        ["text"] = Narrative(string.Create(CultureInfo.InvariantCulture, $"{group.Count()} of type {group.Key}")),
        ["entry"] = new JsonArray([.. group.Select(member => new JsonObject { ["reference"] = $"{member.Type}/{member.Id}" })]),
    };

    private static JsonObject Narrative(string text) => new() { ["status"] = "generated", ["div"] = $"{Divider}{System.Net.WebUtility.HtmlEncode(text)}</div>" };
}
