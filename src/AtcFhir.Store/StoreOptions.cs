using System.Security.Cryptography;
using AtcFhir.R4.Documents;
using AtcFhir.Store.Postgres;
using AtcFhir.Store.Records;
using AtcFhir.Store.Search;
using AtcFhir.Store.Side;
using AtcFhir.Store.Sqlite;

namespace AtcFhir.Store;

/// <summary>Random bytes into the span; injected, so that tests can repeat a run.</summary>
public delegate void Entropy(Span<byte> destination);

/// <summary>The database behind a store.</summary>
public enum StoreEngine
{
    /// <summary>A file; one process writes at a time, others wait.</summary>
    Sqlite,
    /// <summary>A PostgreSQL server, version 15 or later.</summary>
    Postgres,
}

/// <summary>How a store is opened.</summary>
public sealed record StoreOptions
{
    /// <summary>For the settings of programs, too.</summary>
    public static TimeSpan UsualBusyTimeout { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Where the data stands.</summary>
    public StoreEngine Engine { get; init; }

    /// <summary>
    /// SQLite: <c>Data Source=…</c>; the directory is made when it is absent. PostgreSQL: as Npgsql takes it, <c>Host=…;Database=…;Username=…</c>;
    /// a schema that <c>Search Path</c> names is made when it is absent, so that several stores can share a database.
    /// </summary>
    public required string ConnectionString { get; init; }

    /// <summary>When there is no store at that place, none is made: opening fails. For who looks at a store, and may have named the wrong place.</summary>
    public bool MustExist { get; init; }

    /// <summary>The FHIR base under which this store is served; absolute references below it are the same as relative ones.</summary>
    public Uri? BaseUrl { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public Entropy Entropy { get; init; } = RandomNumberGenerator.Fill;

    /// <summary>The search parameters; the official ones of R4 unless given.</summary>
    public SearchParameterRegistry? SearchParameters { get; init; }

    /// <summary>What a resource says about trial concepts; called once for each write. The default says nothing.</summary>
    public Func<ResourceDocument, IReadOnlyList<RecordRow>> ExtractRecords { get; init; } = static _ => [];

    /// <summary>Tables of other parts in the same database.</summary>
    public IReadOnlyList<SideSchema> SideSchemas { get; init; } = [];

    /// <summary>Batches that may wait for the writer; who comes later waits for a place.</summary>
    public int QueueLimit { get; init; } = 4096;

    /// <summary>Batches that share one transaction at most.</summary>
    public int GroupLimit { get; init; } = 512;

    /// <summary>How long to wait for another process that writes, or holds a lock.</summary>
    public TimeSpan BusyTimeout { get; init; } = UsualBusyTimeout;

    /// <summary>Connections that searches share as long as none is slow; PostgreSQL only, since SQLite reads on the caller's thread.</summary>
    public int Readers { get; init; } = 2 * Environment.ProcessorCount;

    /// <summary>Connections that search at the same time at most.</summary>
    public int ReaderLimit { get; init; } = 16;

    /// <summary>A search that works longer ends as too costly.</summary>
    public TimeSpan SearchTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Called between the steps of the writer; a test throws here what a crash would be.</summary>
    internal Action<string> Checkpoint { get; init; } = static _ => { };
}

/// <summary>Opens stores.</summary>
public static class ResourceStore
{
    /// <summary>Opens the database, brings its schema up to date and starts the writer.</summary>
    /// <exception cref="StoreUnavailableException">It is away, locked, full or read-only: the same call may work later.</exception>
    /// <exception cref="UnusableStoreException">It cannot be used as it is configured.</exception>
    public static IResourceStore Open(StoreOptions options) => options.Engine == StoreEngine.Postgres ? PostgresStore.Open(options) : SqliteStore.Open(options);
}
