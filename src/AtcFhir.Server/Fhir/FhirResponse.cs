using AtcFhir.R4.Outcomes;

namespace AtcFhir.Server.Fhir;

/// <summary>The answer to one interaction, before it is written to the wire or into a response bundle. The body is FHIR JSON.</summary>
internal sealed record FhirResponse(int Status)
{
    /// <summary>One resource as JSON; empty for none.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Becomes ETag W/"…".</summary>
    public string? VersionId { get; init; }

    public DateTimeOffset? LastModified { get; init; }

    /// <summary>Absolute URL of the version that was written.</summary>
    public string? Location { get; init; }

    /// <summary>Of a 405 and of OPTIONS: the methods that are served.</summary>
    public string? Allow { get; init; }

    /// <summary>True when the body holds a resource as it is stored, so that _summary and _elements apply.</summary>
    public bool IsResource { get; init; }

    /// <summary>True when the body is the outcome of a write that Prefer asks for instead of the resource; in a response bundle it becomes entry.response.outcome.</summary>
    public bool IsOutcome { get; init; }

    /// <summary>Further headers of the answer.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>A file that is sent instead of <see cref="Body"/>, as it lies on the disk.</summary>
    public string? File { get; init; }

    /// <summary>Of a body that is not FHIR, or a file; null for FHIR in the form that was asked for.</summary>
    public string? ContentType { get; init; }

    /// <summary>The form that the body of a POST _search asks for; null for that of the URL and the headers.</summary>
    public Presentation? Presentation { get; init; }

    /// <summary>What a failed or remarkable interaction has to say; in a response bundle it becomes entry.response.outcome.</summary>
    public IReadOnlyList<Issue> Issues { get; init; } = [];

    public bool Succeeded => Status < 400;
}
