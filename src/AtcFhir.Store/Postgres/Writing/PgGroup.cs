using AtcFhir.Store.Sqlite;
using AtcFhir.Store.Writing;

namespace AtcFhir.Store.Postgres.Writing;

/// <summary>One transaction for some batches. What a batch decides is kept in memory until the end, unless one of them has to ask the database.</summary>
internal sealed class PgGroup(PgSession session, Names names, StoreOptions options, ConditionSearch conditions) : IDisposable
{
    private readonly GroupCounters counters = new(options.Time);
    private readonly HeldRows held = new();
    private readonly PendingWrites pending = new();
    private PgBatchWriter? writer;

    /// <summary>The transaction whose COMMIT was sent and not answered yet.</summary>
    public DoubtfulCommit? Doubtful { get; private set; }

    public void Write(IReadOnlyList<Waiting> batches)
    {
        Begin(batches);
        foreach (var waiting in batches)
        {
            Apply(waiting);
        }

        options.Checkpoint("before commit");
        Commit();
        names.Commit();
        options.Checkpoint("after commit");
    }

    /// <returns>False when the connection is lost.</returns>
    public bool TryRollback()
    {
        (Doubtful, writer) = (null, null);
        pending.Truncate(0);
        names.Rollback();
        try
        {
            if (session.IsOpen)
            {
                session.Execute("ROLLBACK");
            }
        }
        catch (Exception e) when (PgFailure.IsUnavailable(e))
        {
            return false;
        }

        return session.IsOpen;
    }

    /// <summary>True when it is committed, false when it is not and never will be, null while it is under way.</summary>
    public bool? FateOf(DoubtfulCommit doubtful)
    {
        try
        {
            return TextOf("SELECT pg_xact_status($1::text::xid8)", doubtful.Number) switch
            {
                "committed" => doubtful.Audited is not { } audited || HashOf(audited.Row).AsSpan().SequenceEqual(audited.Hash),
                "aborted" => false,
                _ => null,
            };
        }
        catch (Npgsql.PostgresException e) when (e.SqlState == Npgsql.PostgresErrorCodes.InvalidParameterValue)
        {
            // "In the future": the database crashed before anything of it reached the disk.
            return false;
        }
    }

    public void Dispose() => session.Dispose();

    private string TextOf(string sql, string parameter)
    {
        var statement = session.Prepare(sql).Bind(1, parameter);
        try
        {
            return statement.Step() ? statement.Text(0) : "";
        }
        finally
        {
            statement.Reset();
        }
    }

    private byte[] HashOf(long auditRow)
    {
        var statement = session.Prepare("SELECT hash FROM audit WHERE n = $1").Bind(1, auditRow);
        try
        {
            return statement.Step() ? statement.Bytes(0) : [];
        }
        finally
        {
            statement.Reset();
        }
    }

    /// <summary>One round trip: BEGIN, the lock with the counters, the rows that the batches name.</summary>
    private void Begin(IReadOnlyList<Waiting> batches)
    {
        writer = new PgBatchWriter(session, names, counters, held, pending, conditions);
        using var begin = session.Connection.CreateBatch();
        begin.BatchCommands.Add(new Npgsql.NpgsqlBatchCommand("BEGIN ISOLATION LEVEL READ COMMITTED"));
        begin.BatchCommands.Add(new Npgsql.NpgsqlBatchCommand(GroupCounters.LockSql));
        begin.BatchCommands.Add(held.Request(batches.SelectMany(waiting => waiting.Batch.Writes)).ToCommand());
        using var rows = begin.ExecuteReader();
        rows.Read();
        counters.Load(rows);
        rows.NextResult();
        held.Load(rows);
    }

    private void Apply(Waiting waiting)
    {
        var mark = counters.Save();
        var hasSavepoint = waiting.Asks;
        if (hasSavepoint || waiting.Batch.Writes.Any(write => pending.Holds(write.Type, write.Id ?? write.Resource?.Id ?? "")))
        {
            writer!.Flush();
        }

        if (hasSavepoint)
        {
            session.Execute("SAVEPOINT batch");
        }

        var count = pending.Count;
        try
        {
            waiting.Result = writer!.Apply(waiting.Batch);
        }
        catch (Exception e) when (!PgFailure.IsUnavailable(e) && (hasSavepoint || e is not Npgsql.NpgsqlException))
        {
            // A promise of this batch is broken (bad SQL of a side table, a value of a wrong type); the others go on.
            waiting.Error = e;
        }

        options.Checkpoint("after batch");
        var stands = waiting.Result is { Committed: true };
        if (stands)
        {
            held.Accept();
        }
        else
        {
            pending.Truncate(count);
            counters.Restore(mark);
            held.Undo();
        }

        if (hasSavepoint && !stands)
        {
            session.Execute("ROLLBACK TO SAVEPOINT batch");
            names.Rollback();
        }

        if (hasSavepoint)
        {
            session.Execute("RELEASE SAVEPOINT batch");
        }
    }

    /// <summary>One round trip: everything that waits, the counters, COMMIT.</summary>
    private void Commit()
    {
        using var batch = session.Connection.CreateBatch();
        pending.MoveTo(batch);
        var save = new Npgsql.NpgsqlBatchCommand(GroupCounters.SaveSql);
        save.Parameters.Add(new Npgsql.NpgsqlParameter<long> { TypedValue = counters.Seq });
        save.Parameters.Add(new Npgsql.NpgsqlParameter<long> { TypedValue = counters.Resource });
        save.Parameters.Add(new Npgsql.NpgsqlParameter<long> { TypedValue = counters.Record });
        save.Parameters.Add(new Npgsql.NpgsqlParameter<long> { TypedValue = counters.AuditNumber });
        save.Parameters.Add(new Npgsql.NpgsqlParameter<byte[]> { TypedValue = counters.AuditHash });
        save.Parameters.Add(new Npgsql.NpgsqlParameter<long> { TypedValue = counters.Stamp });
        batch.BatchCommands.Add(save);
        batch.BatchCommands.Add(new Npgsql.NpgsqlBatchCommand("COMMIT"));
        Doubtful = new DoubtfulCommit(counters.Transaction, counters.AuditNumber > counters.FirstAudit ? (counters.AuditNumber, counters.AuditHash) : null);
        batch.ExecuteNonQuery();
        Doubtful = null;
    }
}
