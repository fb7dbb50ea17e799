namespace AtcFhir.Store.Sql;

/// <summary>What must be written differently for each engine; all other SQL is the same.</summary>
/// <param name="DistinctBy">SELECT … of each resource once, given the column of its number.</param>
/// <param name="DateByResource">Behind <c>sp_date x</c>: its index that begins with the resource.</param>
/// <param name="TakesArrays">An array can be bound to <c>= ANY(?)</c>.</param>
/// <param name="JoinsBodies">The bodies of a page come with it in one statement; else each is read by itself, which costs nothing where there is no way to go.</param>
/// <param name="PlansByStatistics">The engine chooses how to join by statistics, which it does not have yet of what was just written; so a join that must go by the key is written as one that cannot go otherwise.</param>
/// <param name="KeyOf">A text as it stands in a key column of an index table: engines limit the size of keys.</param>
/// <param name="TextOf">Any other text as it stands in a row.</param>
/// <param name="TextKey">The indexed beginning of the text in a row (x) of sp_str.</param>
/// <param name="LongText">The length of that beginning, in characters.</param>
internal sealed record SqlDialect(Func<string, string> DistinctBy, string DateByResource, bool TakesArrays, bool JoinsBodies, bool PlansByStatistics, Func<string, string> KeyOf, Func<string, string> TextOf, string TextKey, int LongText)
{
    public static SqlDialect Sqlite { get; } = new(static _ => "DISTINCT", " INDEXED BY sp_date_rid", false, false, false, static text => text, static text => text, "x.norm", int.MaxValue);
}
