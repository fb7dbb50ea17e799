using System.Text.Json;
using System.Text.Json.Nodes;
using AtcFhir.Server.Fhir;
using AtcFhir.Store;

namespace AtcFhir.Server.Subscriptions;

/// <summary>An event as it was numbered.</summary>
internal sealed record TopicEvent(long Number, DateTimeOffset At)
{
    /// <summary>What is told along with it, see <see cref="TopicShape"/>.</summary>
    public IReadOnlyList<StoredResource> Context { get; init; } = [];
}

/// <summary>
/// The Bundles in which subscribers are told of events, and their status: in R4 a history whose first entry is the status as Parameters.
/// <see href="https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/StructureDefinition-backport-subscription-notification-r4.html"/>
/// </summary>
internal static class NotificationBundle
{
    private const string Profiles = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/";

    /// <param name="type">handshake, heartbeat, event-notification, query-event.</param>
    /// <param name="events">With their versions, in the order of their numbers.</param>
    /// <param name="id">Of the entry of the status: a UUID.</param>
    public static ReadOnlyMemory<byte> Of(
        HookSubscription subscription, string type, long count, IReadOnlyList<(TopicEvent Event, StoredResource Version)> events, PayloadContent content, string baseUrl, DateTimeOffset now, string id)
    {
        var entries = new JsonArray(new JsonObject
        {
            ["fullUrl"] = "urn:uuid:" + id,
            ["resource"] = Status(subscription, type, count, events, content, baseUrl),
            ["request"] = new JsonObject { ["method"] = "GET", ["url"] = $"{Of(baseUrl)}Subscription/{subscription.Id}/$status" },
            ["response"] = new JsonObject { ["status"] = "200" },
        });
        if (content != PayloadContent.Empty)
        {
            var told = new HashSet<long>();
            foreach (var version in events.Select(one => one.Version).Where(version => told.Add(version.Seq)))
            {
                entries.Add(Entry(version, content, baseUrl, isContext: false));
            }

            foreach (var version in events.SelectMany(one => one.Event.Context).Where(version => told.Add(version.Seq)))
            {
                entries.Add(Entry(version, content, baseUrl, isContext: true));
            }
        }

        return JsonSerializer.SerializeToUtf8Bytes(
            new JsonObject
            {
                ["resourceType"] = "Bundle",
                ["meta"] = new JsonObject { ["profile"] = new JsonArray(Profiles + "backport-subscription-notification-r4") },
                ["type"] = "history",
                ["timestamp"] = BundleWriter.Instant(now),
                ["entry"] = entries,
            },
            RelaxedJson.Options);
    }

    /// <summary>What $status answers: a searchset of the status of some subscriptions.</summary>
    public static ReadOnlyMemory<byte> OfStatus(IReadOnlyList<(HookSubscription Subscription, long Count)> subscriptions, string baseUrl, DateTimeOffset now)
    {
        var bundle = new JsonObject { ["resourceType"] = "Bundle", ["type"] = "searchset", ["timestamp"] = BundleWriter.Instant(now), ["total"] = subscriptions.Count };
        if (subscriptions.Count > 0)
        {
            bundle["entry"] = new JsonArray([.. subscriptions.Select(one => new JsonObject
            {
                ["fullUrl"] = $"{Of(baseUrl)}Subscription/{one.Subscription.Id}/$status",
                ["resource"] = Status(one.Subscription, "query-status", one.Count, [], PayloadContent.Empty, baseUrl),
                ["search"] = new JsonObject { ["mode"] = "match" },
            })]);
        }

        return JsonSerializer.SerializeToUtf8Bytes(bundle, RelaxedJson.Options);
    }

    private static JsonObject Status(
        HookSubscription subscription, string type, long count, IReadOnlyList<(TopicEvent Event, StoredResource Version)> events, PayloadContent content, string baseUrl)
    {
        var parameters = new JsonArray(
            Parameter("subscription", "valueReference", new JsonObject { ["reference"] = $"{Of(baseUrl)}Subscription/{subscription.Id}" }),
            Parameter("topic", "valueCanonical", subscription.Topic!.Topic),
            Parameter("status", "valueCode", subscription.Status),
            Parameter("type", "valueCode", type),
            Parameter("events-since-subscription-start", "valueString", count.ToString(CultureInfo.InvariantCulture)));
        foreach (var (one, version) in events)
        {
            var parts = new JsonArray(
                Parameter("event-number", "valueString", one.Number.ToString(CultureInfo.InvariantCulture)),
                Parameter("timestamp", "valueInstant", BundleWriter.Instant(one.At)));
            if (content != PayloadContent.Empty)
            {
                parts.Add(Parameter("focus", "valueReference", new JsonObject { ["reference"] = $"{Of(baseUrl)}{version.Type}/{version.Id}" }));
                foreach (var context in one.Context)
                {
                    parts.Add(Parameter("additional-context", "valueReference", new JsonObject { ["reference"] = $"{Of(baseUrl)}{context.Type}/{context.Id}" }));
                }
            }

            parameters.Add(new JsonObject { ["name"] = "notification-event", ["part"] = parts });
        }

        if (subscription.Error is { } error)
        {
            parameters.Add(Parameter("error", "valueCodeableConcept", new JsonObject { ["text"] = error }));
        }

        return new JsonObject
        {
            ["resourceType"] = "Parameters",
            ["meta"] = new JsonObject { ["profile"] = new JsonArray(Profiles + "backport-subscription-status-r4") },
            ["parameter"] = parameters,
        };
    }

    private static JsonObject Entry(StoredResource version, PayloadContent content, string baseUrl, bool isContext)
    {
        var place = $"{version.Type}/{version.Id}";
        var (method, status) = version.Interaction switch
        {
            _ when isContext => ("GET", "200"),
            WriteKind.Create => ("POST", "201"),
            WriteKind.Update => ("PUT", version.IsCreation ? "201" : "200"),
            _ => ("DELETE", "204"),
        };
        var entry = new JsonObject { ["fullUrl"] = Of(baseUrl) + place };
        if (content == PayloadContent.FullResource && !version.IsDeleted)
        {
            entry["resource"] = JsonNode.Parse(version.Body.Span, nodeOptions: null, Json.Options);
        }

        entry["request"] = new JsonObject { ["method"] = method, ["url"] = method == "POST" ? version.Type : place };
        entry["response"] = new JsonObject { ["status"] = status, ["etag"] = version.ETag, ["lastModified"] = BundleWriter.Instant(version.LastUpdated) };
        return entry;
    }

    private static JsonObject Parameter(string name, string value, JsonNode content) => new() { ["name"] = name, [value] = content };

    /// <summary>Without a base URL, references are relative.</summary>
    private static string Of(string baseUrl) => baseUrl.Length == 0 ? "" : baseUrl + "/";
}
