using System.Net.Http.Headers;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Xml;
using AtcFhir.Server.Fhir;
using AtcFhir.Store;

namespace AtcFhir.Server.Subscriptions;

/// <summary>
/// Tells a receiver of one change: an empty POST, or with a payload the update of the resource below the endpoint.
/// <see href="https://hl7.org/fhir/R4/subscription.html#2.46.7.1"/>
/// </summary>
internal sealed class HookDelivery(IHttpClientFactory clients)
{
    public const string ClientName = "subscriptions";

    /// <summary>Null when it was taken (2xx); otherwise what went wrong, without anything that the receiver said.</summary>
    public async ValueTask<string?> Send(HookSubscription subscription, StoredResource change, TimeSpan timeout, CancellationToken cancel)
    {
        using var request = Request(subscription, change);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(timeout);
        try
        {
            using var client = clients.CreateClient(ClientName);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return response.IsSuccessStatusCode ? null : string.Create(CultureInfo.InvariantCulture, $"The endpoint answered {(int)response.StatusCode}.");
        }
        catch (HttpRequestException e)
        {
            return $"The endpoint cannot be reached: {e.HttpRequestError}.";
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return string.Create(CultureInfo.InvariantCulture, $"The endpoint did not answer within {timeout.TotalSeconds} seconds.");
        }
    }

    private static HttpRequestMessage Request(HookSubscription subscription, StoredResource change)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, subscription.Endpoint);
        if (subscription.Payload is { } payload)
        {
            var isXml = MediaType.FormatOfHeader(payload) == Format.Xml;
            using var document = isXml ? ResourceDocument.Parse(change.Body).Value : null;
            request.Method = HttpMethod.Put;
            request.RequestUri = new Uri($"{subscription.Endpoint!.TrimEnd('/')}/{change.Type}/{change.Id}");
            request.Content = new ReadOnlyMemoryContent(document is null ? change.Body : FhirXml.ToUtf8(document));
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(isXml ? MediaType.Xml : MediaType.Json);
        }

        foreach (var header in subscription.Headers)
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                request.Headers.TryAddWithoutValidation(header[..colon].Trim(), header[(colon + 1)..].Trim());
            }
        }

        return request;
    }
}
