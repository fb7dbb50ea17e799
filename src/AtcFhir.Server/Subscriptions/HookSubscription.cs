using System.Text.Json.Nodes;
using AtcFhir.Server.Fhir;
using AtcFhir.Store;

namespace AtcFhir.Server.Subscriptions;

/// <summary>What a Subscription resource asks for. <see href="https://hl7.org/fhir/R4/subscription.html"/></summary>
/// <param name="Criteria">"Observation?code=…".</param>
/// <param name="Payload">A media type; null tells only that something changed.</param>
/// <param name="Headers">"Authorization: Bearer …", as they are sent.</param>
internal sealed record HookSubscription(
    StoredResource Stored, string Status, string Criteria, string Channel, string? Endpoint, string? Payload, IReadOnlyList<string> Headers, DateTimeOffset? End)
{
    /// <summary>What it asks for when its criteria are a topic; null when they are a query.</summary>
    public TopicRequest? Topic { get; init; }

    /// <summary>What went wrong last.</summary>
    public string? Error { get; init; }

    public string Id => Stored.Id;

    public string Type => Criteria.Split('?')[0];

    public string Query => Criteria.IndexOf('?', StringComparison.Ordinal) is >= 0 and var mark ? Criteria[(mark + 1)..] : "";

    public static HookSubscription Of(StoredResource stored)
    {
        var root = JsonNode.Parse(stored.Body.Span)!;
        var channel = root["channel"];
        return new HookSubscription(
            stored,
            (string?)root["status"] ?? "",
            (string?)root["criteria"] ?? "",
            (string?)channel?["type"] ?? "",
            (string?)channel?["endpoint"],
            (string?)channel?["payload"] is { Length: > 0 } payload ? payload : null,
            [.. (channel?["header"]?.AsArray() ?? []).Select(header => (string?)header).OfType<string>()],
            (string?)root["end"] is { } end && PartialTime.Parse(end) is { } range ? range.From : null)
        {
            Topic = TopicRequest.Of(root),
            Error = (string?)root["error"],
        };
    }

    /// <summary>The resource with another status, and what went wrong if that is why.</summary>
    public ReadOnlyMemory<byte> With(string status, string? error)
    {
        var root = JsonNode.Parse(Stored.Body.Span)!.AsObject();
        root["status"] = status;
        root.Remove("error");
        if (error is not null)
        {
            root["error"] = error;
        }

        return System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(root, RelaxedJson.Options);
    }
}
