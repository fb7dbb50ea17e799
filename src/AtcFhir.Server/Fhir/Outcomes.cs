using AtcFhir.R4.Outcomes;

namespace AtcFhir.Server.Fhir;

/// <summary>
/// The one place where what went wrong becomes a status and an OperationOutcome: expected failures by their kind, unhandled exceptions as 500
/// without their text, which may hold patient data. <see href="https://hl7.org/fhir/R4/http.html#Status-Codes"/>
/// </summary>
internal static class Outcomes
{
    public static FhirResponse Of(Failure failure) => Of(StatusOf(failure.Kind), failure.Issues);

    public static FhirResponse Of(int status, IReadOnlyList<Issue> issues)
        => new(status) { Body = OperationOutcomeJson.ToUtf8(issues), Issues = issues };

    public static FhirResponse Of(FailureKind kind, string code, string text) => Of(new Failure(kind, code, text));

    /// <summary>A 200 whose body is the outcome itself, as $validate gives it.</summary>
    public static FhirResponse Report(IReadOnlyList<Issue> issues) => Of(StatusCodes.Status200OK, issues);

    /// <summary>The answer to an exception that nobody expected: the request id leads to the log entry.</summary>
    public static FhirResponse Unexpected(string requestId) => Of(
        StatusCodes.Status500InternalServerError,
        [new Issue(IssueSeverity.Fatal, IssueCode.Exception, $"The server met an unexpected condition. Its log names it under request id {requestId}.")]);

    public static FhirResponse UnknownType(string type)
        => Of(FailureKind.NotFound, IssueCode.NotSupported, $"Resource type {type} is not served.");

    /// <summary>No such path or operation, or a path that does not serve the method; not-found is said of resources only.</summary>
    public static FhirResponse NoRoute(string method, string? allow) => allow is null
        ? Of(FailureKind.NotFound, IssueCode.NotSupported, "There is nothing at this path.")
        : Of(FailureKind.NotAllowed, IssueCode.NotSupported, $"{method} is not served here; served are {allow}.") with { Allow = allow };

    public static int StatusOf(FailureKind kind) => kind switch
    {
        FailureKind.Malformed => StatusCodes.Status400BadRequest,
        FailureKind.Unauthenticated => StatusCodes.Status401Unauthorized,
        FailureKind.Forbidden => StatusCodes.Status403Forbidden,
        FailureKind.NotFound => StatusCodes.Status404NotFound,
        FailureKind.NotAllowed => StatusCodes.Status405MethodNotAllowed,
        FailureKind.NotAcceptable => StatusCodes.Status406NotAcceptable,
        FailureKind.Conflict => StatusCodes.Status409Conflict,
        FailureKind.Deleted => StatusCodes.Status410Gone,
        FailureKind.Precondition => StatusCodes.Status412PreconditionFailed,
        FailureKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
        FailureKind.UnsupportedMedia => StatusCodes.Status415UnsupportedMediaType,
        FailureKind.Unprocessable => StatusCodes.Status422UnprocessableEntity,
        FailureKind.Busy => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };
}
