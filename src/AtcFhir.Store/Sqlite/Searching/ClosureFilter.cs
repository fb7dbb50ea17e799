using AtcFhir.R4.Definitions;
using AtcFhir.Store.Extraction;
using AtcFhir.Store.Search;
using AtcFhir.Store.Sql;

namespace AtcFhir.Store.Sqlite.Searching;

/// <summary>
/// The condition that a resource belongs to a <see cref="Closure"/>, as one set of resource numbers that is computed once a query and leads to the rows.
/// </summary>
internal sealed class ClosureFilter(ISqlSession reader, Names names, SearchParameterRegistry registry, RowTestBuilder tests)
{
    private const string Patient = "Patient";

    private static readonly CompartmentDefinition Definition = R4Definitions.Compartments.First(definition => definition.Code == Patient);

    public SqlText Of(Closure closure, string alias)
    {
        if (closure is { IsWide: true, WithReferenced: false })
        {
            return Check(closure, alias);
        }

        var members = Members(closure);
        var all = new SqlText($"{alias}.rid IN (").Append(members);
        if (closure.WithReferenced)
        {
            all.Append(" UNION SELECT q.rid FROM sp_ref f CROSS JOIN res q WHERE q.t = f.tt AND q.id = f.tid AND f.rid IN (").Append(members).Append(")");
            AddNotOfOthers(all, closure);
        }

        return all.Append(")");
    }

    /// <summary>Whether a version belongs to the compartments of a closure by its own references.</summary>
    public static bool Holds(SearchParameterRegistry registry, Closure closure, string type, string? id, IReadOnlyList<SearchRow> rows)
    {
        if (type == Patient && (closure.Patients is null || closure.Patients.Contains(id)))
        {
            return true;
        }

        var paths = CompartmentFilter.PathsOf(registry, Definition, [type]);
        return rows.OfType<ReferenceRow>().Any(row => row.Type == Patient && (closure.Patients is null || closure.Patients.Contains(row.Id)) && paths.Any(path => RowMatcher.Same(row.Path, path)));
    }

    private SqlText Check(Closure closure, string alias)
    {
        var patient = names.FindType(reader, Patient) ?? -1;
        var any = new SqlText($"({alias}.t = {patient}");
        AddIds(any, alias + ".id", closure.Patients);
        if (tests.Paths(CompartmentFilter.PathsOf(registry, Definition, [])) is { } paths)
        {
            any.Append($" OR EXISTS (SELECT 1 FROM sp_ref x WHERE x.rid = {alias}.rid AND {paths} AND x.tt = {patient}");
            AddIds(any, "x.tid", closure.Patients);
            any.Append(")");
        }

        return any.Append(")");
    }

    private SqlText Members(Closure closure)
    {
        var members = new SqlText("SELECT q.rid FROM res q WHERE 1 = 0");
        foreach (var group in closure.Besides.GroupBy(one => one.Type))
        {
            members.Append($" UNION SELECT q.rid FROM res q WHERE q.t = {names.FindType(reader, group.Key) ?? -1} AND ").AddAnyOf("q.id", group.Select(one => one.Id));
        }

        if (names.FindType(reader, Patient) is not { } patient || closure.Patients is { Count: 0 })
        {
            return members;
        }

        members.Append($" UNION SELECT q.rid FROM res q WHERE q.t = {patient}");
        AddIds(members, "q.id", closure.Patients);
        if (tests.Paths(CompartmentFilter.PathsOf(registry, Definition, [])) is { } paths)
        {
            members.Append($" UNION SELECT x.rid FROM sp_ref x WHERE {paths} AND x.tt = {patient}");
            AddIds(members, "x.tid", closure.Patients);
        }

        return members;
    }

    /// <summary>
    /// Of some patients, what is referred to is no record of another: a Group, an Appointment or a List may be shared, and leads to everybody who is in it. What is in
    /// the compartments of the patients themselves is among the members.
    /// </summary>
    private void AddNotOfOthers(SqlText referenced, Closure closure)
    {
        if (closure.Patients is null || names.FindType(reader, Patient) is not { } patient)
        {
            return;
        }

        referenced.Append($" AND q.t <> {patient}");
        if (tests.Paths(CompartmentFilter.PathsOf(registry, Definition, [])) is { } paths)
        {
            referenced.Append($" AND NOT EXISTS (SELECT 1 FROM sp_ref x WHERE x.rid = q.rid AND {paths} AND x.tt = {patient})");
        }
    }

    private static void AddIds(SqlText sql, string column, IReadOnlyList<string>? ids)
    {
        if (ids is { Count: 0 })
        {
            sql.Append(" AND 1 = 0");
        }
        else if (ids is not null)
        {
            sql.Append(" AND ").AddAnyOf(column, ids);
        }
    }
}
