using AtcFhir.R4.Documents;
using AtcFhir.Store;
using AtcFhir.Store.Records;
using AtcFhir.Store.Side;
using AtcFhir.Sync.Ledger;
using AtcFhir.Trial.Concepts;

namespace AtcFhir.Sync;

/// <summary>Opens the trial's store the same way for everybody who writes to it: with the records of the concepts and the tables of the sync.</summary>
public static class TrialStore
{
    /// <summary>Where it lies when nobody says otherwise.</summary>
    public const string UsualConnectionString = "Data Source=data/trial.db";

    /// <param name="busyTimeout">How long to wait for a lock that somebody else holds.</param>
    /// <param name="publicUrl">How the outside reaches the server, without <c>/fhir</c>; references below it count as local.</param>
    /// <param name="more">Tables of other parts of the process in the same database.</param>
    public static IResourceStore Open(StoreEngine engine, string connectionString, TimeSpan busyTimeout, Uri? publicUrl, TimeProvider time, params IReadOnlyList<SideSchema> more)
        => ResourceStore.Open(Options(engine, connectionString, busyTimeout, publicUrl, time, more));

    /// <summary>For who looks at a store: where there is none, none is made.</summary>
    public static IResourceStore OpenExisting(StoreEngine engine, string connectionString, TimeSpan busyTimeout, Uri? publicUrl, TimeProvider time)
        => ResourceStore.Open(Options(engine, connectionString, busyTimeout, publicUrl, time, []) with { MustExist = true });

    private static StoreOptions Options(StoreEngine engine, string connectionString, TimeSpan busyTimeout, Uri? publicUrl, TimeProvider time, IReadOnlyList<SideSchema> more) => new()
    {
        Engine = engine,
        ConnectionString = connectionString,
        BusyTimeout = busyTimeout,
        BaseUrl = publicUrl is null ? null : new Uri(publicUrl, "/fhir"),
        Time = time,
        ExtractRecords = RecordsOf,
        SideSchemas = [SyncTables.Schema, .. more],
    };

    private static IReadOnlyList<RecordRow> RecordsOf(ResourceDocument document)
        => ConceptCatalog.Extract(document) is { } record ? [new RecordRow(record.Concept, record.Subject, record.Time?.ToDateTimeOffset(), record.ToJson())] : [];
}
