using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath;
using AtcFhir.Store.Search;
using AtcFhir.Store.Values;

namespace AtcFhir.Store.Extraction;

/// <summary>
/// Resource -> index rows, driven by the search parameters of its type. Of contained resources the index knows the types only.
/// <see href="https://hl7.org/fhir/R4/search.html#table"/>
/// </summary>
internal sealed class SearchExtractor(SearchParameterRegistry registry, Uri? baseUrl)
{
    public IReadOnlyList<SearchRow> Extract(ResourceDocument document)
    {
        if (registry.Of(document.ResourceType) is not { } parameters)
        {
            return [];
        }

        var values = new ValueConverter(baseUrl);
        var found = new List<FhirPathItem>();
        foreach (var path in parameters.Paths)
        {
            found.Clear();
            path.Select(document.Root, found);
            foreach (var item in found)
            {
                values.Add(path, path.IsGrouped ? GroupOf(item) : 0, item);
            }
        }

        AddContained(values.Rows, document, parameters);
        TokenMerge.Apply(values.Rows);
        AddCompartment(values.Rows, parameters);
        return values.Rows;
    }

    /// <summary>The repetition of the element directly below the resource that the value stands in, from 1.</summary>
    private static int GroupOf(FhirPathItem item)
    {
        var node = item.Node;
        while (node.Parent is { Exists: true, IsResource: false } parent)
        {
            node = parent;
        }

        return node.Exists ? node.Repetition + 1 : 0;
    }

    private static void AddContained(List<SearchRow> rows, ResourceDocument document, TypeParameters parameters)
    {
        if (parameters.Contained is not { } element)
        {
            return;
        }

        foreach (var contained in document.Root.ChildrenOf(element))
        {
            rows.Add(new TokenRow(IndexedPath.ContainedTypes, 0, "", SearchText.FoldCode(contained.Type.Name), null));
        }
    }

    private static void AddCompartment(List<SearchRow> rows, TypeParameters parameters)
    {
        if (parameters.PatientPaths is not [{ LeadsToPatient: true } path] || !parameters.HasCodePaths)
        {
            return;
        }

        var count = rows.Count;
        for (var reference = 0; reference < count; reference++)
        {
            if (rows[reference] is not ReferenceRow { Type: "Patient", Id.Length: > 0 } row || row.Path != path || row.Id.Contains(':'))
            {
                continue;
            }

            for (var token = 0; token < count; token++)
            {
                if (rows[token] is TokenRow { Code.Length: > 0 } code && code.Path.IsCodeLike)
                {
                    rows.Add(new CompartmentRow(code.Path, row.Id, code.System, code.Code));
                }
            }
        }
    }
}
