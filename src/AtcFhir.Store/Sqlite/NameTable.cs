using System.Collections.Concurrent;
using AtcFhir.Store.Sql;

namespace AtcFhir.Store.Sqlite;

/// <summary>
/// Numbers for names that repeat in many rows (types, paths, code systems). Numbers are never taken back. Readers see only numbers that are committed;
/// the writer keeps those of its open transaction apart, and forgets them when it is rolled back.
/// </summary>
internal sealed class NameTable(string selectSql, string insertSql, Action<ISqlStatement, string, SqlDialect>? bind = null)
{
    private const int Limit = 100_000;

    private readonly ConcurrentDictionary<string, long> committed = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, string> byNumber = new();
    private readonly Dictionary<string, long> open = new(StringComparer.Ordinal);
    private readonly Action<ISqlStatement, string, SqlDialect> bindName = bind ?? ((statement, name, dialect) => statement.Bind(1, dialect.KeyOf(name)));

    /// <summary>The number if it was met before, without asking the database.</summary>
    public long? Known(string name) => committed.TryGetValue(name, out var known) ? known : null;

    /// <summary>The number, or null when the name does not occur in the database.</summary>
    public long? Find(ISqlSession reader, string name)
    {
        if (committed.TryGetValue(name, out var known))
        {
            return known;
        }

        if (reader.IsWriter && open.TryGetValue(name, out known))
        {
            return known;
        }

        if (Select(reader, name) is not { } number)
        {
            return null;
        }

        if (reader.IsWriter)
        {
            // Perhaps given in this very transaction.
            open[name] = number;
            return number;
        }

        // A reader's transaction may have begun before the number was given, never after it was taken back.
        Remember(name, number);
        return number;
    }

    /// <summary>The name of a number that stands in a row.</summary>
    public string NameOf(ISqlSession reader, long number, string selectNameSql)
    {
        if (byNumber.TryGetValue(number, out var known))
        {
            return known;
        }

        var select = reader.Prepare(selectNameSql).Bind(1, number);
        try
        {
            var name = select.Step() ? select.Text(0) : throw new InvalidOperationException($"The database has no name for number {number}.");
            return reader.IsWriter ? name : byNumber[number] = name;
        }
        finally
        {
            select.Reset();
        }
    }

    /// <summary>The number, given now if need be. Only inside the writer's transaction.</summary>
    public long Get(ISqlSession writer, string name)
    {
        if (committed.TryGetValue(name, out var known) || open.TryGetValue(name, out known))
        {
            return known;
        }

        var number = Select(writer, name);
        if (number is null)
        {
            var insert = writer.Prepare(insertSql);
            bindName(insert, name, writer.Dialect);
            insert.Run();
            number = Select(writer, name);
        }

        open[name] = number!.Value;
        return number.Value;
    }

    public void Commit()
    {
        foreach (var (name, number) in open)
        {
            Remember(name, number);
        }

        open.Clear();
    }

    public void Rollback() => open.Clear();

    private void Remember(string name, long number)
    {
        if (committed.Count >= Limit)
        {
            committed.Clear();
        }

        committed[name] = number;
    }

    private long? Select(ISqlSession connection, string name)
    {
        var select = connection.Prepare(selectSql);
        try
        {
            bindName(select, name, connection.Dialect);
            return select.Step() ? select.Long(0) : null;
        }
        finally
        {
            select.Reset();
        }
    }
}
