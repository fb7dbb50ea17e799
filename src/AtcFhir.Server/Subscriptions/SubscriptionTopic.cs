using System.Text.Json.Nodes;
using AtcFhir.Store;

namespace AtcFhir.Server.Subscriptions;

/// <summary>
/// What can be subscribed to: a SubscriptionTopic of R5, as R4 has it: a Basic resource with the cross-version extensions of its elements.
/// <see href="https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/components.html#subscription-topics-in-fhir-r4"/>
/// </summary>
/// <param name="Fault">Why it cannot be served; null when it can.</param>
/// <param name="Filters">Resource type ("" for all of the topic) and search parameter that a subscription may filter by.</param>
internal sealed record SubscriptionTopic(string Url, string? Fault, IReadOnlyList<TopicTrigger> Triggers, IReadOnlyList<(string Type, string Parameter)> Filters)
{
    private const string Prefix = "http://hl7.org/fhir/5.0/StructureDefinition/extension-SubscriptionTopic.";

    public const string Query = "code=http://hl7.org/fhir/fhir-types|SubscriptionTopic&_count=1000";

    public IEnumerable<string> Types => Triggers.Select(trigger => trigger.Type).Distinct();

    /// <summary>Null of any other Basic resource.</summary>
    public static SubscriptionTopic? Of(StoredResource stored)
    {
        var root = JsonNode.Parse(stored.Body.Span)!;
        var isTopic = (root["code"]?["coding"]?.AsArray() ?? []).Any(coding => (string?)coding!["code"] == "SubscriptionTopic");
        if (!isTopic || (string?)Extensions(root, "url").FirstOrDefault()?["valueUri"] is not { } url)
        {
            return null;
        }

        List<TopicTrigger> triggers = [.. Extensions(root, "resourceTrigger").Select(TopicTrigger.Of)];
        List<(string, string)> filters = [.. Extensions(root, "canFilterBy").Select(filter => (TopicTrigger.TypeOf(TopicTrigger.Part(filter, "resource")), TopicTrigger.Part(filter, "filterParameter") ?? ""))];
        var fault = (string?)Extensions(root, "status").FirstOrDefault()?["valueCode"] != "active" ? "is not active"
            : triggers.Count == 0 ? "has no resourceTrigger"
            : Extensions(root, "eventTrigger").Any() ? "has an eventTrigger, which is not served"
            : triggers.Exists(trigger => trigger.HasFhirPath) ? "has fhirPathCriteria, which are not served"
            : null;
        return new SubscriptionTopic(url, fault, triggers, filters);
    }

    public bool CanFilterBy(string type, string parameter)
        => Filters.Any(filter => (filter.Type.Length == 0 || filter.Type == type) && filter.Parameter == parameter.Split(':', '.')[0]);

    /// <summary>The status is a modifier.</summary>
    private static IEnumerable<JsonNode> Extensions(JsonNode root, string name)
        => (root["extension"]?.AsArray() ?? []).Concat(root["modifierExtension"]?.AsArray() ?? []).OfType<JsonNode>().Where(extension => (string?)extension["url"] == Prefix + name);
}

/// <summary>Which changes of a resource type are events.</summary>
/// <param name="Interactions">create, update, delete; empty for all.</param>
/// <param name="Previous">What the version before has to fulfil, as a query; null for nothing.</param>
/// <param name="Current">The same of the version that the change made.</param>
/// <param name="NeedsBoth">False: one of the two is enough.</param>
internal sealed record TopicTrigger(
    string Type, IReadOnlyList<string> Interactions, string? Previous, bool PassesOnCreate, string? Current, bool PassesOnDelete, bool NeedsBoth, bool HasFhirPath)
{
    public static TopicTrigger Of(JsonNode extension)
    {
        var criteria = Parts(extension, "queryCriteria").FirstOrDefault();
        return new TopicTrigger(
            TypeOf(Part(extension, "resource")),
            [.. Parts(extension, "supportedInteraction").Select(part => (string?)part["valueCode"]).OfType<string>()],
            QueryOf(Part(criteria, "previous")),
            Part(criteria, "resultForCreate") == "test-passes",
            QueryOf(Part(criteria, "current")),
            Part(criteria, "resultForDelete") == "test-passes",
            Part(criteria, "requireBoth") == "true",
            Parts(extension, "fhirPathCriteria").Any());
    }

    public static string? Part(JsonNode? extension, string name) => Parts(extension, name).FirstOrDefault() is not { } part ? null
        : part.AsObject().FirstOrDefault(property => property.Key.StartsWith("value", StringComparison.Ordinal)).Value?.ToString();

    /// <summary>"Encounter" of http://hl7.org/fhir/StructureDefinition/Encounter.</summary>
    public static string TypeOf(string? uri) => uri?.Split('/')[^1] ?? "";

    private static IEnumerable<JsonNode> Parts(JsonNode? extension, string name)
        => (extension?["extension"]?.AsArray() ?? []).OfType<JsonNode>().Where(part => (string?)part["url"] == name);

    private static string? QueryOf(string? criteria) => criteria is null ? null : criteria[(criteria.IndexOf('?', StringComparison.Ordinal) + 1)..];
}
