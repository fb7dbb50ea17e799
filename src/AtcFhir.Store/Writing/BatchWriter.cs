using System.Security.Cryptography;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Store.Records;
using AtcFhir.Store.Search;
using AtcFhir.Store.Side;
using AtcFhir.Store.Sqlite;

namespace AtcFhir.Store.Writing;

/// <summary>
/// Applies one batch inside the writer's transaction. It gives a failure as soon as something does not hold; the caller then rolls its savepoint back.
/// </summary>
internal sealed class BatchWriter(Connection writer, Names names, WriterState state, IndexWriter index, PendingIndex pending, ConditionSearch conditions)
{
    private const string InsertVersionSql = "INSERT INTO ver(seq, rid, ver, t, updated, op, audit, body) VALUES($1, $2, $3, $4, $5, $6, $7, $8)";

    private readonly WriterNames rowNames = new(writer, names);
    private readonly Dictionary<long, (long Living, long Versions)> counted = [];

    /// <summary>New resources leave their index rows to <see cref="PendingIndex"/>.</summary>
    public bool DefersIndex { get; set; }

    public CommitResult Apply(WriteBatch batch)
    {
        if (batch.Audit is null && batch.Writes.Any(write => write.Audit is null))
        {
            throw new ArgumentException("A batch that writes resources says who writes and why.", nameof(batch));
        }

        counted.Clear();
        var results = new List<WriteResult>(batch.Writes.Count);
        if (Run(batch.Statements, 0, results) is { } fenced)
        {
            return fenced with { Writes = NotReached(batch, results) };
        }

        foreach (var (resource, version) in batch.Reindexed)
        {
            Reindex(resource, version);
        }

        var touched = batch.Writes.Count > 1 ? new HashSet<(string, string)>(batch.Writes.Count) : null;
        foreach (var write in batch.Writes)
        {
            var result = Apply(write, write.Audit ?? batch.Audit!, touched, out var failure);
            results.Add(result);
            if (failure is not null)
            {
                return new CommitResult(NotReached(batch, results), Named(failure, batch, results.Count - 1));
            }
        }

        if (Run(batch.Followups, batch.Statements.Count, results) is { } failed)
        {
            return failed with { Writes = results };
        }

        SaveCounts();
        return new CommitResult(results);
    }

    private WriteResult Apply(ResourceWrite write, AuditEntry audit, HashSet<(string, string)>? touched, out Failure? failure)
    {
        var target = Target.Of(write, conditions);
        failure = target.Failure;
        if (failure is not null || target.Ends is not null)
        {
            return target.Ends ?? new WriteResult(target.FailedOutcome, write.Type, target.Id, null);
        }

        if (touched is not null && !touched.Add((write.Type, target.Id)))
        {
            failure = new Failure(FailureKind.Conflict, IssueCode.Conflict, $"{write.Type}/{target.Id} is written twice in one batch.");
            return new WriteResult(WriteOutcome.Conflict, write.Type, target.Id, null);
        }

        var type = names.Types.Get(writer, write.Type);
        var current = ResourceRow.Find(writer, type, target.Id);
        failure = Preconditions.Check(write, target.Id, current, out var outcome);
        if (failure is not null)
        {
            return new WriteResult(outcome, write.Type, target.Id, null);
        }

        return write.Kind == WriteKind.Delete
            ? Delete(write, type, target.Id, current, audit)
            : Save(write, type, target.Id, current, audit);
    }

    private WriteResult Save(ResourceWrite write, long type, string id, ResourceRow? current, AuditEntry audit)
    {
        var resource = write.Resource ?? throw new ArgumentException($"A {write.Kind} of {write.Type} has no content.");
        var body = resource.BodyFor(id);
        if (write.SkipUnchanged && current is { IsDeleted: false }
            && ResourceReader.Version(writer, current.Seq) is { } standing
            && body.Compose(standing.VersionId, standing.LastUpdated).AsSpan().SequenceEqual(standing.Body.Span))
        {
            return new WriteResult(WriteOutcome.Unchanged, write.Type, id, standing);
        }

        var isNew = current is null or { IsDeleted: true };
        var version = Append(type, current, write.Kind, body, out var stored);
        var keys = resource.PackedRows ?? RowCodec.Pack(resource.Rows, rowNames)!;
        if (current is null && DefersIndex)
        {
            pending.Defer(version.Rid, keys);
        }
        else
        {
            Index(version.Rid, current, keys);
        }

        var hash = SHA256.HashData(stored);
        (version with { Hash = hash, Keys = keys }).Save(writer, type, id);
        RecordWriter.Replace(writer, state, type, version, resource.Records);
        AuditChain.Append(writer, state, audit, write.Type, id, version.Version, current?.Hash, hash);
        Count(type, isNew ? 1 : 0);
        return new WriteResult(isNew ? WriteOutcome.Created : WriteOutcome.Updated, write.Type, id, Stored(write, id, version, stored));
    }

