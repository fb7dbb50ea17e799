using System.Security.Cryptography;
using AtcFhir.R4.Outcomes;
using AtcFhir.Store.Records;
using AtcFhir.Store.Side;
using AtcFhir.Store.Sqlite;
using AtcFhir.Store.Writing;

namespace AtcFhir.Store.Postgres.Writing;

/// <summary>
/// Decides one batch against the state under the lock, in memory; what it decides is sent with the rest of the group. Conditions and statements of side
/// tables need the database, so whatever waits is sent before them.
/// </summary>
internal sealed class PgBatchWriter(PgSession writer, Names names, GroupCounters counters, HeldRows held, PendingWrites pending, ConditionSearch conditions)
{
    private readonly WriterNames rowNames = new(writer, names);

    public CommitResult Apply(WriteBatch batch)
    {
        if (batch.Audit is null && batch.Writes.Any(write => write.Audit is null))
        {
            throw new ArgumentException("A batch that writes resources says who writes and why.", nameof(batch));
        }

        var results = new List<WriteResult>(batch.Writes.Count);
        if (Run(batch.Statements, 0, results) is { } fenced)
        {
            return fenced with { Writes = NotReached(batch, results) };
        }

        var touched = batch.Writes.Count > 1 ? new HashSet<(string, string)>() : null;
        foreach (var write in batch.Writes)
        {
            var result = Apply(write, write.Audit ?? batch.Audit!, touched, out var failure);
            results.Add(result);
            if (failure is not null)
            {
                return new CommitResult(NotReached(batch, results), Named(failure, batch, results.Count - 1));
            }
        }

        Reindex(batch.Reindexed);
        return Run(batch.Followups, batch.Statements.Count, results) is { } failed ? failed with { Writes = results } : new CommitResult(results);
    }

    /// <summary>Sends what waits.</summary>
    public void Flush()
    {
        if (pending.Count > 0)
        {
            using var batch = writer.Connection.CreateBatch();
            pending.MoveTo(batch);
            batch.ExecuteNonQuery();
        }
    }

    private void Reindex(IReadOnlyList<ReindexedResource> reindexed)
    {
        if (reindexed.Count == 0)
        {
            return;
        }

        Flush();
        var tables = new FlushTables();
        foreach (var (resource, version) in reindexed)
        {
            var type = names.Types.Get(writer, resource.ResourceType);
            if (held.Find(writer, resource.ResourceType, type, resource.Id) is { IsDeleted: false } current && current.Version.ToString(CultureInfo.InvariantCulture) == version)
            {
                var keys = resource.PackedRows ?? RowCodec.Pack(resource.Rows, rowNames)!;
                tables.AddReindexed(type, resource.Id, current, keys);
                held.Change(resource.ResourceType, resource.Id, new Held(current with { Keys = keys }));
            }
        }

        using var commands = writer.Connection.CreateBatch();
        tables.AddTo(commands);
        if (commands.BatchCommands.Count > 0)
        {
            commands.ExecuteNonQuery();
        }
    }

    private WriteResult Apply(ResourceWrite write, AuditEntry audit, HashSet<(string, string)>? touched, out Failure? failure)
    {
        if (write.Condition is not null)
        {
            Flush();
        }

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
        var current = held.Find(writer, write.Type, type, target.Id);
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
        if (write.SkipUnchanged && current is { IsDeleted: false })
        {
            var standing = held.Standing(writer, write.Type, id);
            if (body.Compose(standing.VersionId, standing.LastUpdated).AsSpan().SequenceEqual(standing.Body.Span))
            {
                return new WriteResult(WriteOutcome.Unchanged, write.Type, id, standing);
            }
        }

        var keys = resource.PackedRows ?? RowCodec.Pack(resource.Rows, rowNames)!;
        var after = Next(current);
        var stored = body.Compose(after.Version.ToString(CultureInfo.InvariantCulture), DateTimeOffset.FromUnixTimeMilliseconds(after.Updated));
        var version = Put(write, type, id, current, after with { Hash = SHA256.HashData(stored), Keys = keys }, stored, resource.Records, audit);
        return new WriteResult(current is null or { IsDeleted: true } ? WriteOutcome.Created : WriteOutcome.Updated, write.Type, id, version);
    }

    private WriteResult Delete(ResourceWrite write, long type, string id, ResourceRow? current, AuditEntry audit)
    {
        if (current is null)
        {
            return new WriteResult(WriteOutcome.NotFound, write.Type, id, null);
        }

        if (current.IsDeleted)
        {
            return new WriteResult(WriteOutcome.Gone, write.Type, id, held.Standing(writer, write.Type, id));
        }

        var version = Put(write, type, id, current, Next(current) with { IsDeleted = true }, [], [], audit);
        return new WriteResult(WriteOutcome.Deleted, write.Type, id, version);
    }

    private ResourceRow Next(ResourceRow? current)
    {
        counters.PassStamp(current?.Updated ?? 0);
        return new ResourceRow(current?.Rid ?? counters.NextResource(), (current?.Version ?? 0) + 1, counters.NextSeq(), counters.Stamp, false, null, []);
    }

    private StoredResource Put(
        ResourceWrite write, long type, string id, ResourceRow? current, ResourceRow after, byte[] body, IReadOnlyList<RecordRow> records, AuditEntry audit)
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(after.Updated);
        var version = new StoredResource(write.Type, id, after.Version.ToString(CultureInfo.InvariantCulture), at, after.Seq, write.Kind, body);
        var firstRecord = counters.Record + 1;
        for (var index = 0; index < records.Count; index++)
        {
            counters.NextRecord();
        }

        pending.Add(new PendingWrite(type, current, version, after, Audited(audit, version, current?.Hash, after.Hash), records, firstRecord));
        held.Change(write.Type, id, new Held(after, version));
        return version;
    }

    private AuditRow Audited(AuditEntry entry, StoredResource version, byte[]? before, byte[]? after)
    {
        var previous = counters.AuditHash;
        var hash = AuditChain.HashOf(counters.AuditNumber + 1, counters.Stamp, entry, version.Type, version.Id, version.VersionId, before, after, previous);
        return new AuditRow(
            counters.NextAudit(hash), DateTimeOffset.FromUnixTimeMilliseconds(counters.Stamp), entry, version.Type, version.Id, version.VersionId,
            before?.AsMemory(), after?.AsMemory(), previous, hash);
    }

    private CommitResult? Run(IReadOnlyList<SideStatement> statements, int offset, IReadOnlyList<WriteResult> results)
    {
        for (var number = 0; number < statements.Count; number++)
        {
            Flush();
            var failure = PgSide.Run(writer, statements[number], results);
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
}
