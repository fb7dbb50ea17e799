using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using AtcFhir.R4.Documents;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace AtcFhir.Sync.Hospital;

/// <summary>
/// FHIR REST over HTTP as a careful client: it believes an answer only when status, media type, length and content agree, follows no
/// redirect, and never says in a message which patient it was about. Repeating is the resilience handler's work, and only for reads.
/// <see href="https://hl7.org/fhir/R4/http.html"/>
/// </summary>
internal sealed class HospitalClient(string name, HttpClient http, HospitalOptions options, IHospitalAuth auth, TimeProvider time)
{
    public const string FhirJson = "application/fhir+json";

    public string Name => name;

    public HospitalOptions Options => options;

    public Uri Base { get; } = WithSlash(options.BaseUrl ?? throw new InvalidOperationException($"The hospital {name} has no BaseUrl."));

    public Task<HospitalReply> ReadAsync(string type, string id, CancellationToken cancel)
        => SendAsync(HttpMethod.Get, type + "/" + Uri.EscapeDataString(id), type, null, null, cancel);

    /// <summary>A GET of anything below the base: a search, <c>metadata</c>, a <c>_history</c>.</summary>
    public Task<HospitalReply> GetAsync(string relative, string what, CancellationToken cancel)
        => SendAsync(HttpMethod.Get, relative, what, null, null, cancel);

    public Task<HospitalReply> CreateAsync(string type, ReadOnlyMemory<byte> body, string? ifNoneExist, string key, CancellationToken cancel)
        => SendAsync(HttpMethod.Post, type, type, body, request =>
        {
            request.Headers.TryAddWithoutValidation("X-Request-Id", key);
            request.Headers.TryAddWithoutValidation("Prefer", "return=representation");
            if (ifNoneExist is not null)
            {
                request.Headers.TryAddWithoutValidation("If-None-Exist", ifNoneExist);
            }
        }, cancel);

    public Task<HospitalReply> UpdateAsync(string type, string id, ReadOnlyMemory<byte> body, string? ifMatch, string key, CancellationToken cancel)
        => SendAsync(HttpMethod.Put, type + "/" + Uri.EscapeDataString(id), type, body, request =>
        {
            request.Headers.TryAddWithoutValidation("X-Request-Id", key);
            request.Headers.TryAddWithoutValidation("Prefer", "return=representation");
            if (ifMatch is not null)
            {
                request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
            }
        }, cancel);

    /// <summary>Asks whether a resource would be valid; stores nothing. <see href="https://hl7.org/fhir/R4/resource-operation-validate.html"/></summary>
    public Task<HospitalReply> ValidateAsync(string type, ReadOnlyMemory<byte> body, string key, CancellationToken cancel)
        => SendAsync(HttpMethod.Post, type + "/$validate", type + "/$validate", body, request => request.Headers.TryAddWithoutValidation("X-Request-Id", key), cancel);

    public Task<HospitalReply> DeleteAsync(string type, string id, CancellationToken cancel)
        => SendAsync(HttpMethod.Delete, type + "/" + Uri.EscapeDataString(id), type, null, null, cancel);

