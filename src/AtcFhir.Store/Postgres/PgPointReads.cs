using System.Collections.Concurrent;
using AtcFhir.Store.Sqlite;
using Npgsql;

namespace AtcFhir.Store.Postgres;

/// <summary>
/// Reads by id. Those that come while others are under way go together, as one statement and one round trip, so that a read under load costs a fraction of one;
/// alone, it goes at once. Each sees what is committed when it is asked for.
/// </summary>
internal sealed class PgPointReads(Func<PgSession> open, Names names) : IDisposable
{
    /// <summary>While one waits for the database, the other gathers.</summary>
    private const int Threads = 2;

    private const int GroupLimit = 64;

    private const string Sql =
        """
        SELECT k.n, v.ver, v.updated, v.seq, v.op, v.body
        FROM unnest($1::integer[], $2::text[]) WITH ORDINALITY k(t, id, n)
        CROSS JOIN LATERAL (SELECT seq FROM res WHERE t = k.t AND id = k.id LIMIT 1) r CROSS JOIN LATERAL (SELECT * FROM ver WHERE seq = r.seq LIMIT 1) v
        """;

    /// <summary>The plan is made once and known: each key is a seek, however many there are.</summary>
    private const string Settings = PgSession.Seeks + "; SET plan_cache_mode = force_generic_plan";

    private readonly BlockingCollection<Asked> queue = [];
    private int threads;

    public Task<StoredResource?> Read(string type, string id, CancellationToken cancel)
    {
        if (cancel.IsCancellationRequested)
        {
            return Task.FromCanceled<StoredResource?>(cancel);
        }

        var asked = new Asked(type, id);
        try
        {
            queue.Add(asked, CancellationToken.None);
        }
        catch (InvalidOperationException)
        {
            throw new ObjectDisposedException(nameof(PgPointReads));
        }

        if (Volatile.Read(ref threads) < Threads && Interlocked.Increment(ref threads) <= Threads)
        {
            new Thread(Work) { IsBackground = true, Name = "AtcFhir store reader" }.Start();
        }

        return asked.Done.Task;
    }

    public void Dispose() => queue.CompleteAdding();

    private void Work()
    {
        var group = new List<Asked>(GroupLimit);
        PgSession? session = null;
        foreach (var first in queue.GetConsumingEnumerable())
        {
            group.Clear();
            group.Add(first);
            while (group.Count < GroupLimit && queue.TryTake(out var next))
            {
                group.Add(next);
            }

            session = Run(group, session);
        }

        session?.Dispose();
    }

    /// <returns>The session for the next group; null when it is lost.</returns>
    private PgSession? Run(List<Asked> group, PgSession? session)
    {
        // A session that was idle may have been lost long ago; a read may be done twice.
        var isFresh = session is null;
        while (true)
        {
            try
            {
                session ??= Open();
                Answer(group, session);
                return session;
            }
            catch (Exception e)
            {
                var isLost = session is not { IsOpen: true };
                if (isLost)
                {
                    session?.Dispose();
                    session = null;
                }

                if (isLost && !isFresh && PgFailure.IsUnavailable(e))
                {
                    isFresh = true;
                    continue;
                }

                var error = PgFailure.IsUnavailable(e) ? new StoreUnavailableException(PgFailure.Text(e), e) : e;
                group.ForEach(asked => asked.Done.TrySetException(error));
                return session;
            }
        }
    }

    private PgSession Open()
    {
        var session = open();
        session.Execute(Settings);
        return session;
    }

    private void Answer(List<Asked> group, PgSession session)
    {
        var (types, ids) = (new int[group.Count], new string[group.Count]);
        for (var index = 0; index < group.Count; index++)
        {
            // A type without a number has no resources; no type has the number 0.
            types[index] = (int)(names.FindType(session, group[index].Type) ?? 0);
            ids[index] = PgText.Clean(group[index].Id);
        }

        using var command = new NpgsqlCommand(Sql, session.Connection);
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = types });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = ids });
        using (var rows = command.ExecuteReader())
        {
            while (rows.Read())
            {
                var asked = group[(int)rows.GetInt64(0) - 1];
                asked.Found = new StoredResource(
                    asked.Type,
                    asked.Id,
                    rows.GetInt64(1).ToString(CultureInfo.InvariantCulture),
                    DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(2)),
                    rows.GetInt64(3),
                    (WriteKind)rows.GetInt16(4),
                    rows.IsDBNull(5) ? [] : rows.GetFieldValue<byte[]>(5));
            }
        }

        group.ForEach(asked => asked.Done.TrySetResult(asked.Found));
    }

    private sealed class Asked(string type, string id)
    {
        public string Type => type;

        public string Id => id;

        public StoredResource? Found { get; set; }

        public TaskCompletionSource<StoredResource?> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
