namespace AtcFhir.Store.Postgres.Writing;

/// <summary>
/// A transaction whose COMMIT was sent and not answered, and how to tell it from others: a database that crashes may give the number of a transaction that it lost to
/// the next one, so the number alone proves nothing.
/// </summary>
/// <param name="Number">Its number (xid8).</param>
/// <param name="Audited">Its last audit row, with the hash that only this row has; null when it wrote none.</param>
internal sealed record DoubtfulCommit(string Number, (long Row, byte[] Hash)? Audited);
