using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath;
using AtcFhir.Store.Search;

namespace AtcFhir.Store.Extraction;

/// <summary>
/// Resource -> index rows, driven by the search parameters of its type. Contained resources are not indexed on their own.
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

    private static void AddCompartment(List<SearchRow> rows, TypeParameters parameters)
    {
        if (parameters.PatientPaths is not [{ LeadsToPatient: true } path] || parameters.CodePaths.Count == 0)
        {
            return;
        }

        var patients = rows.OfType<ReferenceRow>().Where(row => row.Type == "Patient" && row.Path == path && row.Id.Length > 0 && !row.Id.Contains(':')).Select(row => row.Id).Distinct().ToList();
        if (patients.Count == 0)
        {
            return;
        }

        var codes = rows.OfType<TokenRow>().Where(row => row.Code.Length > 0 && parameters.CodePaths.Contains(row.Path)).ToList();
        foreach (var patient in patients)
        {
            rows.AddRange(codes.Select(code => new CompartmentRow(code.Path, patient, code.System, code.Code)));
        }
    }
}
