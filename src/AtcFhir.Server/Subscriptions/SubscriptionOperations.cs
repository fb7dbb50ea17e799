using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using AtcFhir.Server.Fhir;
using AtcFhir.Store;
using AtcFhir.Store.Search;

namespace AtcFhir.Server.Subscriptions;

/// <summary>
/// $status and $events of Subscriptions to topics: how a subscriber sees whether it missed something, and gets it.
/// <see href="https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/OperationDefinition-backport-subscription-events.html"/>
/// </summary>
internal static class SubscriptionOperations
{
    private const int MostEvents = 1000;

    public static IReadOnlyList<FhirRoute> Table { get; } =
    [
        new("GET", "Subscription/$status", "$status", StatusOfSeveral),
        new("POST", "Subscription/$status", "$status", StatusOfSeveral),
        new("GET", "Subscription/{id}/$status", "$status", Status),
        new("POST", "Subscription/{id}/$status", "$status", Status),
        new("GET", "Subscription/{id}/$events", "$events", Events),
        new("POST", "Subscription/{id}/$events", "$events", Events),
    ];

    private static async ValueTask<FhirResponse> Status(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
        => (await Find(endpoint, access, request, cancel)).TryGet(out var subscription, out var failure) ? await Status(endpoint, request, [subscription], cancel) : Outcomes.Of(failure);

    private static async ValueTask<FhirResponse> StatusOfSeveral(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
    {
        if (access.Refuse(Permission.Search, request.Type) is { } refused)
        {
            return Outcomes.Of(refused);
        }

        if (!OperationParameters.Of(request, endpoint.Limits).TryGet(out var parameters, out var failure))
        {
            return Outcomes.Of(failure);
        }

        List<KeyValuePair<string, string>> asked = [new("_count", "1000")];
        asked.AddRange(new[] { (Name: "id", As: "_id"), (Name: "status", As: "status") }
            .Select(name => (name.As, Values: string.Join(',', parameters.Texts(name.Name)))).Where(one => one.Values.Length > 0).Select(one => new KeyValuePair<string, string>(one.As, one.Values)));
        return SearchRequest.Parse(endpoint.Store.SearchParameters, request.Type, asked, SearchHandling.Strict).TryGet(out var search, out failure)
            && (await endpoint.Store.Search(search.Query, cancel)).TryGet(out var page, out failure)
            ? await Status(endpoint, request, [.. page.Matches.Select(HookSubscription.Of).Where(subscription => subscription.Topic is not null)], cancel)
            : Outcomes.Of(failure);
    }

    private static async ValueTask<FhirResponse> Status(FhirEndpoint endpoint, FhirRequest request, IReadOnlyList<HookSubscription> subscriptions, CancellationToken cancel)
    {
        var counted = new List<(HookSubscription, long)>();
        foreach (var subscription in subscriptions)
        {
            counted.Add((subscription, await SubscriptionTables.LastEvent(endpoint.Store, subscription.Id, cancel)));
        }

        return new FhirResponse(StatusCodes.Status200OK) { Body = NotificationBundle.OfStatus(counted, request.BaseUrl, endpoint.Time.GetUtcNow()) };
    }

    private static async ValueTask<FhirResponse> Events(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
    {
        if (!(await Find(endpoint, access, request, cancel)).TryGet(out var subscription, out var failure) || !OperationParameters.Of(request, endpoint.Limits).TryGet(out var parameters, out failure))
        {
            return Outcomes.Of(failure);
        }

        var (since, until) = (Number(parameters.Text("eventsSinceNumber"), 1), Number(parameters.Text("eventsUntilNumber"), long.MaxValue));
        var content = parameters.Text("content") is { } code ? TopicRequest.ContentOf(code) : subscription.Topic!.Content ?? PayloadContent.Empty;
        if (since is null || until is null || content is not { } asked)
        {
            return Outcomes.Of(FailureKind.Malformed, IssueCode.Value, "eventsSinceNumber and eventsUntilNumber are numbers of events; content is empty, id-only or full-resource.");
        }

        var events = await SubscriptionTables.Events(endpoint.Store, subscription.Id, since.Value, until.Value, MostEvents, cancel);
        if (events.Select(one => access.Refuse(Permission.Read, one.Version.Type)).FirstOrDefault(refused => refused is not null) is { } forbidden && asked != PayloadContent.Empty)
        {
            return Outcomes.Of(forbidden);
        }

        if (asked != PayloadContent.Empty)
        {
            events = await TopicShape.Around(endpoint, await SubscriptionTopic.Find(endpoint, subscription.Topic!.Topic, cancel), events, cancel);
            events = [.. events.Select(one => (one.Event with { Context = [.. one.Event.Context.Where(context => access.Refuse(Permission.Read, context.Type) is null)] }, one.Version))];
        }

        var count = await SubscriptionTables.LastEvent(endpoint.Store, subscription.Id, cancel);
        return new FhirResponse(StatusCodes.Status200OK)
        {
            Body = NotificationBundle.Of(subscription, "query-event", count, events, asked, request.BaseUrl, endpoint.Time.GetUtcNow(), endpoint.Store.NewId()),
        };
    }

    private static async ValueTask<Result<HookSubscription>> Find(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
    {
        if (access.Refuse(Permission.Read, request.Type) is { } refused)
        {
            return refused;
        }

        return await endpoint.Store.Read(request.Type, request.Id, cancel) switch
        {
            null => new Failure(FailureKind.NotFound, IssueCode.NotFound, $"Subscription/{request.Id} is not known."),
            { IsDeleted: true } => new Failure(FailureKind.Deleted, IssueCode.Deleted, $"Subscription/{request.Id} was deleted."),
            var stored => HookSubscription.Of(stored) is { Topic: not null } subscription
                ? subscription
                : new Failure(FailureKind.Unprocessable, IssueCode.NotSupported, "The criteria of the Subscription are a query, not a topic: its events are not numbered."),
        };
    }

    private static long? Number(string? text, long otherwise)
        => text is null ? otherwise : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