    private void Reindex(PreparedResource resource, string version)
    {
        var type = names.Types.Get(writer, resource.ResourceType);
        if (ResourceRow.Find(writer, type, resource.Id) is { IsDeleted: false } current && current.Version.ToString(CultureInfo.InvariantCulture) == version)
        {
            var keys = resource.PackedRows ?? RowCodec.Pack(resource.Rows, rowNames)!;
            Index(current.Rid, current, keys);
            (current with { Keys = keys }).Save(writer, type, resource.Id);
        }
    }

    private WriteResult Delete(ResourceWrite write, long type, string id, ResourceRow? current, AuditEntry audit)
    {
        if (current is null)
        {
            return new WriteResult(WriteOutcome.NotFound, write.Type, id, null);
        }

        if (current.IsDeleted)
        {
            return new WriteResult(WriteOutcome.Gone, write.Type, id, ResourceReader.Version(writer, current.Seq));
        }

        var version = Append(type, current, WriteKind.Delete, null, out _) with { IsDeleted = true };
        Index(version.Rid, current, []);
        (version with { Hash = null, Keys = [] }).Save(writer, type, id);
        RecordWriter.Replace(writer, state, type, version, []);
        AuditChain.Append(writer, state, audit, write.Type, id, version.Version, current.Hash, null);
        Count(type, -1);
        return new WriteResult(WriteOutcome.Deleted, write.Type, id, Stored(write, id, version, []));
    }

    private void Index(long resource, ResourceRow? current, byte[] keys)
    {
        // A new resource comes behind those that wait; it must not go in before them, since what waits is known by its first number.
        pending.Settle(resource);
        index.Replace(resource, current?.Keys, keys);
    }

    private ResourceRow Append(long type, ResourceRow? current, WriteKind kind, StoredBody? content, out byte[] body)
    {
        state.PassStamp(current?.Updated ?? 0);
        var version = new ResourceRow(current?.Rid ?? state.NextResource(), (current?.Version ?? 0) + 1, state.NextSeq(), state.Stamp, false, null, []);
        body = content?.Compose(version.Version.ToString(CultureInfo.InvariantCulture), DateTimeOffset.FromUnixTimeMilliseconds(version.Updated)) ?? [];
        writer.Prepare(InsertVersionSql)
            .Bind(1, version.Seq).Bind(2, version.Rid).Bind(3, version.Version).Bind(4, type).Bind(5, version.Updated).Bind(6, (int)kind)
            .Bind(7, state.AuditNumber + 1).BindValue(8, content is null ? null : body).Run();
        return version;
    }

    private static StoredResource Stored(ResourceWrite write, string id, ResourceRow version, byte[] body) => new(
        write.Type, id, version.Version.ToString(CultureInfo.InvariantCulture), DateTimeOffset.FromUnixTimeMilliseconds(version.Updated), version.Seq, write.Kind, body);

    private CommitResult? Run(IReadOnlyList<SideStatement> statements, int offset, IReadOnlyList<WriteResult> results)
    {
        for (var number = 0; number < statements.Count; number++)
        {
            var failure = SideExecutor.Run(writer, statements[number], results);
            if (failure is not null)
            {
                return new CommitResult([], failure, offset + number);
            }
        }

        return null;
    }

    private static List<WriteResult> NotReached(WriteBatch batch, List<WriteResult> results)
        => [.. results, .. batch.Writes.Skip(results.Count).Select(write => new WriteResult(WriteOutcome.NotReached, write.Type, write.Id ?? "", null))];

    private static Failure Named(Failure failure, WriteBatch batch, int write)
        => batch.Writes.Count == 1 ? failure : failure with { Issues = [.. failure.Issues.Select(issue => issue with { Text = $"Entry {write + 1} of {batch.Writes.Count}: {issue.Text}" })] };

    private void Count(long type, int living)
    {
        var (before, versions) = counted.GetValueOrDefault(type);
        counted[type] = (before + living, versions + 1);
    }

    private void SaveCounts()
    {
        foreach (var (type, (living, versions)) in counted)
        {
            writer.Prepare("INSERT INTO stat(t, living, versions) VALUES($1, $2, $3) ON CONFLICT(t) DO UPDATE SET living = living + excluded.living, versions = versions + excluded.versions")
                .Bind(1, type).Bind(2, living).Bind(3, versions).Run();
        }
    }
}
