using System.Collections.Concurrent;
using AtcFhir.R4.Documents;
using AtcFhir.Server.AccessControl;
using AtcFhir.Server.Fhir;
using AtcFhir.Store;
using AtcFhir.Store.Search;
using Microsoft.Extensions.Options;

namespace AtcFhir.Server.Subscriptions;

/// <summary>
/// Serves Subscriptions from the store's feed of changes. Each has a place in the feed that moves only behind what its receiver took, so every change is told
/// at least once, over restarts and failures too. A receiver that keeps failing is seen in the Subscription: status error, and why.
/// </summary>
internal sealed class SubscriptionWorker(
    FhirEndpoint endpoint, HookDelivery delivery, IOptions<SubscriptionSection> options, ILogger<SubscriptionWorker> logger) : BackgroundService
{
    private const int Page = 100;
    private const string Action = "subscription";

    private readonly SubscriptionSection settings = options.Value;
    private readonly ConcurrentDictionary<string, Patience> patience = new();
    private readonly ConcurrentDictionary<string, bool> working = new();
    private readonly Dictionary<string, HookSubscription> known = [];
    private readonly ConcurrentDictionary<string, SubscriptionTopic> topics = new();
    private long? seen;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        if (!settings.Enabled)
        {
            return;
        }

        using var timer = new PeriodicTimer(settings.Interval, endpoint.Time);
        var isAway = false;
        do
        {
            try
            {
                await Round(stoppingToken);
                isAway = false;
            }
            catch (StoreUnavailableException away)
            {
                if (!isAway)
                {
                    logger.LogWarning("Subscriptions wait for the database: {Reason}", away.Message);
                }

                isAway = true;
            }
#pragma warning disable CA1031 // one bad round must not end all of them
            catch (Exception unexpected) when (unexpected is not OperationCanceledException)
#pragma warning restore CA1031
            {
                logger.LogError("Subscriptions cannot be served: {Exception} at {Place}", unexpected.GetType().FullName, unexpected.StackTrace);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Every subscription takes a step by itself, so that a slow receiver holds up nobody else.</summary>
    private async Task Round(CancellationToken cancel)
    {
        await Refresh(cancel);
        foreach (var subscription in known.Values.Where(subscription => subscription.Status is "requested" or "active"))
        {
            if (working.TryAdd(subscription.Id, true))
            {
                _ = Work(subscription, cancel);
            }
        }
    }

    private async Task Work(HookSubscription subscription, CancellationToken cancel)
    {
        await Task.Yield();
        try
        {
            await Step(subscription, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The place in the feed is kept; the next start goes on from it.
        }
#pragma warning disable CA1031 // the others go on
        catch (Exception unexpected)
#pragma warning restore CA1031
        {
            logger.LogError("Subscription {Subscription} cannot be served: {Exception} at {Place}", subscription.Id, unexpected.GetType().FullName, unexpected.StackTrace);
        }
        finally
        {
            working.TryRemove(subscription.Id, out _);
        }
    }

    private async ValueTask Step(HookSubscription subscription, CancellationToken cancel)
    {
        var now = endpoint.Time.GetUtcNow();
        if (subscription.End <= now)
        {
            await Become(subscription, "off", null, cancel);
            return;
        }

        var calm = patience.GetOrAdd(subscription.Id, static (_, start) => new Patience { Told = start }, now);
        if (calm.Until > now)
        {
            return;
        }

        // Nobody becomes active by saying so: that is for the server to say, after a look at it.
        if (subscription.Status == "requested" || await SubscriptionTables.Position(endpoint.Store, subscription.Id, cancel) is not { } position)
        {
            await Activate(subscription, calm, cancel);
            return;
        }

        // It may have been changed while it was active, and so may the topic.
        if (SubscriptionCheck.FaultOf(endpoint, settings, subscription, TopicOf(subscription)) is { } wrong)
        {
            await Become(subscription, "error", wrong, cancel);
            return;
        }

        if (subscription.Topic is { } request)
        {
            await Notify(subscription, request, calm, position, cancel);
            return;
        }

        var changes = await endpoint.Store.Changes(position, new ChangeFilter([subscription.Type]), Page, cancel);
        foreach (var change in changes)
        {
            if (await Matches(subscription, change, cancel) && await delivery.Send(subscription, change, settings.Timeout, cancel) is { } fault)
            {
                await Failed(subscription, calm, fault, cancel);
                return;
            }

            calm.Failures = 0;
            await Save(subscription, change.Seq, cancel);
        }
    }

    /// <summary>Finds the events of a topic, and tells of those that the receiver did not take yet; when there are none for long, that the channel lives.</summary>
    private async ValueTask Notify(HookSubscription subscription, TopicRequest request, Patience calm, long position, CancellationToken cancel)
    {
        await TopicEvents.Find(endpoint, TopicOf(subscription)!, subscription, position, Page, cancel);
        for (var notified = 0; notified < Page; notified++)
        {
            var told = await SubscriptionTables.Told(endpoint.Store, subscription.Id, cancel);
            var events = await SubscriptionTables.Events(endpoint.Store, subscription.Id, told + 1, long.MaxValue, request.MostEvents, cancel);
            if (events.Count == 0 && !(request.Heartbeat <= endpoint.Time.GetUtcNow() - calm.Told))
            {
                return;
            }

            if (request.Content != PayloadContent.Empty)
            {
                events = await TopicShape.Around(endpoint, TopicOf(subscription), events, cancel);
            }

            if (await Send(subscription, request, events.Count == 0 ? "heartbeat" : "event-notification", events, cancel) is { } fault)
            {
                await Failed(subscription, calm, fault, cancel);
                return;
            }

            (calm.Failures, calm.Told) = (0, endpoint.Time.GetUtcNow());
            if (events.Count == 0)
            {
                return;
            }

            _ = await endpoint.Store.Commit(new WriteBatch([], null) { Statements = [SubscriptionTables.SaveTold(subscription.Id, events[^1].Event.Number)] }, cancel);
        }
    }

    private async ValueTask<string?> Send(
        HookSubscription subscription, TopicRequest request, string type, IReadOnlyList<(TopicEvent Event, StoredResource Version)> events, CancellationToken cancel)
    {
        var count = await SubscriptionTables.LastEvent(endpoint.Store, subscription.Id, cancel);
        var baseUrl = endpoint.PublicUrl is { } url ? url.AbsoluteUri.TrimEnd('/') + endpoint.BasePath : "";
        var bundle = NotificationBundle.Of(subscription, type, count, events, request.Content ?? PayloadContent.Empty, baseUrl, endpoint.Time.GetUtcNow(), endpoint.Store.NewId());
        return await delivery.Notify(subscription, bundle, request.Timeout ?? settings.Timeout, cancel);
    }

    private SubscriptionTopic? TopicOf(HookSubscription subscription)
        => subscription.Topic is { } request ? topics.Values.FirstOrDefault(topic => topic.Url == request.Topic.Split('|')[0]) : null;

    /// <summary>A receiver of a topic has to take a handshake first.</summary>
    private async ValueTask Activate(HookSubscription subscription, Patience calm, CancellationToken cancel)
    {
        if (await endpoint.Store.Read("Subscription", subscription.Id, cancel) is not { } current || current.VersionId != subscription.Stored.VersionId)
        {
            return; // the next round knows it as it is now; a second handshake would be one too many
        }

        var fault = SubscriptionCheck.FaultOf(endpoint, settings, subscription, TopicOf(subscription));
        if (fault is null && subscription.Topic is { } request && await Send(subscription, request, "handshake", [], cancel) is { } deaf)
        {
            await Failed(subscription, calm, deaf, cancel);
            return;
        }

        if (fault is null && await SubscriptionTables.Position(endpoint.Store, subscription.Id, cancel) is null)
        {
            await Begin(subscription, cancel);
        }

        patience.TryRemove(subscription.Id, out _);
        var status = fault is null ? "active" : "error";
        if (subscription.Status != status)
        {
            await Become(subscription, status, fault, cancel);
        }
    }

    /// <summary>What was written before it became active is not told; of one that called itself active, what was written before it.</summary>
    private async ValueTask Begin(HookSubscription subscription, CancellationToken cancel)
        => await Save(subscription, subscription.Status == "active" ? subscription.Stored.Seq : await endpoint.Store.LastSeq(cancel), cancel);

    private async ValueTask Save(HookSubscription subscription, long seq, CancellationToken cancel)
        => _ = await endpoint.Store.Commit(new WriteBatch([], null) { Statements = [SubscriptionTables.Save(subscription.Id, seq)] }, cancel);

    private async ValueTask Failed(HookSubscription subscription, Patience calm, string fault, CancellationToken cancel)
    {
        calm.Failures++;
        var pause = settings.FirstPause * Math.Pow(2, Math.Min(calm.Failures - 1, 20));
        calm.Until = endpoint.Time.GetUtcNow() + (pause < settings.LongestPause ? pause : settings.LongestPause);
        logger.LogWarning("Subscription {Subscription}, failure {Number} in a row: {Fault}", subscription.Id, calm.Failures, fault);
        if (calm.Failures >= settings.MostFailures)
        {
            patience.TryRemove(subscription.Id, out _);
            await Become(subscription, "error", fault, cancel);
        }
        else if (subscription.Error != fault)
        {
            // Said once, and not taken back by the next success: a receiver that comes and goes must not make a version of each.
            await Become(subscription, subscription.Status, fault, cancel);
        }
    }

    /// <summary>Of versions that follow each other quickly the one that is current counts; deletions match nothing.</summary>
    private async ValueTask<bool> Matches(HookSubscription subscription, StoredResource change, CancellationToken cancel)
    {
        if (change.IsDeleted)
        {
            return false;
        }

        var query = $"{subscription.Query}&_id={Uri.EscapeDataString(change.Id)}&_count=1&_total=none";
        return SearchRequest.Parse(endpoint.Store.SearchParameters, subscription.Type, query, SearchHandling.Strict).TryGet(out var parsed, out _)
            && (await endpoint.Store.Search(parsed.Query, cancel)).TryGet(out var page, out _) && page.Matches is [{ } match] && match.Seq == change.Seq;
    }

    /// <summary>Writes the status, unless somebody changed the Subscription meanwhile: then the next round looks at it again.</summary>
    private async ValueTask Become(HookSubscription subscription, string status, string? error, CancellationToken cancel)
    {
        var document = ResourceDocument.Parse(subscription.With(status, error)).Value;
        var write = ResourceWrite.Update(endpoint.Store.Prepare(document, subscription.Id)) with { IfMatch = [subscription.Stored.VersionId] };
        _ = await endpoint.Store.Commit(WriteBatch.Of(new AuditEntry(Access.System.Actor, Action, $"{subscription.Id}/{subscription.Stored.VersionId}", Why: error), write), cancel);
    }

    /// <summary>All of them once, then those that the feed shows.</summary>
    private async ValueTask Refresh(CancellationToken cancel)
    {
        if (seen is { } after)
        {
            foreach (var change in await endpoint.Store.Changes(after, new ChangeFilter(["Subscription", "Basic"]), Page, cancel))
            {
                Take(change);
                seen = change.Seq;
            }

            return;
        }

        var last = await endpoint.Store.LastSeq(cancel);
        if (await TakeAll("Basic", SubscriptionTopic.Query, cancel) && await TakeAll("Subscription", "_count=1000", cancel))
        {
            seen = last; // else the next round tries again
        }
    }

    private async ValueTask<bool> TakeAll(string type, string criteria, CancellationToken cancel)
    {
        var query = SearchRequest.Parse(endpoint.Store.SearchParameters, type, criteria).Value.Query;
        do
        {
            if (!(await endpoint.Store.Search(query, cancel)).TryGet(out var page, out _))
            {
                return false;
            }

            page.Matches.ToList().ForEach(Take);
            query = query with { Cursor = page.Next };
        }
        while (query.Cursor is not null);

        return true;
    }

    private void Take(StoredResource stored)
    {
        if (stored.Type == "Basic")
        {
            topics.TryRemove(stored.Id, out _);
            if (!stored.IsDeleted && SubscriptionTopic.Of(stored) is { } topic)
            {
                topics[stored.Id] = topic;
            }
        }
        else if (stored.IsDeleted)
        {
            known.Remove(stored.Id);
        }
        else
        {
            known[stored.Id] = HookSubscription.Of(stored);
        }
    }

    private sealed class Patience
    {
        public int Failures { get; set; }

        public DateTimeOffset Until { get; set; }

        /// <summary>When the receiver took something last.</summary>
        public DateTimeOffset Told { get; set; }
    }
}
