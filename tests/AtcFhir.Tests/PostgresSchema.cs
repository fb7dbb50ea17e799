using Npgsql;

namespace AtcFhir.Tests;

/// <summary>
/// A schema of its own in the PostgreSQL database that ATCFHIR_POSTGRES names, for tests of a class whose name ends in OnPostgres: each derives from the class
/// that states the behaviour on SQLite.
/// </summary>
internal sealed class PostgresSchema : IDisposable
{
    public const string Missing = "Needs a PostgreSQL: ATCFHIR_POSTGRES holds its connection string.";

    private const string Suffix = "OnPostgres";

    private readonly string name = "test_" + Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal);
    private readonly string database;

    private PostgresSchema(string database) => this.database = database;

    public string ConnectionString => new NpgsqlConnectionStringBuilder(database) { SearchPath = name, ApplicationName = name }.ConnectionString;

    /// <summary>This test is about PostgreSQL, and there is none.</summary>
    public static bool IsMissing => IsMeant && Database is null;

    public static bool IsMeant => TestContext.Current.TestClass?.TestClassName.EndsWith(Suffix, StringComparison.Ordinal) ?? false;

    private static string? Database => Environment.GetEnvironmentVariable("ATCFHIR_POSTGRES") is { Length: > 0 } text ? text : null;

    /// <summary>Null for SQLite. Skips the test when PostgreSQL is meant and there is none.</summary>
    public static PostgresSchema? OfThisTest()
    {
        Assert.SkipWhen(IsMissing, Missing);
        return IsMeant ? new PostgresSchema(Database!) : null;
    }

    /// <summary>For what a test states about the files of SQLite only.</summary>
    public static void SqliteOnly(string what) => Assert.SkipWhen(IsMeant, what);

    public void Dispose()
    {
        using var connection = new NpgsqlConnection(database);
        connection.Open();
        using var command = new NpgsqlCommand($"DROP SCHEMA IF EXISTS \"{name}\" CASCADE", connection);
        command.ExecuteNonQuery();
    }
}
