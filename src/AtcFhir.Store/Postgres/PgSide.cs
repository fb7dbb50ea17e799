using AtcFhir.R4.Outcomes;
using AtcFhir.Store.Side;
using AtcFhir.Store.Writing;
using Npgsql;

namespace AtcFhir.Store.Postgres;

/// <summary>Runs statements on the tables of other parts.</summary>
internal static class PgSide
{
    public static Failure? Run(PgSession writer, SideStatement statement, IReadOnlyList<WriteResult> results)
    {
        var prepared = new PgStatement(writer, statement.Sql);
        for (var number = 0; number < statement.Parameters.Count; number++)
        {
            prepared.BindValue(number + 1, statement.Parameters[number] is ResultOf of ? SideExecutor.Resolve(of, results) : statement.Parameters[number]);
        }

        try
        {
            var changed = prepared.Change();
            return statement.ExpectedRows is { } expected && changed != expected
                ? new Failure(FailureKind.Conflict, IssueCode.Conflict, string.Create(CultureInfo.InvariantCulture, $"A statement of the batch met {changed} rows, not {expected}."))
                : null;
        }
        catch (PostgresException e) when (PgFailure.IsConstraint(e))
        {
            return new Failure(FailureKind.Conflict, IssueCode.Conflict, "A statement of the batch breaks a constraint of its table.");
        }
    }

    public static IReadOnlyList<SideRow> Query(PgSession reader, SideQuery query)
    {
        var prepared = new PgStatement(reader, query.Sql);
        for (var number = 0; number < query.Parameters.Count; number++)
        {
            prepared.BindValue(number + 1, query.Parameters[number]);
        }

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
}
