using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Store.Extraction;
using AtcFhir.Store.Postgres.Writing;
using AtcFhir.Store.Records;
using AtcFhir.Store.Search;
using AtcFhir.Store.Side;
using AtcFhir.Store.Sqlite;
using AtcFhir.Store.Sqlite.Maintenance;
using AtcFhir.Store.Values;
using AtcFhir.Store.Writing;
using Npgsql;

namespace AtcFhir.Store.Postgres;

/// <summary>The store on PostgreSQL 15 or later: one writer a process, readers on threads and connections of their own.</summary>
internal sealed class PostgresStore : IResourceStore, IStoreMaintenance
{
    private readonly StoreOptions options;
    private readonly Names names = new();
    private readonly KnownNames knownNames;
    private readonly PgReaders readers;
    private readonly PgPointReads pointReads;
    private readonly PgGroupWriter writer;
    private readonly CursorSigner cursors;
    private readonly SearchParameterRegistry parameters;
    private readonly Uuid7 ids;
    private volatile Indexing indexing;

    private PostgresStore(StoreOptions options, byte[] cursorKey, IReadOnlyList<CustomSearchParameter> custom)
    {
        this.options = options;
        knownNames = new KnownNames(names);
        parameters = options.SearchParameters ?? SearchParameterRegistry.R4;
        cursors = new CursorSigner(cursorKey);
        indexing = Indexing.Of(names, parameters, custom, cursors, options);
        ids = new Uuid7(options.Time, options.Entropy);
        readers = new PgReaders(Connect, Math.Min(options.Readers, options.ReaderLimit), options.ReaderLimit);
        pointReads = new PgPointReads(Connect, names);
        writer = new PgGroupWriter(options, names, Connect, FindForWriter);
    }

    public SearchParameterRegistry SearchParameters => indexing.Searchable;

    public IReadOnlyList<CustomSearchParameter> CustomParameters => indexing.Custom;

    public static PostgresStore Open(StoreOptions options)
    {
        try
        {
            using var session = PgSession.Open(options.ConnectionString, options.BusyTimeout, options.Time);
            if (options.MustExist && !PgSchema.IsThere(session))
            {
                throw UnusableStoreException.NoStore($"the database {session.Connection.Database} of {session.Connection.Host}");
            }

            PgSchema.Upgrade(session, options.SideSchemas);
            return new PostgresStore(options, Settings.CursorKeyOf(session, options.Entropy), Settings.CustomParameters(session));
        }
        catch (Exception e) when (PgFailure.IsUnavailable(e))
        {
            throw new StoreUnavailableException($"PostgreSQL cannot be reached or is busy: {e.Message.TrimEnd('.')}.", e);
        }
        catch (Exception e) when (e is PostgresException or ArgumentException)
        {
            throw new UnusableStoreException($"PostgreSQL cannot be used as Store:ConnectionString says: {(e as PostgresException)?.MessageText ?? e.Message}", e);
        }
    }

    public PreparedResource Prepare(ResourceDocument document, string? id = null)
    {
        var rows = indexing.Extractor.Extract(document);
        return new PreparedResource(document, id ?? NewId(), rows, RowCodec.Pack(rows, knownNames), options.ExtractRecords(document));
    }

    public string NewId() => ids.Next();

    public ValueTask<CommitResult> Commit(WriteBatch batch, CancellationToken cancel) => writer.Commit(batch, cancel);

    public async ValueTask Declare(IReadOnlyList<CustomSearchParameter> custom, CancellationToken cancel)
    {
        var fresh = Indexing.Of(names, parameters, custom, cursors, options);
        var saved = await writer.Commit(new WriteBatch([], null) { Statements = [Settings.SaveCustomParameters(custom)] }, cancel).ConfigureAwait(false);
        indexing = saved.Committed ? fresh : throw new InvalidOperationException("The search parameters cannot be saved: " + saved.Failure!.Issues[0].Text);
    }

    public async ValueTask<StoreReport> Check(CancellationToken cancel)
        => await readers.Snapshot(reader => new StoreCheck(reader, names, indexing.Extractor, cancel).Run(), Timeout.InfiniteTimeSpan, cancel).ConfigureAwait(false);

