using System.Diagnostics;
using System.Text;
using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using AtcFhir.Store;

namespace AtcFhir.Server.Fhir;

/// <summary>
/// HTTP on one side, <see cref="FhirRequest"/> and <see cref="FhirResponse"/> on the other: finds the route, asks who is there, reads the body,
/// calls the handler, writes the answer. The same for every interaction. <see href="https://hl7.org/fhir/R4/http.html"/>
/// </summary>
internal sealed class FhirHttp(FhirEndpoint endpoint, Admission admission, FhirMetrics metrics, ILogger<FhirHttp> logger)
{
    /// <summary>Of path and query; longer searches go by POST. Kestrel itself refuses a request line that is four times as long.</summary>
    public const int MostUrlCharacters = 32 * 1024;

    /// <summary>Of names and values of all headers together. Kestrel itself refuses four times as many.</summary>
    public const int MostHeaderCharacters = 32 * 1024;

    public async Task Invoke(HttpContext http)
    {
        var started = Stopwatch.GetTimestamp();
        var requestId = RequestId.Of(http);
        http.Response.Headers[RequestId.Header] = requestId;
        var query = QueryParameters.Parse(http.Request.QueryString.Value);
        var method = HttpMethods.IsHead(http.Request.Method) ? HttpMethods.Get : http.Request.Method;
        var match = endpoint.Find(http.Request.Method, SegmentsOf(http.Request.Path.Value.AsSpan(endpoint.BasePath.Length)));
        var isNative = BinaryContent.IsAskedFor(match, http.Request.Headers.Accept, query);
        var presented = isNative || match.Route is { AnswersOtherwise: true } ? Presentation.Json : Presentation.Of(http.Request.Headers.Accept, query, SentBy(http.Request));
        var presentation = presented.Succeeded ? presented.Value : Presentation.Json;
        using var share = admission.Begin();
        FhirResponse answer;
        try
        {
            answer = presented.Failure is { } notAcceptable ? Outcomes.Of(notAcceptable) : await Answer(http, share, match, method, requestId, query, presentation);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return; // nobody is there to answer
        }
        catch (BadHttpRequestException broken)
        {
            answer = Outcomes.Of(broken.StatusCode, [Broken(broken.StatusCode)]);
        }
        catch (StoreUnavailableException away)
        {
            answer = Outcomes.Of(new Failure(FailureKind.Busy, IssueCode.Transient, away.Message));
        }
#pragma warning disable CA1031 // the one place that meets every exception of a handler
        catch (Exception unexpected)
#pragma warning restore CA1031
        {
            answer = Unexpected(requestId, unexpected);
        }

        try
        {
            var shown = endpoint.Persona.Hide(answer);
            await FhirWriter.Write(http, isNative ? BinaryContent.Unwrap(shown) : shown, answer.Presentation ?? presentation);
        }
#pragma warning disable CA1031 // what was stored unseen may not fit the form that is asked for
        catch (Exception unexpected) when (!http.Response.HasStarted && unexpected is not OperationCanceledException)
#pragma warning restore CA1031
        {
            answer = Unexpected(requestId, unexpected);
            await FhirWriter.Write(http, answer, Presentation.Json);
        }

        metrics.Count(endpoint.BasePath, match.Route?.Interaction ?? "none", answer.Status, Stopwatch.GetElapsedTime(started));
    }

    private static Issue Broken(int status) => status switch
    {
        StatusCodes.Status408RequestTimeout => Issue.Error(IssueCode.Timeout, "The body of the request comes too slowly."),
        StatusCodes.Status413PayloadTooLarge => Issue.Error(IssueCode.TooLong, "The request is too large."),
        _ => Issue.Error(IssueCode.Invalid, "The HTTP request is broken: its body is not what its headers say."),
    };

    /// <summary>The exception's text may quote what was sent; its type and place have to do for the log.</summary>
    private FhirResponse Unexpected(string requestId, Exception unexpected)
    {
        logger.LogError("Request {RequestId} failed: {Exception} at {Place}", requestId, unexpected.GetType().FullName, unexpected.StackTrace);
        return Outcomes.Unexpected(requestId);
    }

