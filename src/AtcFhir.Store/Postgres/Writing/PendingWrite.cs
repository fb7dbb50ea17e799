using AtcFhir.Store.Records;
using AtcFhir.Store.Writing;

namespace AtcFhir.Store.Postgres.Writing;

/// <summary>A version that is decided and numbered, but not sent to the database yet.</summary>
/// <param name="Type">The number of the type.</param>
/// <param name="Before">The row of the resource as the database has it; null when there is none.</param>
/// <param name="FirstRecord">Number of the first of <paramref name="Records"/>; the others follow.</param>
internal sealed record PendingWrite(
    long Type, ResourceRow? Before, StoredResource Version, ResourceRow After, AuditRow Audit, IReadOnlyList<RecordRow> Records, long FirstRecord)
{
    /// <summary>What it adds to the number of living resources.</summary>
    public int Living => (After.IsDeleted ? 0 : 1) - (Before is null or { IsDeleted: true } ? 0 : 1);
}
