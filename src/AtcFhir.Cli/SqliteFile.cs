using Microsoft.Data.Sqlite;

namespace AtcFhir.Cli;

/// <summary>Copies of SQLite databases, whatever is in them.</summary>
internal static class SqliteFile
{
    /// <summary>The file of a connection string; null when it is not SQLite's.</summary>
    public static string? PathOf(string connectionString) => connectionString.StartsWith("Data Source=", StringComparison.OrdinalIgnoreCase)
        ? new SqliteConnectionStringBuilder(connectionString).DataSource
        : null;

    /// <summary>One moment's state, also while others write; compacted.</summary>
    public static async Task Copy(string connectionString, string file, CancellationToken cancel)
    {
        await using (var connection = new SqliteConnection(new SqliteConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString))
        {
            await connection.OpenAsync(cancel);
            await using var command = connection.CreateCommand();
            command.CommandText = "VACUUM INTO $file";
            command.Parameters.AddWithValue("$file", file);
            await command.ExecuteNonQueryAsync(cancel);
        }

        await using var written = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        written.Flush(flushToDisk: true);
    }

    /// <summary>Null of a database that is sound.</summary>
    public static async Task<string?> FaultOf(string file, CancellationToken cancel)
    {
        try
        {
            await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);
            await connection.OpenAsync(cancel);
            await using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA integrity_check(1)";
            return await command.ExecuteScalarAsync(cancel) is "ok" ? null : "its integrity check fails";
        }
        catch (SqliteException e)
        {
            return e.Message;
        }
    }

    /// <summary>The copy comes beside the database first, so that a crash leaves the one or the other.</summary>
    public static void Replace(string database, string file)
    {
        if (Path.GetDirectoryName(database) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
        }

        File.Copy(file, database + ".restored", overwrite: true);
        using (var copied = new FileStream(database + ".restored", FileMode.Open, FileAccess.ReadWrite))
        {
            copied.Flush(flushToDisk: true);
        }

        File.Delete(database + "-wal");
        File.Delete(database + "-shm");
        File.Move(database + ".restored", database, overwrite: true);
    }
}