    private async Task<HospitalReply> SendAsync(HttpMethod method, string relative, string what, ReadOnlyMemory<byte>? body, Action<HttpRequestMessage>? headers, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, new Uri(Base, relative));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(FhirJson));
        request.Headers.CacheControl = new CacheControlHeaderValue { NoCache = true };
        if (method == HttpMethod.Get)
        {
            request.Headers.TryAddWithoutValidation("Prefer", "handling=strict");
        }

        headers?.Invoke(request);
        if (body is { } bytes)
        {
            request.Content = new ReadOnlyMemoryContent(bytes);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(FhirJson) { CharSet = "utf-8" };
        }

        // The resilience handler bounds the way to the headers; this bounds the body too, so a drip-feeding server cannot hold a pass.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(options.TimeoutSeconds * 4), time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            await auth.AuthoriseAsync(request, both.Token).ConfigureAwait(false);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token).ConfigureAwait(false);
            return await ReadReplyAsync(method, what, response, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return NoAnswer($"{method} {what}: no answer in time");
        }
        catch (TimeoutRejectedException)
        {
            return NoAnswer($"{method} {what}: no answer in time");
        }
        catch (BrokenCircuitException)
        {
            return NoAnswer($"{method} {what}: not tried, the hospital failed too often a moment ago");
        }
        catch (HttpRequestException error)
        {
            return NoAnswer($"{method} {what}: {Describe(error)}");
        }
        catch (IOException)
        {
            return NoAnswer($"{method} {what}: the connection was lost while the answer came");
        }
    }

    private async Task<HospitalReply> ReadReplyAsync(HttpMethod method, string what, HttpResponseMessage response, CancellationToken cancel)
    {
        var status = (int)response.StatusCode;
        var reply = new HospitalReply(
            status,
            ETag: response.Headers.TryGetValues("ETag", out var tags) ? tags.FirstOrDefault() : null,
            Location: (response.Headers.TryGetValues("Location", out var locations) ? locations.FirstOrDefault() : null)
                ?? (response.Content.Headers.TryGetValues("Content-Location", out var contents) ? contents.FirstOrDefault() : null),
            Date: response.Headers.Date);
        if (status is >= 300 and < 400)
        {
            return status == 304 ? reply : reply with { Fault = new(HospitalFaultKind.NotUsable, $"{method} {what}: answered {status}, a redirect, which is not followed") };
        }

        var (bytes, bodyFault) = await ReadBodyAsync(response.Content, cancel).ConfigureAwait(false);
        if (bodyFault is not null)
        {
            return reply with { Fault = new(HospitalFaultKind.NotUsable, $"{method} {what}: answered {status}, {bodyFault}") };
        }

        var mediaType = response.Content.Headers.ContentType?.MediaType;
        var isJson = mediaType is FhirJson or "application/json" or "text/json" or "application/json+fhir";
        if (status is >= 200 and < 300)
        {
            if (bytes.Length == 0)
            {
                // Some servers answer writes without a body; a read without one is no answer.
                return method == HttpMethod.Get ? reply with { Fault = new(HospitalFaultKind.NotUsable, $"{method} {what}: answered {status} without a body") } : reply;
            }

            if (!isJson)
            {
                return reply with { Fault = new(HospitalFaultKind.NotUsable, $"{method} {what}: answered {status} with {Printable(mediaType)} instead of FHIR JSON") };
            }

            if (!ResourceDocument.Parse(bytes, Limits).TryGet(out var document, out var failure))
            {
                return reply with { Fault = new(HospitalFaultKind.NotUsable, $"{method} {what}: answered {status}, but the body is not a FHIR resource ({failure.Issues[0].Code})") };
            }

            if (document.ResourceType == "OperationOutcome" && method == HttpMethod.Get)
            {
                return reply with { Body = document, Fault = new(HospitalFaultKind.NotUsable, $"{method} {what}: answered {status} with an OperationOutcome ({OutcomeCodes(document)})") };
            }

            return reply with { Body = document };
        }

        var outcome = isJson && bytes.Length > 0 && ResourceDocument.Parse(bytes, Limits).TryGet(out var found, out _) ? found : null;
        var codes = outcome is { ResourceType: "OperationOutcome" } ? " (" + OutcomeCodes(outcome) + ")" : "";
        reply = reply with { Body = outcome };
        return status switch
        {
            // Plain answers that the caller decides on. A 404 that is a proxy's error page rather than the FHIR server's is told apart by its type.
            404 when !isJson && bytes.Length > 0 && mediaType is "text/html" => reply with { Fault = new(HospitalFaultKind.NotUsable, $"{method} {what}: answered 404 with {mediaType}, which a FHIR server does not") },
            404 or 410 or 409 or 412 or 428 => reply,
            401 or 403 => reply with { Fault = new(HospitalFaultKind.NotAllowed, $"{method} {what}: answered {status}, access is refused{codes}") },
            408 or 425 or 429 or >= 500 => reply with { Fault = new(HospitalFaultKind.Busy, $"{method} {what}: answered {status}{codes}") },
            _ => reply with { Fault = new(HospitalFaultKind.Refused, $"{method} {what}: answered {status}{codes}") },
        };
    }

    private async Task<(ReadOnlyMemory<byte> Bytes, string? Fault)> ReadBodyAsync(HttpContent content, CancellationToken cancel)
    {
        var announced = content.Headers.ContentLength;
        if (announced > options.MaxResponseBytes)
        {
            return (default, $"with {announced} bytes, more than the {options.MaxResponseBytes} that are read");
        }

        var stream = await content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
        await using var _ = stream.ConfigureAwait(false);
        var buffer = new ArrayBufferWriter<byte>(announced is { } length and > 0 ? (int)length : 16 * 1024);
        while (true)
        {
            var read = await stream.ReadAsync(buffer.GetMemory(16 * 1024), cancel).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            buffer.Advance(read);
            if (buffer.WrittenCount > options.MaxResponseBytes)
            {
                return (default, $"with more than the {options.MaxResponseBytes} bytes that are read");
            }
        }

        return announced is { } promised && promised != buffer.WrittenCount && content.Headers.ContentEncoding.Count == 0
            ? (default, $"cut short: {buffer.WrittenCount} of {promised} bytes")
            : (buffer.WrittenMemory, null);
    }

    private DocumentLimits Limits => DocumentLimits.Default with { MaxBytes = options.MaxResponseBytes };

    private static HospitalReply NoAnswer(string what) => new(0, Fault: new(HospitalFaultKind.NoAnswer, what));

    /// <summary>The issue codes only: texts of a foreign server may quote patient data.</summary>
    private static string OutcomeCodes(ResourceDocument outcome)
    {
        var codes = new List<string>();
        foreach (var issue in outcome.Root.ChildrenOf("issue"))
        {
            codes.Add(Printable(issue.Child("severity").Text) + "/" + Printable(issue.Child("code").Text));
        }

        return codes.Count == 0 ? "no issue" : string.Join(", ", codes.Distinct(StringComparer.Ordinal).Take(3));
    }

    /// <summary>A short word of the other side, made safe for a log line.</summary>
    private static string Printable(string? text)
        => text is null ? "nothing" : new string([.. text.Where(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '+' or '.').Take(40)]);

    private static string Describe(HttpRequestException error) => error.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => "the host name is not known",
        HttpRequestError.ConnectionError => "no connection",
        HttpRequestError.SecureConnectionError => "no trusted TLS connection",
        HttpRequestError.ResponseEnded => "the connection was lost while the answer came",
        HttpRequestError.InvalidResponse => "the answer is not HTTP",
        _ => "the request failed (" + error.HttpRequestError + ")",
    };

    private static Uri WithSlash(Uri uri) => uri.AbsoluteUri.EndsWith('/') ? uri : new Uri(uri.AbsoluteUri + "/");
}
