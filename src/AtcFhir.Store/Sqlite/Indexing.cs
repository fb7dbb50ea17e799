using AtcFhir.Store.Extraction;
using AtcFhir.Store.Search;

namespace AtcFhir.Store.Sqlite;

/// <summary>By which parameters a store is indexed and searched; changes as one.</summary>
internal sealed record Indexing(IReadOnlyList<CustomSearchParameter> Custom, SearchParameterRegistry Searchable, SearchExtractor Extractor, SearchRunner Searches)
{
    public static Indexing Of(Names names, SearchParameterRegistry parameters, IReadOnlyList<CustomSearchParameter> custom, CursorSigner cursors, StoreOptions options)
    {
        var (indexed, searchable) = (parameters.With(custom), parameters.With([.. custom.Where(parameter => parameter.IsIndexed)]));
        return new Indexing(
            custom, searchable, new SearchExtractor(indexed, options.BaseUrl), new SearchRunner(names, searchable, cursors, options.BaseUrl, options.Time));
    }
}
