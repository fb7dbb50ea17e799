using AtcFhir.Server.Fhir;
using AtcFhir.Store.Search;

namespace AtcFhir.Server.Subscriptions;

/// <summary>Whether a subscription can be served.</summary>
internal static class SubscriptionCheck
{
    /// <summary>Null when it can; otherwise why not, for <c>Subscription.error</c>.</summary>
    /// <param name="topic">The one that it names, when it is here.</param>
    public static string? FaultOf(FhirEndpoint endpoint, SubscriptionSection settings, HookSubscription subscription, SubscriptionTopic? topic)
    {
        if (subscription.Channel != "rest-hook")
        {
            return $"Channels of type {subscription.Channel} are not served; rest-hook is.";
        }

        if (!IsAllowed(settings, subscription.Endpoint))
        {
            return settings.Endpoints.Length > 0 ? "The endpoint is not one that the configuration allows." : "The endpoint has to be an https URL, or http on this machine.";
        }

        if (subscription.Payload is { } payload && MediaType.FormatOfHeader(payload) is null)
        {
            return $"Payload {payload} is not application/fhir+json or application/fhir+xml.";
        }

        if (subscription.Topic is { } request)
        {
            return FaultOf(endpoint, request, topic);
        }

        if (!endpoint.Serves(subscription.Type))
        {
            return $"Resource type {subscription.Type} of the criteria is not served.";
        }

        return SearchRequest.Parse(endpoint.Store.SearchParameters, subscription.Type, subscription.Query, SearchHandling.Strict).Failure is { } unclear
            ? "The criteria are not understood: " + unclear.Issues[0].Text
            : null;
    }

    private static string? FaultOf(FhirEndpoint endpoint, TopicRequest request, SubscriptionTopic? topic)
    {
        if (topic is null || topic.Fault is not null)
        {
            return topic is null ? $"The topic {request.Topic} is not here: it has to be stored as a Basic resource with the code SubscriptionTopic." : $"The topic {request.Topic} {topic.Fault}.";
        }

        if (request.Content is null)
        {
            return "The content of the payload is empty, id-only or full-resource.";
        }

        if (request.Content != PayloadContent.Empty && endpoint.PublicUrl is null)
        {
            return "Notifications that name resources need their URLs: Server:PublicUrl is not set here.";
        }

        if (topic.Types.FirstOrDefault(type => !endpoint.Serves(type)) is { } unserved)
        {
            return $"Resource type {unserved} of the topic is not served.";
        }

        foreach (var (type, query) in topic.Triggers.SelectMany(trigger => new[] { (trigger.Type, trigger.Previous), (trigger.Type, trigger.Current) }).Where(criteria => criteria.Item2 is not null))
        {
            if (SearchRequest.Parse(endpoint.Store.SearchParameters, type, query!, SearchHandling.Strict).Failure is { } unclear)
            {
                return "The criteria of the topic are not understood: " + unclear.Issues[0].Text;
            }
        }

        return request.Filters.Select(filter => FaultOf(endpoint, topic, filter)).FirstOrDefault(fault => fault is not null);
    }

    private static string? FaultOf(FhirEndpoint endpoint, SubscriptionTopic topic, string filter)
    {
        var (type, query) = filter.Split('?', 2) is [var before, var behind] ? (before, behind) : ("", "");
        if (!topic.Types.Contains(type))
        {
            return "A filter begins with a resource type of the topic and a question mark.";
        }

        return !SearchRequest.Parse(endpoint.Store.SearchParameters, type, query, SearchHandling.Strict).TryGet(out var parsed, out var unclear)
            ? "The filter is not understood: " + unclear.Issues[0].Text
            : parsed.Used.FirstOrDefault(parameter => !topic.CanFilterBy(type, parameter.Key)) is { Key: { } other } ? $"The topic cannot be filtered by {other}." : null;
    }

    private static bool IsAllowed(SubscriptionSection settings, string? endpoint)
        => Uri.TryCreate(endpoint, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && string.IsNullOrEmpty(url.UserInfo)
            && (settings.Endpoints.Length > 0
                ? settings.Endpoints.Any(prefix => endpoint!.StartsWith(prefix, StringComparison.Ordinal))
                : url.Scheme == "https" || url.IsLoopback);
}
