using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Store.Extraction;
using AtcFhir.Store.Records;
using AtcFhir.Store.Search;
using AtcFhir.Store.Side;
using AtcFhir.Store.Sqlite.Maintenance;
using AtcFhir.Store.Values;
using AtcFhir.Store.Writing;
using Microsoft.Data.Sqlite;

namespace AtcFhir.Store.Sqlite;

/// <summary>The store on SQLite: one writer, readers on snapshots of the write-ahead log. Reads answer on the caller's thread; they take microseconds.</summary>
internal sealed class SqliteStore : IResourceStore, IStoreMaintenance
{
    private const int CatchUpLimit = 20;

    private readonly StoreOptions options;
    private readonly Names names = new();
    private readonly KnownNames knownNames;
    private readonly ConnectionPool readers;
    private readonly GroupWriter writer;
    private readonly CursorSigner cursors;
    private readonly SearchParameterRegistry parameters;
    private readonly Uuid7 ids;
    private volatile Indexing indexing;

    private SqliteStore(StoreOptions options, Connection connection)
    {
        this.options = options;
        knownNames = new KnownNames(names);
        parameters = options.SearchParameters ?? SearchParameterRegistry.R4;
        cursors = new CursorSigner(Settings.CursorKeyOf(connection, options.Entropy));
        indexing = Indexing.Of(names, parameters, Settings.CustomParameters(connection), cursors, options);
        ids = new Uuid7(options.Time, options.Entropy);
        readers = new ConnectionPool(() => OpenReader(options));
        writer = new GroupWriter(connection, names, options, (query, limit) => FindForWriter(connection, query, limit), readers.Rest);
    }

    public SearchParameterRegistry SearchParameters => indexing.Searchable;

    public IReadOnlyList<CustomSearchParameter> CustomParameters => indexing.Custom;

    public static SqliteStore Open(StoreOptions options)
    {
        try
        {
            return OpenFile(options);
        }
        catch (SqliteFailure e) when (e.IsTransient)
        {
            throw new StoreUnavailableException(e.Text, e);
        }
        catch (SqliteException e) when (SqliteFailure.IsUnavailable(e.SqliteErrorCode))
        {
            throw new StoreUnavailableException(SqliteFailure.TextOf(e.SqliteErrorCode), e);
        }
        catch (Exception e) when (e is SqliteFailure or SqliteException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new UnusableStoreException($"The database of Store:ConnectionString cannot be used: {e.Message}", e);
        }
    }

