namespace AtcFhir.Store;

/// <summary>Who writes, on whose request and why; never patient data beyond the surrogate.</summary>
/// <param name="Actor">"sync:default", "client:abc", "cli".</param>
/// <param name="Action">"update", "pull", "intake", "enroll": the doer's word.</param>
/// <param name="RequestId">X-Request-Id or the sync's idempotency key.</param>
/// <param name="Patient">The pseudonymous surrogate that it concerns.</param>
/// <param name="Hospital">The hospital's configured name, for what came from there or went there.</param>
public sealed record AuditEntry(string Actor, string Action, string RequestId, string? Why = null, string? Patient = null, string? Hospital = null);

/// <summary>
/// One row of the audit chain: <see cref="Hash"/> covers all other fields and <see cref="PrevHash"/>, so no row can be changed or taken out unnoticed.
/// </summary>
/// <param name="HashBefore">SHA-256 of the body that was replaced; null when there was none.</param>
/// <param name="HashAfter">SHA-256 of the body that was written; null of a deletion.</param>
public sealed record AuditRow(
    long Number,
    DateTimeOffset At,
    AuditEntry Entry,
    string Type,
    string Id,
    string VersionId,
    ReadOnlyMemory<byte>? HashBefore,
    ReadOnlyMemory<byte>? HashAfter,
    ReadOnlyMemory<byte> PrevHash,
    ReadOnlyMemory<byte> Hash);

/// <param name="Type">Together with <paramref name="Id"/>: of one resource only.</param>
public sealed record AuditQuery(long AfterNumber = 0, int Limit = 1000, string? Type = null, string? Id = null, string? Patient = null);
