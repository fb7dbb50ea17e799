using System.Text.Json.Nodes;
using AtcFhir.R4.FhirPath;
using AtcFhir.Server.Fhir;
using AtcFhir.Store;
using AtcFhir.Store.Search;

namespace AtcFhir.Server.Subscriptions;

/// <summary>
/// What can be subscribed to: a SubscriptionTopic of R5, as R4 has it: a Basic resource with the cross-version extensions of its elements.
/// <see href="https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/components.html#subscription-topics-in-fhir-r4"/>
/// </summary>
/// <param name="Fault">Why it cannot be served; null when it can.</param>
/// <param name="Filters">Resource type ("" for all of the topic) and search parameter that a subscription may filter by.</param>
internal sealed record SubscriptionTopic(
    string Url, string? Fault, IReadOnlyList<TopicTrigger> Triggers, IReadOnlyList<(string Type, string Parameter)> Filters, IReadOnlyList<TopicShape> Shapes)
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

        List<TopicTrigger> triggers = [.. Extensions(root, "resourceTrigger").Select(TopicTrigger.Of), .. Extensions(root, "eventTrigger").Select(TopicTrigger.OfEvent)];
        List<(string, string)> filters = [.. Extensions(root, "canFilterBy").Select(filter => (TopicTrigger.TypeOf(TopicTrigger.Part(filter, "resource")), TopicTrigger.Part(filter, "filterParameter") ?? ""))];
        var fault = (string?)Extensions(root, "status").FirstOrDefault()?["valueCode"] != "active" ? "is not active"
            : triggers.Count == 0 ? "has no trigger"
            : triggers.Select(trigger => trigger.Fault).FirstOrDefault(fault => fault is not null);
        return new SubscriptionTopic(url, fault, triggers, filters, [.. Extensions(root, "notificationShape").Select(TopicShape.Of)]);
    }

    /// <summary>The topic of that canonical; null when it is not here.</summary>
    public static async ValueTask<SubscriptionTopic?> Find(FhirEndpoint endpoint, string canonical, CancellationToken cancel)
    {
        var query = SearchRequest.Parse(endpoint.Store.SearchParameters, "Basic", Query).Value.Query;
        return (await endpoint.Store.Search(query, cancel)).TryGet(out var page, out _) ? page.Matches.Select(Of).FirstOrDefault(topic => topic?.Url == canonical.Split('|')[0]) : null;
    }

    public bool CanFilterBy(string type, string parameter)
        => Filters.Any(filter => (filter.Type.Length == 0 || filter.Type == type) && filter.Parameter == parameter.Split(':', '.')[0]);

    /// <summary>The status is a modifier.</summary>
    private static IEnumerable<JsonNode> Extensions(JsonNode root, string name)
        => (root["extension"]?.AsArray() ?? []).Concat(root["modifierExtension"]?.AsArray() ?? []).OfType<JsonNode>().Where(extension => (string?)extension["url"] == Prefix + name);
}

/// <summary>
/// Which changes of a resource type are events. Criteria as a query and as FHIRPath say the same in two languages: the query is read where both are given.
/// </summary>
/// <param name="Interactions">create, update, delete; empty for all.</param>
/// <param name="Previous">What the version before has to fulfil, as a query; null for nothing.</param>
/// <param name="Current">The same of the version that the change made.</param>
/// <param name="NeedsBoth">False: one of the two is enough.</param>
internal sealed record TopicTrigger(
    string Type, IReadOnlyList<string> Interactions, string? Previous = null, bool PassesOnCreate = false, string? Current = null, bool PassesOnDelete = false, bool NeedsBoth = false)
{
    private const string Interaction = "http://hl7.org/fhir/restful-interaction";

    private static readonly string[] Known = ["create", "update", "delete"];

    /// <summary>With the versions before and after the change as %previous and %current; null when a query says it, or nothing.</summary>
    public FhirPathExpression? FhirPath { get; init; }

    /// <summary>Why it cannot be served.</summary>
    public string? Fault { get; init; }

    /// <summary>Events of the outside are not known here; interactions are, by the codes that FHIR has for them.</summary>
    public static TopicTrigger OfEvent(JsonNode extension)
    {
        var codes = Parts(extension, "event").SelectMany(part => (part["valueCodeableConcept"]?["coding"]?.AsArray() ?? []).OfType<JsonNode>());
        List<string> interactions = [.. codes.Where(coding => (string?)coding["system"] == Interaction).Select(coding => (string?)coding["code"]).OfType<string>().Where(Known.Contains)];
        return new TopicTrigger(TypeOf(Part(extension, "resource")), interactions)
        {
            Fault = interactions.Count == 0 ? $"has an eventTrigger that is not known here: create, update and delete of {Interaction} are" : null,
        };
    }

    public static TopicTrigger Of(JsonNode extension)
    {
        var criteria = Parts(extension, "queryCriteria").FirstOrDefault();
        var trigger = new TopicTrigger(
            TypeOf(Part(extension, "resource")),
            [.. Parts(extension, "supportedInteraction").Select(part => (string?)part["valueCode"]).OfType<string>()],
            QueryOf(Part(criteria, "previous")),
            Part(criteria, "resultForCreate") == "test-passes",
            QueryOf(Part(criteria, "current")),
            Part(criteria, "resultForDelete") == "test-passes",
            Part(criteria, "requireBoth") == "true");
        if (criteria is not null || Part(extension, "fhirPathCriteria") is not { } text)
        {
            return trigger;
        }

        return FhirPathExpression.Compile(text).TryGet(out var expression, out var unclear)
            ? trigger with { FhirPath = expression }
            : trigger with { Fault = "has fhirPathCriteria that are not understood: " + unclear.Issues[0].Text.TrimEnd('.') };
    }

    public static string? Part(JsonNode? extension, string name) => Parts(extension, name).FirstOrDefault() is not { } part ? null
        : part.AsObject().FirstOrDefault(property => property.Key.StartsWith("value", StringComparison.Ordinal)).Value?.ToString();

    /// <summary>"Encounter" of http://hl7.org/fhir/StructureDefinition/Encounter.</summary>
    public static string TypeOf(string? uri) => uri?.Split('/')[^1] ?? "";

    public static IEnumerable<JsonNode> Parts(JsonNode? extension, string name)
        => (extension?["extension"]?.AsArray() ?? []).OfType<JsonNode>().Where(part => (string?)part["url"] == name);

    private static string? QueryOf(string? criteria) => criteria is null ? null : criteria[(criteria.IndexOf('?', StringComparison.Ordinal) + 1)..];
}