    private static SqliteStore OpenFile(StoreOptions options)
    {
        SQLitePCL.Batteries_V2.Init();
        // A connection is used by one thread at a time, so the library need not lock it around each of its calls. It takes this before its first use only.
        _ = SQLitePCL.raw.sqlite3_config(SQLitePCL.raw.SQLITE_CONFIG_MULTITHREAD);
        var file = new SqliteConnectionStringBuilder(options.ConnectionString).DataSource;
        if (options.MustExist && !File.Exists(file))
        {
            throw UnusableStoreException.NoStore(Path.GetFullPath(file));
        }

        if (Path.GetDirectoryName(file) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
        }

        var connection = Connection.Open(options.ConnectionString, options.BusyTimeout, options.Time, isWriter: true);
        try
        {
            if (options.MustExist && !Schema.IsThere(connection))
            {
                throw UnusableStoreException.NoStore(Path.GetFullPath(file));
            }

            Schema.Upgrade(connection, options.SideSchemas);
            connection.Execute("PRAGMA wal_autocheckpoint=16000; PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY");
            return new SqliteStore(options, connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public PreparedResource Prepare(ResourceDocument document, string? id = null)
    {
        var rows = indexing.Extractor.Extract(document);
        return new PreparedResource(document, id ?? NewId(), rows, RowCodec.Pack(rows, knownNames), options.ExtractRecords(document));
    }

    public async ValueTask Declare(IReadOnlyList<CustomSearchParameter> custom, CancellationToken cancel)
    {
        var fresh = Indexing.Of(names, parameters, custom, cursors, options);
        var saved = await writer.Commit(new WriteBatch([], null) { Statements = [Settings.SaveCustomParameters(custom)] }, cancel).ConfigureAwait(false);
        indexing = saved.Committed ? fresh : throw new InvalidOperationException("The search parameters cannot be saved: " + saved.Failure!.Issues[0].Text);
    }

    public async ValueTask<StoreReport> Check(CancellationToken cancel)
    {
        while (true)
        {
            await writer.CatchUp(cancel).ConfigureAwait(false);
            if (readers.Snapshot(reader => PendingIndex.IsBehind(reader) ? null : new StoreCheck(reader, names, indexing.Extractor, cancel).Run()) is { } report)
            {
                return report;
            }
        }
    }

    public ValueTask Backup(string file, CancellationToken cancel)
    {
        if (File.Exists(file))
        {
            throw new IOException($"{file} is there already.");
        }

        _ = readers.Read(reader => reader.Prepare("VACUUM INTO $1").Bind(1, file).Step());
        return ValueTask.CompletedTask;
    }

    public string NewId() => ids.Next();

    public ValueTask<CommitResult> Commit(WriteBatch batch, CancellationToken cancel) => writer.Commit(batch, cancel);

    public ValueTask<StoredResource?> Read(string type, string id, CancellationToken cancel)
        => new(readers.Read(reader => names.FindType(reader, type) is { } number ? ResourceReader.Current(reader, number, type, id) : null));

    public ValueTask<StoredResource?> ReadVersion(string type, string id, string versionId, CancellationToken cancel)
        => new(long.TryParse(versionId, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? readers.Read(reader => names.FindType(reader, type) is { } number ? ResourceReader.Version(reader, number, type, id, version) : null)
            : null);

    public ValueTask<Result<SearchPage>> Search(SearchQuery query, CancellationToken cancel)
        => Indexed(reader => indexing.Searches.Search(reader, query), cancel);

    public ValueTask<Result<bool>> Matches(SearchQuery query, StoredResource version, CancellationToken cancel)
        => Indexed(reader => indexing.Searches.Matches(reader, query, version), cancel);

    public ValueTask<Result<long>> Count(SearchQuery query, CancellationToken cancel)
        => Indexed(reader => indexing.Searches.Count(reader, query), cancel);

    public ValueTask<Result<HistoryPage>> History(HistoryQuery query, CancellationToken cancel)
        => new(Limited(reader => HistoryReader.History(reader, names, cursors, query)));

    public ValueTask<IReadOnlyList<StoredResource>> Changes(long afterSeq, ChangeFilter filter, int limit, CancellationToken cancel)
        => new(readers.Read(reader => HistoryReader.Changes(reader, names, afterSeq, filter, limit)));

    public ValueTask<long> LastSeq(CancellationToken cancel) => new(readers.Read(reader => reader.Scalar("SELECT max(seq) FROM ver")));

    public async ValueTask<Failure?> Probe(CancellationToken cancel)
    {
        try
        {
            _ = await LastSeq(cancel).ConfigureAwait(false);
            return writer.IsRefused ? (await writer.Commit(Settings.Probe, cancel).ConfigureAwait(false)).Failure : null;
        }
        catch (StoreUnavailableException away)
        {
            return new Failure(FailureKind.Busy, IssueCode.Transient, away.Message);
        }
    }

    public ValueTask<Result<IReadOnlyList<StoredResource>>> Labelled(string? type, CancellationToken cancel)
        => Indexed(reader => LabelReader.Read(reader, names, SearchParameters, type), cancel);

    public ValueTask<IReadOnlyDictionary<string, long>> Statistics(CancellationToken cancel) => new(readers.Read(StatisticsReader.Living));

    public ValueTask<RecordPage> Records(RecordQuery query, CancellationToken cancel) => new(readers.Read(reader => RecordReader.Read(reader, query)));

    public ValueTask<IReadOnlyDictionary<string, long>> RecordCounts(CancellationToken cancel) => new(readers.Read(RecordReader.Counts));

    public ValueTask<IReadOnlyList<AuditRow>> Audit(AuditQuery query, CancellationToken cancel) => new(readers.Read(reader => AuditReader.Read(reader, query)));

    public ValueTask<IReadOnlyList<SideRow>> Query(SideQuery query, CancellationToken cancel) => new(readers.Read(reader => SideExecutor.Query(reader, query)));

    public async ValueTask DisposeAsync()
    {
        await writer.DisposeAsync().ConfigureAwait(false);
        readers.Dispose();
    }

    /// <summary>Its cache holds the upper pages of all B-trees, also of a million resources; with the 2 MB that are usual each seek would copy them in again.</summary>
    private static Connection OpenReader(StoreOptions options)
    {
        var reader = Connection.Open(options.ConnectionString, options.BusyTimeout, options.Time);
        reader.Execute("PRAGMA cache_size=-8000");
        return reader;
    }

    /// <summary>Reads from a snapshot whose index is whole. Another process may be loading at the same time, so one catching up need not be enough.</summary>
    private async ValueTask<Result<T>> Indexed<T>(Func<Connection, Result<T>> read, CancellationToken cancel)
    {
        var behind = SearchFailure.Behind();
        for (var attempt = 0; attempt < CatchUpLimit; attempt++)
        {
            writer.IndexAtOnce();
            var result = Limited(reader => PendingIndex.IsBehind(reader) ? behind : read(reader));
            if (!ReferenceEquals(result.Failure, behind))
            {
                return result;
            }

            var caughtUp = await writer.CatchUp(cancel).ConfigureAwait(false);
            if (caughtUp.Failure is { } failure)
            {
                return failure;
            }
        }

        return behind;
    }

    /// <summary>Reads several statements from one snapshot; a read that takes too long is a failure, not an exception.</summary>
    private Result<T> Limited<T>(Func<Connection, Result<T>> read)
    {
        try
        {
            return readers.Snapshot(reader =>
            {
                reader.LimitTo(options.SearchTimeout);
                try
                {
                    return read(reader);
                }
                finally
                {
                    reader.LimitTo(null);
                }
            });
        }
        catch (SqliteFailure e) when (e.IsInterrupt)
        {
            return SearchFailure.TooCostly();
        }
    }

    private Result<StoredResource[]> FindForWriter(Connection connection, SearchQuery query, int limit)
    {
        connection.LimitTo(options.SearchTimeout);
        try
        {
            return indexing.Searches.Search(connection, query with { Count = limit, Total = SearchTotal.None, Cursor = null }).TryGet(out var page, out var failure)
                ? page.Matches.ToArray()
                : failure;
        }
        catch (SqliteFailure e) when (e.IsInterrupt)
        {
            return SearchFailure.TooCostly();
        }
        finally
        {
            connection.LimitTo(null);
        }
    }
}
