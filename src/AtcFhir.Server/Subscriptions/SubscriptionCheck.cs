using AtcFhir.Server.Fhir;
using AtcFhir.Store.Search;

namespace AtcFhir.Server.Subscriptions;

/// <summary>Whether a subscription can be served.</summary>
internal static class SubscriptionCheck
{
    /// <summary>Null when it can; otherwise why not, for <c>Subscription.error</c>.</summary>
    public static string? FaultOf(FhirEndpoint endpoint, SubscriptionSection settings, HookSubscription subscription)
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

        if (!endpoint.Serves(subscription.Type))
        {
            return $"Resource type {subscription.Type} of the criteria is not served.";
        }

        return SearchRequest.Parse(endpoint.Store.SearchParameters, subscription.Type, subscription.Query, SearchHandling.Strict).Failure is { } unclear
            ? "The criteria are not understood: " + unclear.Issues[0].Text
            : null;
    }

    private static bool IsAllowed(SubscriptionSection settings, string? endpoint)
        => Uri.TryCreate(endpoint, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && string.IsNullOrEmpty(url.UserInfo)
            && (settings.Endpoints.Length > 0
                ? settings.Endpoints.Any(prefix => endpoint!.StartsWith(prefix, StringComparison.Ordinal))
                : url.Scheme == "https" || url.IsLoopback);
}
