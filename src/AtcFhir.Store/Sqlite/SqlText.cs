using System.Runtime.CompilerServices;
using System.Text;
using AtcFhir.Store.Sql;

namespace AtcFhir.Store.Sqlite;

/// <summary>
/// SQL under construction. What stands in braces of an added text becomes a bound parameter, so a value cannot become SQL. Pieces of SQL are added
/// with Append.
/// </summary>
internal sealed class SqlText(string start = "")
{
    private readonly StringBuilder text = new(start);
    private readonly List<object?> values = [];

    /// <summary>Adds text whose interpolated values are bound.</summary>
    public SqlText Add([InterpolatedStringHandlerArgument("")] ref Handler handler) => this;

    /// <summary>Adds that a column is one of some values, which are bound.</summary>
    public SqlText AddAnyOf(string column, IEnumerable<string> items)
    {
        string[] all = [.. items];
        text.Append(column).Append(all.Length == 1 ? " = ?" : $" IN ({string.Join(',', all.Select(_ => '?'))})");
        values.AddRange(all);
        return this;
    }

    /// <summary>Adds SQL as it is.</summary>
    public SqlText Append(string sql)
    {
        text.Append(sql);
        return this;
    }

    /// <summary>Adds SQL that was built apart, with its values.</summary>
    public SqlText Append(SqlText other)
    {
        text.Append(other.text);
        values.AddRange(other.values);
        return this;
    }

    /// <summary>
    /// The same, with values that a planner cannot look at. PostgreSQL plans a statement anew for each set of values while it expects to gain by it, which can
    /// take longer than the statement; where the plan cannot depend on them, it is to be made once.
    /// </summary>
    public SqlText WithUnseenValues()
    {
        var unseen = new SqlText(text.ToString().Replace("?", "(SELECT ?)", StringComparison.Ordinal));
        unseen.values.AddRange(values);
        return unseen;
    }

    public override string ToString() => text.ToString();

    public void Read(ISqlSession reader, Action<ISqlStatement> row)
    {
        var statement = reader.Prepare(text.ToString());
        for (var number = 0; number < values.Count; number++)
        {
            statement.BindValue(number + 1, values[number]);
        }

        try
        {
            while (statement.Step())
            {
                row(statement);
            }
        }
        finally
        {
            statement.Reset();
        }
    }

    [InterpolatedStringHandler]
    public readonly ref struct Handler
    {
        private readonly SqlText sql;

        public Handler(int literalLength, int formattedCount, SqlText sql)
        {
            _ = literalLength + formattedCount;
            this.sql = sql;
        }

        public void AppendLiteral(string literal) => sql.text.Append(literal);

        public void AppendFormatted(object? value)
        {
            sql.text.Append('?');
            sql.values.Add(value);
        }
    }
}
