using AtcFhir.Store.Search;
using AtcFhir.Store.Sql;

namespace AtcFhir.Store.Sqlite.Searching;

/// <summary>
/// _text, _content and near: the words and positions of resources are not indexed, which would cost every write; instead those that fulfil the other conditions are read
/// one after the other. What takes too long ends as too costly, like any search.
/// </summary>
internal sealed class TextSearch(ISqlSession reader, Names names, SearchQuery query, SearchPlan plan)
{
    private const int Chunk = 500;

    /// <summary>As many as the page asks for, and one more when there are more.</summary>
    public List<FoundRow> Page(SortOrder order, PagePosition? after, long newest) => [.. Matches(order, after, newest).Take(query.Count + 1)];

    public long Total() => Matches(SortOrder.Of([], null!), null, long.MaxValue).LongCount();

    private IEnumerable<FoundRow> Matches(SortOrder order, PagePosition? after, long newest)
    {
        while (true)
        {
            var rows = SearchRunner.Page(reader, query with { Count = Chunk - 1 }, plan, order, after, newest);
            foreach (var row in rows)
            {
                if (Fulfils(row))
                {
                    yield return row;
                }
            }

            if (rows.Count < Chunk)
            {
                yield break;
            }

            after = new PagePosition(newest, rows[^1].Resource, rows[^1].Keys);
        }
    }

    private bool Fulfils(FoundRow row)
    {
        var body = ResourceReader.At(reader, names.TypeOf(reader, row.Type), row.Id, row.Seq).Body;
        TextWords? narrative = null, all = null;
        return query.Texts.All(text => text.Expression.Matches(text.NarrativeOnly
            ? narrative ??= TextWords.Of(body, narrativeOnly: true)
            : all ??= TextWords.Of(body, narrativeOnly: false))) && query.Nears.All(near => near.Matches(body));
    }
}
