using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath;
using AtcFhir.Server.Fhir;
using AtcFhir.Store;
using AtcFhir.Store.Search;
using AtcFhir.Store.Side;

namespace AtcFhir.Server.Subscriptions;

/// <summary>
/// Finds the events of a topic in the store's feed of changes and gives them numbers, from 1 and without gaps, before anybody is told of them: the place in the
/// feed and the numbers are written together. Every version is judged by its own content, not by what has become of the resource since.
/// </summary>
internal static class TopicEvents
{
    /// <summary>Looks at what changed behind a place in the feed.</summary>
    public static async ValueTask Find(FhirEndpoint endpoint, SubscriptionTopic topic, HookSubscription subscription, long position, int page, CancellationToken cancel)
    {
        var changes = await endpoint.Store.Changes(position, new ChangeFilter([.. topic.Types]), page, cancel);
        if (changes.Count == 0)
        {
            return;
        }

        var number = await SubscriptionTables.LastEvent(endpoint.Store, subscription.Id, cancel);
        var statements = new List<SideStatement>();
        foreach (var change in changes)
        {
            if (await IsEvent(endpoint, topic, subscription.Topic!, change, cancel))
            {
                statements.Add(SubscriptionTables.Add(subscription.Id, ++number, change));
            }
        }

        _ = await endpoint.Store.Commit(new WriteBatch([], null) { Statements = [.. statements, SubscriptionTables.Save(subscription.Id, changes[^1].Seq)] }, cancel);
    }

    private static async ValueTask<bool> IsEvent(FhirEndpoint endpoint, SubscriptionTopic topic, TopicRequest request, StoredResource change, CancellationToken cancel)
    {
        var before = await Before(endpoint, change, cancel);
        var interaction = change.IsDeleted ? "delete" : before is null ? "create" : "update";
        if ((change.IsDeleted ? before : change) is not { } focus)
        {
            return false; // the deletion of what was never there
        }

        foreach (var filter in request.Filters.Where(filter => filter.StartsWith(change.Type + "?", StringComparison.Ordinal)))
        {
            if (!await Fulfils(endpoint, focus, filter[(change.Type.Length + 1)..], cancel))
            {
                return false;
            }
        }

        foreach (var trigger in topic.Triggers.Where(trigger => trigger.Type == change.Type && (trigger.Interactions.Count == 0 || trigger.Interactions.Contains(interaction))))
        {
            bool? previous = trigger.Previous is null ? null : before is null ? trigger.PassesOnCreate : await Fulfils(endpoint, before, trigger.Previous, cancel);
            bool? current = trigger.Current is null ? null : change.IsDeleted ? trigger.PassesOnDelete : await Fulfils(endpoint, change, trigger.Current, cancel);
            var passes = trigger.FhirPath is { } expression ? Holds(endpoint, expression, before, change) : trigger.NeedsBoth ? previous != false && current != false : previous == true || current == true || (previous is null && current is null);
            if (passes)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary><see href="https://hl7.org/fhir/R5/subscriptiontopic-definitions.html#SubscriptionTopic.resourceTrigger.fhirPathCriteria"/></summary>
    private static bool Holds(FhirEndpoint endpoint, FhirPathExpression expression, StoredResource? before, StoredResource change)
    {
        using var previous = before is null ? null : ResourceDocument.Parse(before.Body, endpoint.Limits).Value;
        using var current = change.IsDeleted ? null : ResourceDocument.Parse(change.Body, endpoint.Limits).Value;
        var context = new FhirPathContext
        {
            Time = endpoint.Time,
            Variables = new Dictionary<string, FhirPathCollection>(StringComparer.Ordinal) { ["previous"] = VariableOf(previous), ["current"] = VariableOf(current) },
        };
        return expression.TryPredicate((current ?? previous)!.Root, context).TryGet(out var holds, out _) && holds == true;
    }

    private static FhirPathCollection VariableOf(ResourceDocument? version) => version is null ? FhirPathCollection.Empty : new FhirPathCollection(version.Root);

    /// <summary>The version before, unless that was a deletion.</summary>
    private static async ValueTask<StoredResource?> Before(FhirEndpoint endpoint, StoredResource change, CancellationToken cancel)
        => await VersionBefore.Of(endpoint.Store, change, cancel) is { IsDeleted: false } before ? before : null;

    private static async ValueTask<bool> Fulfils(FhirEndpoint endpoint, StoredResource version, string query, CancellationToken cancel)
        => SearchRequest.Parse(endpoint.Store.SearchParameters, version.Type, query, SearchHandling.Strict).TryGet(out var parsed, out _)
            && (await endpoint.Store.Matches(parsed.Query, version, cancel)).TryGet(out var matches, out _) && matches;
}
