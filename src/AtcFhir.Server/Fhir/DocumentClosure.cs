using AtcFhir.R4.Outcomes;
using AtcFhir.Store;
using AtcFhir.Store.Search;

namespace AtcFhir.Server.Fhir;

/// <summary>
/// What a document holds besides its Composition: whatever that refers to, and what this refers to, as far as it is here. A Group, an Appointment or a List may be
/// shared: through them a document does not lead to patients whom the Composition does not name, nor into their records.
/// <see href="https://hl7.org/fhir/R4/documents.html#content"/>
/// </summary>
internal static class DocumentClosure
{
    private const int MostResources = 10_000;
    private const string Patient = "Patient/";

    public static async ValueTask<Result<List<StoredResource>>> Of(FhirEndpoint endpoint, FhirRequest request, Casebook casebook, CancellationToken cancel)
    {
        var (found, seen) = (new List<StoredResource>(casebook.Members), new HashSet<string>(casebook.Members.Select(member => $"{member.Type}/{member.Id}")));
        var named = ResourceReferences.Of(casebook.Composition).Concat(seen).ToHashSet();
        var patients = named.Where(reference => reference.StartsWith(Patient, StringComparison.Ordinal)).Select(reference => reference[Patient.Length..]).ToList();
        var open = new Queue<string>(named.Concat(casebook.Members.SelectMany(member => ResourceReferences.Of(member.Body))));
        while (open.TryDequeue(out var reference))
        {
            if (reference.Split('/') is not [var type, var id] || !endpoint.Serves(type) || reference == $"{request.Type}/{request.Id}" && request.Type == "Composition" || !seen.Add(reference)
                || await endpoint.Store.Read(type, id, cancel) is not { IsDeleted: false } target)
            {
                continue;
            }

            if (patients.Count > 0 && !named.Contains(reference))
            {
                if (!(await IsOfOthers(endpoint, patients, target, cancel)).TryGet(out var isOfOthers, out var failure))
                {
                    return failure;
                }

                if (isOfOthers)
                {
                    continue;
                }
            }

            found.Add(target);
            if (found.Count > MostResources)
            {
                return new Failure(FailureKind.Busy, IssueCode.TooCostly, string.Create(CultureInfo.InvariantCulture, $"The document would hold more than {MostResources} resources."));
            }

            foreach (var next in ResourceReferences.Of(target.Body))
            {
                open.Enqueue(next);
            }
        }

        return found;
    }

    /// <summary>Another patient, or in the compartment of another and of none of these.</summary>
    private static async ValueTask<Result<bool>> IsOfOthers(FhirEndpoint endpoint, IReadOnlyList<string> patients, StoredResource resource, CancellationToken cancel)
        => (await IsIn(endpoint, new Closure("Patient", null, [], WithReferenced: false), resource, cancel)).TryGet(out var ofAny, out var failure) && ofAny
            ? (await IsIn(endpoint, new Closure("these", patients, [], WithReferenced: false), resource, cancel)).TryGet(out var ofThese, out failure) ? !ofThese : failure
            : failure ?? (Result<bool>)false;

    private static ValueTask<Result<bool>> IsIn(FhirEndpoint endpoint, Closure closure, StoredResource resource, CancellationToken cancel)
        => endpoint.Store.Matches(SearchRequest.Parse(endpoint.Store.SearchParameters, resource.Type, "").Value.Query.Within(closure), resource, cancel);
}
