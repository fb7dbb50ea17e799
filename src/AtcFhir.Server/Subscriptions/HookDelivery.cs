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
        return await Send(request, timeout, cancel);
    }

    /// <summary>The same for a notification of a topic.</summary>
    public async ValueTask<string?> Notify(HookSubscription subscription, ReadOnlyMemory<byte> bundle, TimeSpan timeout, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, subscription.Endpoint) { Content = Content(subscription.Payload ?? MediaType.Json, bundle) };
        AddHeaders(request, subscription);
        return await Send(request, timeout, cancel);
    }

    private async ValueTask<string?> Send(HttpRequestMessage request, TimeSpan timeout, CancellationToken cancel)
    {
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
            request.Method = HttpMethod.Put;
            request.RequestUri = new Uri($"{subscription.Endpoint!.TrimEnd('/')}/{change.Type}/{change.Id}");
            request.Content = Content(payload, change.Body);
        }

        AddHeaders(request, subscription);
        return request;
    }

    private static ReadOnlyMemoryContent Content(string payload, ReadOnlyMemory<byte> resource)
    {
        var isXml = MediaType.FormatOfHeader(payload) == Format.Xml;
        // A bundle is one level deeper than what is stored.
        using var document = isXml ? ResourceDocument.Parse(resource, new DocumentLimits(MaxBytes: int.MaxValue, MaxDepth: 128)).Value : null;
        var content = new ReadOnlyMemoryContent(document is null ? resource : FhirXml.ToUtf8(document));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(isXml ? MediaType.Xml : MediaType.Json);
        return content;
    }

    private static void AddHeaders(HttpRequestMessage request, HookSubscription subscription)
    {
        foreach (var header in subscription.Headers)
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                request.Headers.TryAddWithoutValidation(header[..colon].Trim(), header[(colon + 1)..].Trim());
            }
        }
    }
}
