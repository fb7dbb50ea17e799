using AtcFhir.R4.Outcomes;
using AtcFhir.Store.Side;
using AtcFhir.Store.Sql;
using AtcFhir.Store.Sqlite;
using SQLitePCL;

namespace AtcFhir.Store.Writing;

/// <summary>Runs statements on the tables of other parts.</summary>
internal static class SideExecutor
{
    public static Failure? Run(Connection writer, SideStatement statement, IReadOnlyList<WriteResult> results)
    {
        var prepared = writer.Prepare(statement.Sql);
        Bind(prepared, [.. statement.Parameters.Select(parameter => parameter is ResultOf of ? Resolve(of, results) : parameter)]);
        try
        {
            prepared.Run();
        }
        catch (SqliteFailure e) when (e.Code == raw.SQLITE_CONSTRAINT)
        {
            return BrokenConstraint;
        }

        return Unexpected(statement, writer.Changes);
    }

    public static Failure BrokenConstraint => new(FailureKind.Conflict, IssueCode.Conflict, "A statement of the batch breaks a constraint of its table.");

    /// <summary>That the statement did not change as many rows as it had to.</summary>
    public static Failure? Unexpected(SideStatement statement, int changed) => statement.ExpectedRows is { } expected && changed != expected
        ? new Failure(FailureKind.Conflict, IssueCode.Conflict, string.Create(CultureInfo.InvariantCulture, $"A statement of the batch met {changed} rows, not {expected}."))
        : null;

    public static IReadOnlyList<SideRow> Query(Connection reader, SideQuery query)
    {
        var prepared = reader.Prepare(query.Sql);
        Bind(prepared, query.Parameters);
        return Rows(prepared);
    }

    public static IReadOnlyList<SideRow> Rows(ISqlStatement prepared)
    {
        var rows = new List<SideRow>();
        try
        {
            while (prepared.Step())
            {
                var values = new object?[prepared.Columns];
                for (var column = 0; column < values.Length; column++)
                {
                    values[column] = prepared.Value(column);
                }

                rows.Add(new SideRow(values));
            }
        }
        finally
        {
            prepared.Reset();
        }

        return rows;
    }

    private static void Bind(Statement statement, IReadOnlyList<object?> parameters)
    {
        for (var number = 1; number <= parameters.Count; number++)
        {
            // $2 may stand before $1 in the text; SQLite numbers parameters as it meets them.
            var index = statement.ParameterIndex("$" + number.ToString(CultureInfo.InvariantCulture));
            if (index > 0)
            {
                statement.BindValue(index, parameters[number - 1]);
            }
        }
    }

    public static object? Resolve(ResultOf of, IReadOnlyList<WriteResult> results) => (of.Field, results[of.Write].Resource) switch
    {
        (ResultField.Id, _) => results[of.Write].Id,
        (_, null) => null,
        (ResultField.VersionId, { } resource) => resource.VersionId,
        (ResultField.Seq, { } resource) => resource.Seq,
        (_, { } resource) => resource.LastUpdated.ToUnixTimeMilliseconds(),
    };
}
