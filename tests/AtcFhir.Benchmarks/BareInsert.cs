using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;
using SQLitePCL;

namespace AtcFhir.Benchmarks;

/// <summary>The yardstick of writes: one writer, in-process, groups of 64, body and version rows only, the same durability as the store.</summary>
internal static class BareInsert
{
    private const int Group = 64;
    private const string Database = "bare";

    private static readonly TimeSpan Length = TimeSpan.FromSeconds(4);

    /// <summary>Resources a second.</summary>
    public static double Sqlite()
    {
        Batteries_V2.Init();
        var folder = Directory.CreateTempSubdirectory("atcfhir-bench-");
        raw.sqlite3_open(Path.Combine(folder.FullName, "bare.db"), out var database);
        raw.sqlite3_exec(database, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000; CREATE TABLE ver(seq INTEGER PRIMARY KEY, rid INTEGER, ver INTEGER, updated INTEGER, body BLOB); CREATE TABLE res(rid INTEGER PRIMARY KEY, id TEXT UNIQUE, seq INTEGER)");
        raw.sqlite3_prepare_v2(database, "INSERT INTO ver VALUES(?, ?, 1, 0, ?)", out var version);
        raw.sqlite3_prepare_v2(database, "INSERT INTO res VALUES(?, ?, ?)", out var resource);
        var rate = Repeat((numbers, bodies) =>
        {
            raw.sqlite3_exec(database, "BEGIN IMMEDIATE");
            foreach (var (number, body) in numbers.Zip(bodies))
            {
                raw.sqlite3_bind_int64(version, 1, number);
                raw.sqlite3_bind_int64(version, 2, number);
                raw.sqlite3_bind_blob(version, 3, body);
                raw.sqlite3_step(version);
                raw.sqlite3_reset(version);
                raw.sqlite3_bind_int64(resource, 1, number);
                raw.sqlite3_bind_text(resource, 2, IdOf(number));
                raw.sqlite3_bind_int64(resource, 3, number);
                raw.sqlite3_step(resource);
                raw.sqlite3_reset(resource);
            }

            raw.sqlite3_exec(database, "COMMIT");
        });
        version.Dispose();
        resource.Dispose();
        database.Dispose();
        folder.Delete(recursive: true);
        return rate;
    }

    /// <summary>Resources a second; a group is one round trip.</summary>
    public static double Postgres(Engine engine)
    {
        engine.Create(Database);
        double rate;
        using (var connection = new NpgsqlConnection(engine.ConnectionString(Database) + ";Pooling=false;Max Auto Prepare=10"))
        {
            connection.Open();
            using var tables = new NpgsqlCommand("CREATE TABLE ver(seq bigint PRIMARY KEY, rid bigint, ver bigint, updated bigint, body bytea); CREATE TABLE res(rid bigint PRIMARY KEY, id text UNIQUE, seq bigint)", connection);
            tables.ExecuteNonQuery();
            rate = Repeat((numbers, bodies) =>
            {
                using var batch = connection.CreateBatch();
                batch.BatchCommands.Add(new NpgsqlBatchCommand("BEGIN"));
                batch.BatchCommands.Add(Command("INSERT INTO ver SELECT n, n, 1, 0, body FROM unnest($1::bigint[], $2::bytea[]) rows(n, body)", numbers, bodies, NpgsqlDbType.Bytea));
                batch.BatchCommands.Add(Command("INSERT INTO res SELECT n, id, n FROM unnest($1::bigint[], $2::text[]) rows(n, id)", numbers, Array.ConvertAll(numbers, IdOf), NpgsqlDbType.Text));
                batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
                batch.ExecuteNonQuery();
            });
        }

        engine.Drop(Database);
        return rate;
    }

    private static double Repeat(Action<long[], byte[][]> insert)
    {
        var all = Enumerable.Range(0, 64 * Group).Select(number => DataSet.Observation(10_000, number)).ToArray();
        var (number, clock) = (0L, Stopwatch.StartNew());
        while (clock.Elapsed < Length)
        {
            var first = number;
            insert([.. Enumerable.Range(0, Group).Select(entry => first + entry)], all[(int)(first % all.Length)..(int)((first % all.Length) + Group)]);
            number += Group;
        }

        return number / clock.Elapsed.TotalSeconds;
    }

    private static string IdOf(long number) => Guid.CreateVersion7(DateTimeOffset.UnixEpoch.AddMilliseconds(number)).ToString();

    private static NpgsqlBatchCommand Command<T>(string sql, long[] numbers, T[] values, NpgsqlDbType type)
    {
#pragma warning disable CA2100 // The texts stand above.
        var command = new NpgsqlBatchCommand(sql);
#pragma warning restore CA2100
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = numbers });
        command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type });
        return command;
    }
}
