using System.Text.Json.Nodes;

namespace AtcFhir.Server.Subscriptions;

/// <summary>How much of an event a notification holds. <see href="https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/payloads.html"/></summary>
internal enum PayloadContent
{
    Empty,
    IdOnly,
    FullResource,
}

/// <summary>
/// What a Subscription to a topic asks for, besides what every Subscription does.
/// <see href="https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/StructureDefinition-backport-subscription.html"/>
/// </summary>
/// <param name="Topic">Its canonical.</param>
/// <param name="Filters">"Encounter?patient=Patient/1"; all of those of its type hold of an event.</param>
/// <param name="Content">Null when it is none of the three.</param>
/// <param name="Heartbeat">After so long without a notification there is one that the channel lives; null for none.</param>
/// <param name="MostEvents">In one notification.</param>
internal sealed record TopicRequest(string Topic, IReadOnlyList<string> Filters, PayloadContent? Content, TimeSpan? Heartbeat, TimeSpan? Timeout, int MostEvents)
{
    private const string Prefix = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-";

    /// <summary>Null of a Subscription whose criteria are a query.</summary>
    public static TopicRequest? Of(JsonNode subscription)
    {
        if ((string?)subscription["criteria"] is not { } criteria || !criteria.Contains("://", StringComparison.Ordinal) || criteria.Contains('?', StringComparison.Ordinal))
        {
            return null;
        }

        var channel = subscription["channel"];
        return new TopicRequest(
            criteria,
            [.. Extensions(subscription["_criteria"], "filter-criteria").Select(extension => (string?)extension["valueString"]).OfType<string>()],
            ContentOf((string?)Extensions(channel?["_payload"], "payload-content").FirstOrDefault()?["valueCode"] ?? "empty"),
            Seconds(channel, "heartbeat-period", "valueUnsignedInt"),
            Seconds(channel, "timeout", "valueUnsignedInt"),
            Number(channel, "max-count", "valuePositiveInt") ?? 1);
    }

    public static PayloadContent? ContentOf(string code) => code switch
    {
        "empty" => PayloadContent.Empty,
        "id-only" => PayloadContent.IdOnly,
        "full-resource" => PayloadContent.FullResource,
        _ => null,
    };

    private static TimeSpan? Seconds(JsonNode? owner, string name, string value) => Number(owner, name, value) is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : null;

    private static int? Number(JsonNode? owner, string name, string value)
        => Extensions(owner, name).FirstOrDefault()?[value] is JsonValue number && number.TryGetValue<int>(out var whole) && whole >= 0 ? whole : null;

    private static IEnumerable<JsonNode> Extensions(JsonNode? owner, string name)
        => (owner?["extension"]?.AsArray() ?? []).OfType<JsonNode>().Where(extension => (string?)extension["url"] == Prefix + name);
}
