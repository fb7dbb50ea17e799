using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Store.Records;
using AtcFhir.Store.Search;
using AtcFhir.Store.Side;

namespace AtcFhir.Store;

/// <summary>
/// Versioned FHIR resources, their search values, the trial's records and the audit chain in one database, and room for tables of others in the
/// same transactions. An interface because two engines stand behind it: SQLite and PostgreSQL. All members may be called from many threads.
/// </summary>
public interface IResourceStore : IAsyncDisposable
{
    /// <summary>The search parameters that this store indexes; queries are parsed against them.</summary>
    SearchParameterRegistry SearchParameters { get; }

    /// <summary>Parameters that were declared besides; those that are indexed are among <see cref="SearchParameters"/>.</summary>
    IReadOnlyList<CustomSearchParameter> CustomParameters { get; }

    /// <summary>
    /// Makes these the custom parameters, for this process and every one that opens the store later. Resources that are stored already are not indexed by it:
    /// that is the part of <see cref="Reindexing"/>.
    /// </summary>
    ValueTask Declare(IReadOnlyList<CustomSearchParameter> parameters, CancellationToken cancel);

    /// <summary>
    /// Gets a resource ready to be written: search values and records are extracted and the body is cut, on the caller's thread.
    /// </summary>
    /// <param name="id">The id that it will have; null mints a new one. An id inside the document is replaced.</param>
    PreparedResource Prepare(ResourceDocument document, string? id = null);

    /// <summary>A new resource id (UUID version 7, lower case), rising with time.</summary>
    string NewId();

    /// <summary>
    /// Applies the whole batch or nothing of it, durably: when this returns without a failure, the batch survives a power cut.
    /// Conditions are checked inside the writer, so no other write can come between check and effect.
    /// </summary>
    /// <remarks>Cancelling ends the wait for a place in the queue; a batch that is in the queue already is carried out.</remarks>
    ValueTask<CommitResult> Commit(WriteBatch batch, CancellationToken cancel);

    /// <summary>The current version, also of a deleted resource (<see cref="StoredResource.IsDeleted"/>); null when there never was one.</summary>
    ValueTask<StoredResource?> Read(string type, string id, CancellationToken cancel);

    /// <summary>One version, perhaps a deletion; null when there is none of that number.</summary>
    ValueTask<StoredResource?> ReadVersion(string type, string id, string versionId, CancellationToken cancel);

    /// <summary>One page. The failure is about the cursor or the cost of the query.</summary>
    ValueTask<Result<SearchPage>> Search(SearchQuery query, CancellationToken cancel);

    /// <summary>Whether a version, current or not, fulfils the conditions of a search by its own content; what it refers to is taken as it is now.</summary>
    ValueTask<Result<bool>> Matches(SearchQuery query, StoredResource version, CancellationToken cancel);

    /// <summary>How many resources match, whatever <see cref="SearchQuery.Count"/> says.</summary>
    ValueTask<Result<long>> Count(SearchQuery query, CancellationToken cancel);

    /// <summary>Versions, newest first. <see href="https://hl7.org/fhir/R4/http.html#history"/></summary>
    ValueTask<Result<HistoryPage>> History(HistoryQuery query, CancellationToken cancel);

    /// <summary>
    /// The feed of all writes in the order in which they were committed, after a sequence number; nothing is ever inserted behind a number that was read.
    /// </summary>
    ValueTask<IReadOnlyList<StoredResource>> Changes(long afterSeq, ChangeFilter filter, int limit, CancellationToken cancel);

    /// <summary>The newest sequence number; 0 of an empty store.</summary>
    ValueTask<long> LastSeq(CancellationToken cancel);

    /// <summary>
    /// Null when the store answers; after a write that the database could not take it also has to take one again. Otherwise what is in the way.
    /// </summary>
    ValueTask<Failure?> Probe(CancellationToken cancel);

    /// <summary>
    /// Resources that together carry every profile, tag and security label in use on a type, or with null on all types; each label at least once.
    /// </summary>
    ValueTask<Result<IReadOnlyList<StoredResource>>> Labelled(string? type, CancellationToken cancel);

    /// <summary>Living resources per type, for types that have any.</summary>
    ValueTask<IReadOnlyDictionary<string, long>> Statistics(CancellationToken cancel);

    /// <summary>Reads records of trial concepts, now or as they were at a time.</summary>
    ValueTask<RecordPage> Records(RecordQuery query, CancellationToken cancel);

    /// <summary>Records per concept as they are now, for concepts that have any.</summary>
    ValueTask<IReadOnlyDictionary<string, long>> RecordCounts(CancellationToken cancel);

    /// <summary>Audit rows in the order of the chain.</summary>
    ValueTask<IReadOnlyList<AuditRow>> Audit(AuditQuery query, CancellationToken cancel);

    /// <summary>Reads tables of others, see <see cref="SideSchema"/>.</summary>
    ValueTask<IReadOnlyList<SideRow>> Query(SideQuery query, CancellationToken cancel);
}
