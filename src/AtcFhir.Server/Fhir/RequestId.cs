namespace AtcFhir.Server.Fhir;

/// <summary>The id that joins an answer, its log lines and its audit rows. <see href="https://hl7.org/fhir/R4/http.html#custom"/></summary>
internal static class RequestId
{
    public const string Header = "X-Request-Id";

    private const int MaxLength = 64;

    /// <summary>The client's id when it is harmless, otherwise one of our own.</summary>
    public static string Of(HttpContext http)
        => http.Request.Headers[Header].ToString() is { Length: > 0 and <= MaxLength } given && given.All(IsHarmless) ? given : http.TraceIdentifier;

    private static bool IsHarmless(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or ':';
}
