using System.Net.Http.Headers;
using AtcFhir.Validation.Conformance;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace AtcFhir.Validation.Terminology.Remote;

/// <summary>
/// A FHIR terminology server as a careful client: asks in batches, remembers answers, and believes only what is an answer. It never throws for what the server
/// does; what has no answer says why. Repeating, time limits and the circuit breaker are the resilience handler's work.
/// <see href="https://hl7.org/fhir/R4/terminology-service.html"/>
/// </summary>
public sealed class TerminologyServer
{
    private const string FhirJson = "application/fhir+json";

    private const int MaxBytes = 16 * 1024 * 1024;

    private readonly HttpClient http;
    private readonly TerminologyServerOptions options;
    private readonly AnswerCache cache;
    private readonly Uri address;

    internal TerminologyServer(HttpClient http, TerminologyServerOptions options, TimeProvider time)
    {
        (this.http, this.options, cache) = (http, options, new AnswerCache(options, time));
        address = options.Url ?? throw new InvalidOperationException("The terminology server has no URL.");
    }

    /// <summary>Questions about one resource.</summary>
    internal int MaxQuestions => options.MaxQuestions;

    /// <summary>An answer that was given before and is still believed.</summary>
    internal CodeAnswer? Known(CodeQuestion question) => cache.Find(question);

    /// <summary>An answer for every question; those of the cache are not asked again.</summary>
    public async ValueTask<IReadOnlyDictionary<CodeQuestion, CodeAnswer>> AskAsync(IReadOnlyCollection<CodeQuestion> questions, ConformanceSource source, CancellationToken cancel)
    {
        var answers = new Dictionary<CodeQuestion, CodeAnswer>();
        var open = new List<CodeQuestion>();
        foreach (var question in questions)
        {
            if (cache.Find(question) is { } known)
            {
                answers[question] = known;
            }
            else
            {
                open.Add(question);
            }
        }

        foreach (var batch in open.Chunk(options.BatchSize))
        {
            var (given, fault) = await SendAsync(BatchRequest.Write(batch, source), batch.Length, cancel).ConfigureAwait(false);
            for (var i = 0; i < batch.Length; i++)
            {
                answers[batch[i]] = given?[i] ?? new CodeAnswer(null, fault);
                if (given is not null)
                {
                    cache.Keep(batch[i], given[i]);
                }
            }
        }

        return answers;
    }

    private async Task<(IReadOnlyList<CodeAnswer>? Answers, string? Fault)> SendAsync(ReadOnlyMemory<byte> batch, int count, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(FhirJson));
        if (options.Token is { Length: > 0 } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        request.Content = new ReadOnlyMemoryContent(batch);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(FhirJson) { CharSet = "utf-8" };
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancel).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                return (null, $"the terminology server answered {(int)response.StatusCode}");
            }

            if (!IsJson(response))
            {
                return (null, $"the terminology server answered with {response.Content.Headers.ContentType?.MediaType ?? "no media type"} instead of FHIR JSON");
            }

            var answers = BatchReply.Read(await response.Content.ReadAsByteArrayAsync(cancel).ConfigureAwait(false), count);
            return answers is null ? (null, "the terminology server gave no answer to the batch") : (answers, null);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return (null, "the terminology server did not answer in time");
        }
        catch (TimeoutRejectedException)
        {
            return (null, "the terminology server did not answer in time");
        }
        catch (BrokenCircuitException)
        {
            return (null, "the terminology server was not asked: it failed too often a moment ago");
        }
        catch (HttpRequestException)
        {
            return (null, "the terminology server cannot be reached");
        }
    }

    /// <summary>A page of a proxy is no answer, whatever its status.</summary>
    internal static bool IsJson(HttpResponseMessage response)
        => response.Content.Headers.ContentType?.MediaType is { } type && (type.EndsWith("json", StringComparison.OrdinalIgnoreCase) || type.EndsWith("json+fhir", StringComparison.OrdinalIgnoreCase));

    /// <summary>The largest answer that is read.</summary>
    internal static int MaxResponseBytes => MaxBytes;
}