    /// <summary>Not here: pg_dump copies a PostgreSQL database better than we could.</summary>
    public ValueTask Backup(string file, CancellationToken cancel) => throw new NotSupportedException("Take pg_dump for a backup of PostgreSQL.");

    public ValueTask<StoredResource?> Read(string type, string id, CancellationToken cancel) => new(pointReads.Read(type, id, cancel));

    public async ValueTask<StoredResource?> ReadVersion(string type, string id, string versionId, CancellationToken cancel)
        => long.TryParse(versionId, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? await readers.Read(reader => names.FindType(reader, type) is { } number ? ResourceReader.Version(reader, number, type, id, version) : null, cancel).ConfigureAwait(false)
            : null;

    public ValueTask<Result<SearchPage>> Search(SearchQuery query, CancellationToken cancel) => Limited(reader => indexing.Searches.Search(reader, query), cancel);

    public ValueTask<Result<bool>> Matches(SearchQuery query, StoredResource version, CancellationToken cancel) => Limited(reader => indexing.Searches.Matches(reader, query, version), cancel);

    public ValueTask<Result<long>> Count(SearchQuery query, CancellationToken cancel) => Limited(reader => indexing.Searches.Count(reader, query), cancel);

    public ValueTask<Result<HistoryPage>> History(HistoryQuery query, CancellationToken cancel)
        => Limited(reader => HistoryReader.History(reader, names, cursors, query), cancel);

    public ValueTask<IReadOnlyList<StoredResource>> Changes(long afterSeq, ChangeFilter filter, int limit, CancellationToken cancel)
        => new(readers.Read(reader => HistoryReader.Changes(reader, names, afterSeq, filter, limit), cancel));

    public ValueTask<long> LastSeq(CancellationToken cancel) => new(readers.Read(reader => reader.Scalar("SELECT seq FROM writer"), cancel));

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
        => Limited(reader => LabelReader.Read(reader, names, SearchParameters, type), cancel);

    public ValueTask<IReadOnlyDictionary<string, long>> Statistics(CancellationToken cancel) => new(readers.Read(StatisticsReader.Living, cancel));

    public ValueTask<RecordPage> Records(RecordQuery query, CancellationToken cancel) => new(readers.Read(reader => RecordReader.Read(reader, query), cancel));

    public ValueTask<IReadOnlyDictionary<string, long>> RecordCounts(CancellationToken cancel) => new(readers.Read(RecordReader.Counts, cancel));

    public ValueTask<IReadOnlyList<AuditRow>> Audit(AuditQuery query, CancellationToken cancel) => new(readers.Read(reader => AuditReader.Read(reader, query), cancel));

    public ValueTask<IReadOnlyList<SideRow>> Query(SideQuery query, CancellationToken cancel) => new(readers.Read(reader => PgSide.Query(reader, query), cancel));

    public async ValueTask DisposeAsync()
    {
        await writer.DisposeAsync().ConfigureAwait(false);
        readers.Dispose();
        pointReads.Dispose();
    }

    private PgSession Connect() => PgSession.Open(options.ConnectionString, options.BusyTimeout, options.Time);

    /// <summary>Reads several statements from one snapshot; a read that takes too long is a failure, not an exception.</summary>
    private async ValueTask<Result<T>> Limited<T>(Func<PgSession, Result<T>> read, CancellationToken cancel)
    {
        try
        {
            return await readers.Snapshot(read, options.SearchTimeout, cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (PgFailure.IsTooCostly(e) || (e is StoreUnavailableException { InnerException: { } cause } && PgFailure.IsTooCostly(cause)))
        {
            return SearchFailure.TooCostly();
        }
    }

    private Result<StoredResource[]> FindForWriter(PgSession session, SearchQuery query, int limit)
    {
        session.LimitTo(options.SearchTimeout);
        try
        {
            var found = indexing.Searches.Search(session, query with { Count = limit, Total = SearchTotal.None, Cursor = null });
            session.EndLimit(isInTransaction: true);
            return found.TryGet(out var page, out var failure) ? page.Matches.ToArray() : failure;
        }
        catch (Exception e) when (PgFailure.IsTooCostly(e))
        {
            session.EndLimit(isInTransaction: false);
            return SearchFailure.TooCostly();
        }
    }
}
