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
            return SideExecutor.Unexpected(statement, prepared.Change());
        }
        catch (PostgresException e) when (PgFailure.IsConstraint(e))
        {
            return SideExecutor.BrokenConstraint;
        }
    }

    public static IReadOnlyList<SideRow> Query(PgSession reader, SideQuery query)
    {
        var prepared = new PgStatement(reader, query.Sql);
        for (var number = 0; number < query.Parameters.Count; number++)
        {
            prepared.BindValue(number + 1, query.Parameters[number]);
        }

        return SideExecutor.Rows(prepared);
    }
}
