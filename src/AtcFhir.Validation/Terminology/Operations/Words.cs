namespace AtcFhir.Validation.Terminology.Operations;

/// <summary>The words of a concept: which to show, which to accept.</summary>
internal static class Words
{
    private const string Languages = "urn:ietf:bcp:47";

    /// <summary>In the language where there is a word in it, otherwise as the definition says it.</summary>
    public static string? Display(string? display, IReadOnlyList<Designation> designations, string? language)
        => language is null ? display : (designations.FirstOrDefault(word => word.IsIn(language))?.Value ?? display);

    /// <summary>Case and white space around it do not matter.</summary>
    public static bool IsOne(string asked, string? display, IReadOnlyList<Designation> designations)
        => Same(asked, display) || designations.Any(word => Same(asked, word.Value));

    /// <summary>Does the token (a language, or the use as system|code) ask for this word?</summary>
    public static bool IsAskedFor(Designation word, string token)
    {
        var bar = token.IndexOf('|', StringComparison.Ordinal);
        var (system, code) = bar < 0 ? (null, token) : (token[..bar], token[(bar + 1)..]);
        return (system is null or "" or Languages && word.IsIn(code)) || (word.Use is { } use && use.Code == code && (string.IsNullOrEmpty(system) || use.System == system));
    }

    private static bool Same(string asked, string? word) => word is not null && string.Equals(asked.Trim(), word.Trim(), StringComparison.OrdinalIgnoreCase);
}
