using AtcFhir.Store;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AtcFhir.Benchmarks;

/// <summary>A database behind the server, and where the data of the benchmarks stands in it. Nothing of it is made here but its folder.</summary>
/// <param name="Name">As given on the command line.</param>
/// <param name="Store">What the store calls it.</param>
internal sealed record Engine(string Name, StoreEngine Store)
{
    private const string ClusterVariable = "ATCFHIR_BENCH_POSTGRES";

    public static Engine Sqlite { get; } = new("sqlite", StoreEngine.Sqlite);

    public static Engine Postgres { get; } = new("postgres", StoreEngine.Postgres);

    public static IReadOnlyList<Engine> All { get; } = [Sqlite, Postgres];

    /// <summary>Databases, results and, while PostgreSQL runs, its cluster.</summary>
    public static string Folder { get; } = Directory.CreateDirectory(Path.GetFullPath(Path.Combine("artifacts", "benchmarks"))).FullName;

    /// <summary>How a side, which is a process of its own, finds the cluster that the comparison has started.</summary>
    public static string? Cluster
    {
        get => Environment.GetEnvironmentVariable(ClusterVariable);
        set => Environment.SetEnvironmentVariable(ClusterVariable, value);
    }

    public string ConnectionString(string database) => this == Sqlite
        ? $"Data Source={FileOf(database)}"
        : new NpgsqlConnectionStringBuilder(Cluster ?? throw new InvalidOperationException("No cluster runs.")) { Database = database }.ConnectionString;

    public bool Exists(string database) => this == Sqlite
        ? File.Exists(FileOf(database))
        : Administer($"SELECT count(*) FROM pg_database WHERE datname = '{database}'") is 1L;

    /// <summary>An empty database, in the place of what was there.</summary>
    public void Create(string database)
    {
        Drop(database);
        if (this == Postgres)
        {
            Administer($"CREATE DATABASE {database}");
        }
    }

    public void Copy(string from, string database)
    {
        Drop(database);
        if (this == Sqlite)
        {
            // A server that was killed leaves a log beside the file.
            using (var connection = new SqliteConnection(ConnectionString(from) + ";Pooling=False"))
            {
                connection.Open();
                using var checkpoint = connection.CreateCommand();
                checkpoint.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
                checkpoint.ExecuteNonQuery();
            }

            File.Copy(FileOf(from), FileOf(database));
        }
        else
        {
            Administer($"CREATE DATABASE {database} TEMPLATE {from}");
        }
    }

    /// <summary>Reads all of it into the system's cache, so that a size is measured and not the disk that it was read from.</summary>
    public void Warm(string database)
    {
        if (this == Sqlite)
        {
            using var file = File.OpenRead(FileOf(database));
            file.CopyTo(Stream.Null);
            return;
        }

        using var connection = new NpgsqlConnection(ConnectionString(database) + ";Pooling=false;Command Timeout=0");
        connection.Open();
        using var command = new NpgsqlCommand("CREATE EXTENSION IF NOT EXISTS pg_prewarm; SELECT sum(pg_prewarm(oid::regclass, 'read')) FROM pg_class WHERE relkind IN ('r', 'i')", connection);
        command.ExecuteNonQuery();
    }

    public void Drop(string database)
    {
        if (this == Postgres)
        {
            Administer($"DROP DATABASE IF EXISTS {database} WITH (FORCE)");
            return;
        }

        foreach (var end in (string[])["", "-wal", "-shm"])
        {
            File.Delete(FileOf(database) + end);
        }
    }

    private static string FileOf(string database) => Path.Combine(Folder, database + ".db");

    private object? Administer(string sql)
    {
        using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false;Command Timeout=0");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The names are those of this project.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }
}
