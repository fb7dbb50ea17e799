using System.Text.Json.Nodes;
using AtcFhir.Server.Fhir;
using AtcFhir.Store;
using AtcFhir.Store.Search;

namespace AtcFhir.Server.Subscriptions;

/// <summary>What is told along with a resource that an event is about: whatever _include and _revinclude would bring. <see href="https://hl7.org/fhir/R5/subscriptiontopic-definitions.html#SubscriptionTopic.notificationShape"/></summary>
/// <param name="Includes">As parameters of a search.</param>
internal sealed record TopicShape(string Type, IReadOnlyList<KeyValuePair<string, string>> Includes)
{
    public static TopicShape Of(JsonNode extension) => new(
        TopicTrigger.TypeOf(TopicTrigger.Part(extension, "resource")),
        [.. Directives(extension, "include", "_include"), .. Directives(extension, "revInclude", "_revinclude")]);

    /// <summary>The events with the resources around them, as these are now. A directive that is not understood brings nothing: a shape is what should be there, not what has to.</summary>
    public static async ValueTask<IReadOnlyList<(TopicEvent Event, StoredResource Version)>> Around(
        FhirEndpoint endpoint, SubscriptionTopic? topic, IReadOnlyList<(TopicEvent Event, StoredResource Version)> events, CancellationToken cancel)
    {
        var shaped = new List<(TopicEvent, StoredResource)>();
        foreach (var (one, version) in events)
        {
            var includes = version.IsDeleted ? [] : (topic?.Shapes ?? []).Where(shape => shape.Type == version.Type).SelectMany(shape => shape.Includes).ToList();
            shaped.Add((includes.Count == 0 ? one : one with { Context = await Around(endpoint, version, includes, cancel) }, version));
        }

        return shaped;
    }

    private static async ValueTask<IReadOnlyList<StoredResource>> Around(FhirEndpoint endpoint, StoredResource focus, List<KeyValuePair<string, string>> includes, CancellationToken cancel)
    {
        var understood = includes.Where(include => SearchRequest.Parse(endpoint.Store.SearchParameters, focus.Type, [include], SearchHandling.Strict).Succeeded);
        var query = SearchRequest.Parse(endpoint.Store.SearchParameters, focus.Type, [new("_id", focus.Id), .. understood], SearchHandling.Strict).Value.Query;
        return (await endpoint.Store.Search(query, cancel)).TryGet(out var page, out _) ? page.Included : [];
    }

    /// <summary>"Encounter:patient&amp;iterate=Patient.link": a directive, and those that go on from what it brings.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Directives(JsonNode extension, string name, string parameter)
    {
        foreach (var directive in TopicTrigger.Parts(extension, name).Select(part => (string?)part["valueString"]).OfType<string>().SelectMany(text => text.Split('&')))
        {
            var further = directive.Split('=', 2) is [_, var value] ? value : null;
            yield return further is null ? new(parameter, directive) : new(parameter + ":iterate", further.Contains(':', StringComparison.Ordinal) ? further : further.Replace('.', ':'));
        }
    }
}