    private async ValueTask<FhirResponse> Answer(
        HttpContext http,
        Admission.Share share,
        RouteMatch match,
        string method,
        string requestId,
        IReadOnlyList<KeyValuePair<string, string>> query,
        Presentation presentation)
    {
        if (http.Request.Path.Value!.Length + http.Request.QueryString.Value!.Length > MostUrlCharacters)
        {
            return Outcomes.Of(StatusCodes.Status414UriTooLong, [Issue.Error(IssueCode.TooLong, $"The URL has more than {MostUrlCharacters} characters; a long search goes by POST to _search.")]);
        }

        if (CharactersOf(http.Request.Headers) > MostHeaderCharacters)
        {
            return Outcomes.Of(StatusCodes.Status431RequestHeaderFieldsTooLarge, [Issue.Error(IssueCode.TooLong, $"The headers have more than {MostHeaderCharacters} characters.")]);
        }

        if (match.Values.Type is { } type && !endpoint.Serves(type))
        {
            return Outcomes.UnknownType(type);
        }

        if (match.Route is not { } route)
        {
            return HttpMethods.IsOptions(method) && match.Allow is not null
                ? new FhirResponse(StatusCodes.Status204NoContent) { Allow = match.Allow }
                : Outcomes.NoRoute(http.Request.Method, match.Allow);
        }

        var who = route.IsPublic ? Access.Nobody : await endpoint.Access.Identify(http);
        if (!who.TryGet(out var access, out var unknown))
        {
            return Outcomes.Of(unknown);
        }

        var body = ReadOnlyMemory<byte>.Empty;

        // What of a Bundle is stored is copied out, so its own bytes are free again as soon as it is answered. The length that is said is the length that comes.
        // Not when the answer comes before the work: the bytes are still read then.
        var isPooled = route.Interaction == "transaction" && http.Request.ContentLength >= FhirBody.Large && !Prefer.Of(http.Request.Headers["Prefer"]).Async;
        if (method != HttpMethods.Get && !route.TakesStream && !(await FhirBody.Read(http.Request, endpoint.Limits.MaxBytes, isPooled, share, http.RequestAborted)).TryGet(out body, out var tooLarge))
        {
            return Outcomes.Of(tooLarge);
        }

        // Only now: who sends slowly holds its bytes, but nobody's place.
        if ((MayBeLarge(route.Interaction) && !share.HasRoom) || !share.TryWork())
        {
            return Outcomes.Of(Admission.Full);
        }

        var isForm = IsForm(http.Request, route);
        if (isForm)
        {
            query = [.. query, .. QueryParameters.Parse(Encoding.UTF8.GetString(body.Span))];
            body = ReadOnlyMemory<byte>.Empty;
            if (!Presentation.Of(http.Request.Headers.Accept, query).TryGet(out var ofForm, out var unclear))
            {
                return Outcomes.Of(unclear);
            }

            presentation = ofForm;
        }

        var contentType = http.Request.ContentType;
        if (BinaryContent.IsSent(match, contentType))
        {
            body = BinaryContent.Wrap(match.Values.Id, contentType!, body, http.Request.Headers["X-Security-Context"]);
            contentType = MediaType.Json;
        }

        // Of a request that is given up the writer may still read the bytes: those are the collector's.
        var answer = await route.Handler(endpoint, access, RequestOf(http.Request, method, match.Values, requestId, query, presentation, body) with { ContentType = contentType, Stream = route.TakesStream ? http.Request.Body : null }, http.RequestAborted);
        if (isPooled)
        {
            FhirBody.Return(body);
        }

        if (isForm)
        {
            answer = answer with { Presentation = presentation };
        }

        if (endpoint.Uploads is { } uploads && (FhirRoute.Writes(route.Interaction) || route.Interaction == "transaction") && answer.Status < 400 && (match.Values.Type is not { } written || UploadedConformance.Follows(written)))
        {
            await Follow(uploads, http.RequestAborted);
        }

        if (answer.Body.Length == 0 || share.TryHold(answer.Body.Length))
        {
            return answer;
        }

        if (!Changes(method, route.Interaction))
        {
            return Outcomes.Of(Admission.Full);
        }

        share.Hold(answer.Body.Length);
        return answer;
    }

    private static int CharactersOf(IHeaderDictionary headers)
    {
        var characters = 0;
        foreach (var (name, values) in headers)
        {
            foreach (var value in values)
            {
                characters += name.Length + (value?.Length ?? 0);
            }
        }

        return characters;
    }

    private static Format SentBy(HttpRequest http)
        => !HttpMethods.IsGet(http.Method) && http.ContentType is { } type && MediaType.FormatOf(MediaType.NameOf(type)) is { } format ? format : Format.Json;

    /// <summary>A search whose parameters come in the body: they are as good as those of the URL, those about the form of the answer too.</summary>
    private static bool IsForm(HttpRequest http, FhirRoute route)
        => HttpMethods.IsPost(http.Method) && route.Interaction.StartsWith("search-", StringComparison.Ordinal) && http.ContentType is { } type && MediaType.NameOf(type) == MediaType.Form;

    private static bool MayBeLarge(string interaction) => interaction is "$everything" || interaction.StartsWith("search-", StringComparison.Ordinal) || interaction.StartsWith("history-", StringComparison.Ordinal);

    /// <summary>Whether sending it again would do something again: then it is answered whatever memory there is. A search by POST is no such thing.</summary>
    private static bool Changes(string method, string interaction) => method != HttpMethods.Get && interaction is not ("search-type" or "search-system" or "$everything" or "$diff" or "$meta");

    /// <summary>What was written is written: a database that goes away now does not make a failure of it, and UploadRefresh looks again.</summary>
    private static async ValueTask Follow(UploadedConformance uploads, CancellationToken cancel)
    {
        try
        {
            await uploads.Refresh(cancel);
        }
        catch (StoreUnavailableException)
        {
        }
    }

    private FhirRequest RequestOf(
        HttpRequest http,
        string method,
        RouteValues route,
        string requestId,
        IReadOnlyList<KeyValuePair<string, string>> query,
        Presentation presentation,
        ReadOnlyMemory<byte> body) => new()
        {
            Method = method,
            IsHead = HttpMethods.IsHead(http.Method),
            Route = route,
            Query = query,
            BaseUrl = endpoint.BaseUrlOf(http),
            Presentation = presentation,
            Prefer = Prefer.Of(http.Headers["Prefer"]),
            IfMatch = http.Headers.IfMatch,
            IfNoneMatch = http.Headers.IfNoneMatch,
            IfModifiedSince = http.Headers.IfModifiedSince,
            IfNoneExist = http.Headers["If-None-Exist"],
            Hospital = http.Headers["X-Hospital"] is { Count: > 0 } hospital ? hospital.ToString() : null,
            Body = body,
            RequestId = requestId,
        };

    private static List<string> SegmentsOf(ReadOnlySpan<char> path)
    {
        var segments = new List<string>(4);
        foreach (var range in path.Split('/'))
        {
            if (!path[range].IsEmpty)
            {
                segments.Add(path[range].ToString());
            }
        }

        return segments;
    }
}
