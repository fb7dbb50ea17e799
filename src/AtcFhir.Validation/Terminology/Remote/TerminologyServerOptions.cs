namespace AtcFhir.Validation.Terminology.Remote;

/// <summary>A terminology server to ask about codes that are not known here. Without a URL nobody is asked.</summary>
public sealed class TerminologyServerOptions
{
    /// <summary>The FHIR R4 base, such as <c>https://tx.fhir.org/r4</c>. It learns codes and value sets, nothing else of a resource.</summary>
    public Uri? Url { get; set; }

    /// <summary>A bearer token, where one is needed.</summary>
    public string? Token { get; set; }

    /// <summary>Seconds that one request may take; a request is tried twice.</summary>
    public double TimeoutSeconds { get; set; } = 10;

    /// <summary>Questions in one request.</summary>
    public int BatchSize { get; set; } = 100;

    /// <summary>Questions about one resource; the codes beyond them are not checked. A ValueSet can list a hundred thousand.</summary>
    public int MaxQuestions { get; set; } = 5_000;

    /// <summary>Hours for which an answer is believed.</summary>
    public double CacheHours { get; set; } = 24;

    /// <summary>Answers that are kept.</summary>
    public int CacheSize { get; set; } = 50_000;

    /// <summary>Failed requests within a minute after which nobody is asked for a while.</summary>
    public int BreakAfter { get; set; } = 4;

    /// <summary>How long that while is, in seconds.</summary>
    public double BreakSeconds { get; set; } = 30;

    /// <summary>What is wrong with these settings, or null.</summary>
    public string? Problem => Url switch
    {
        null => null,
        not { IsAbsoluteUri: true, Scheme: "http" or "https", Query: "", Fragment: "" } => "the URL has to be absolute, http or https, without query",
        _ when TimeoutSeconds is <= 0 or > 600 || BreakSeconds is < 0.5 or > 86_400 => "the times have to be positive",
        _ when BatchSize is < 1 or > 1000 || MaxQuestions < 1 || CacheHours < 0 || CacheSize < 0 || BreakAfter < 2 => "batch size has to lie between 1 and 1000, at least one question has to be allowed, the others may not be negative, and one failure alone breaks nothing",
        _ => null,
    };
}
