namespace AtcFhir.Server.Bulk;

internal enum JobKind
{
    Export,
    Import,
    /// <summary>Any other request with <c>Prefer: respond-async</c>.</summary>
    Request,
}

internal enum JobState
{
    Waiting,
    Done,
    Failed,
    Cancelled,
}

/// <summary>
/// A job as it lies on the disk between two steps: what was asked, and how far it came. Exports and imports go on from there after a restart.
/// <see href="https://hl7.org/fhir/uv/bulkdata/STU2/export.html"/>
/// </summary>
internal sealed record BulkJob
{
    public required string Id { get; init; }

    public required JobKind Kind { get; init; }

    /// <summary>Who asked; nobody else sees the job.</summary>
    public required string Actor { get; init; }

    public required string RequestId { get; init; }

    /// <summary>The URL of the kick-off request.</summary>
    public required string Request { get; init; }

    public required string BaseUrl { get; init; }

    public required DateTimeOffset TransactionTime { get; init; }

    public JobState State { get; init; }

    /// <summary>Of a finished job: when its files go.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Why it failed, for a person.</summary>
    public string? Failure { get; init; }

    /// <summary>Of a request that was refused: what it was answered.</summary>
    public JobRefusal? Refusal { get; init; }

    public ExportOrder? Export { get; init; }

    public ImportProgress? Import { get; init; }

    /// <summary>Resources that were dealt with.</summary>
    public long Count { get; init; }

    public IReadOnlyList<BulkFile> Output { get; init; } = [];

    public IReadOnlyList<BulkFile> Deleted { get; init; } = [];

    public IReadOnlyList<BulkFile> Errors { get; init; } = [];
}

/// <summary>One file of a job. Bytes behind <paramref name="Bytes"/> were written by a step that did not end, and are cut off.</summary>
/// <param name="Type">Of the resources in it.</param>
internal sealed record BulkFile(string Type, string Name, long Count, long Bytes);

/// <summary>What an export is of, and where it stands.</summary>
/// <param name="Seq">The place in the feed that it shows.</param>
/// <param name="Types">In the order of export.</param>
/// <param name="Filters">_typeFilter, a query a line: "Observation?code=…".</param>
/// <param name="Scope">"", "Patient", or "Group/1".</param>
/// <param name="Patients">Of a group: its members.</param>
/// <param name="TypeIndex">The type that is being exported; behind the last one come the changes since the start, then deletions.</param>
/// <param name="LeftOut">Parameters of the request that are not served; the manifest leads to the reason.</param>
internal sealed record ExportOrder(
    long Seq,
    IReadOnlyList<string> Types,
    DateTimeOffset? Since,
    IReadOnlyList<string> Filters,
    IReadOnlyList<string> Elements,
    string Scope,
    IReadOnlyList<string>? Patients,
    int TypeIndex = 0,
    string? Cursor = null,
    IReadOnlyList<string>? LeftOut = null);

/// <param name="Outcome">The OperationOutcome as JSON.</param>
internal sealed record JobRefusal(int Status, string Outcome);

/// <param name="Offset">Bytes of the input that are done.</param>
/// <param name="Lines">Lines that are done.</param>
internal sealed record ImportProgress(long Offset, long Lines, long Failed);
