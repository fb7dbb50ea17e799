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

    /// <summary>Names that are looked up by one statement.</summary>
    private const int Chunk = 32;

    /// <summary>Fewer are asked for one by one, by a statement that every session has ready.</summary>
    private const int Few = 4;

    private readonly ConcurrentDictionary<string, long> committed = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, string> byNumber = new();
    private readonly Dictionary<string, long> open = new(StringComparer.Ordinal);
    private readonly Action<ISqlStatement, string, SqlDialect> bindName = bind ?? ((statement, name, dialect) => statement.Bind(1, dialect.KeyOf(name)));

    /// <summary>The number if it was met before, without asking the database.</summary>
    public long? Known(string name) => committed.TryGetValue(name, out var known) ? known : null;

    /// <summary>The number, or null when the name does not occur in the database.</summary>
    public long? Find(ISqlSession reader, string name)
    {
        if (Met(reader, name) is { } met)
        {
            return met;
        }

        if (Select(reader, name) is not { } number)
        {
            return null;
        }

        Keep(reader, name, number);
        return number;
    }

    /// <summary>
    /// The numbers of those of the names that occur in the database. What does not occur is asked for each time, since it may from now on: the parameters of a
    /// compartment are a hundred, most of which a small store has nothing of, and on PostgreSQL each question is a message there and back.
    /// </summary>
    /// <param name="selectManySql">Name and number of a chunk of names.</param>
    public IReadOnlyList<long> FindAll(ISqlSession reader, IEnumerable<string> names, string selectManySql)
    {
        var (found, unknown) = (new List<long>(), new List<string>());
        foreach (var name in names.Distinct(StringComparer.Ordinal))
        {
            if (Met(reader, name) is { } number)
            {
                found.Add(number);
            }
            else
            {
                unknown.Add(name);
            }
        }

        foreach (var chunk in unknown.Chunk(Chunk))
        {
            found.AddRange(chunk.Length < Few ? chunk.Select(name => Find(reader, name)).OfType<long>() : SelectMany(reader, chunk, selectManySql));
        }

        return found;
    }

    /// <summary>For <see cref="FindAll"/>: of a table with the names in one column.</summary>
    public static string SelectManySql(string table, string name, string number)
        => $"SELECT {name}, {number} FROM {table} WHERE {name} IN ({string.Join(", ", Enumerable.Range(1, Chunk).Select(parameter => $"${parameter}"))})";

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

    private long? Met(ISqlSession reader, string name)
        => committed.TryGetValue(name, out var known) || (reader.IsWriter && open.TryGetValue(name, out known)) ? known : null;

    private void Keep(ISqlSession reader, string name, long number)
    {
        if (reader.IsWriter)
        {
            open[name] = number; // perhaps given in this very transaction
        }
        else
        {
            Remember(name, number); // a reader's transaction may have begun before the number was given, never after it was taken back
        }
    }

    private void Remember(string name, long number)
    {
        if (committed.Count >= Limit)
        {
            committed.Clear();
        }

        committed[name] = number;
    }

    /// <summary>A chunk that is not full is filled up with its last name, so that the statement stays the same.</summary>
    private List<long> SelectMany(ISqlSession reader, string[] names, string selectManySql)
    {
        var nameOf = names.ToDictionary(reader.Dialect.KeyOf, StringComparer.Ordinal);
        var found = new List<long>(names.Length);
        var select = reader.Prepare(selectManySql);
        try
        {
            for (var parameter = 1; parameter <= Chunk; parameter++)
            {
                select.Bind(parameter, reader.Dialect.KeyOf(names[Math.Min(parameter, names.Length) - 1]));
            }

            while (select.Step())
            {
                found.Add(select.Long(1));
                Keep(reader, nameOf[select.Text(0)], select.Long(1));
            }
        }
        finally
        {
            select.Reset();
        }

        return found;
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
