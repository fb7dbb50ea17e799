using System.Collections.Concurrent;
using AtcFhir.R4.Documents;
using AtcFhir.Store;
using AtcFhir.Validation;

namespace AtcFhir.Server.Fhir;

/// <summary>
/// The validator of an endpoint with the profiles, value sets, code systems and questionnaires that its store holds besides those of the study package. It
/// follows the feed of the store, so that uploads to another process on the same database count as well.
/// </summary>
/// <param name="shipped">What is known without the store; made on first use.</param>
/// <param name="reserved">"url|version" of what the study package defines: an edited copy under the same version does not replace it.</param>
internal sealed class UploadedConformance(Func<Validator> shipped, IResourceStore store, IReadOnlySet<string> reserved, TimeProvider time) : IDisposable
{
    private const int Page = 200;

    private static readonly ChangeFilter Followed = new(["StructureDefinition", "ValueSet", "CodeSystem", "ConceptMap", "Questionnaire"]);

    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly SortedDictionary<string, ResourceDocument> held = new(StringComparer.Ordinal);
    private Validator? withUploads;
    private readonly ConcurrentDictionary<string, string> canonicals = new(StringComparer.Ordinal);
    private long seq;

    /// <summary>As of the last <see cref="Refresh"/>; immutable, so that a validation under way keeps what it started with.</summary>
    public Validator Current => Volatile.Read(ref withUploads) ?? shipped();

    /// <summary>The url, with version, of what is stored under a reference ("ValueSet/x"), as of the last <see cref="Refresh"/>; null when there is none.</summary>
    public string? CanonicalOf(string reference) => canonicals.GetValueOrDefault(reference);

    /// <summary>True of a type whose resources the validator uses.</summary>
    public static bool Follows(string type) => Followed.Types!.Contains(type);

    /// <summary>Takes in what was written since the last time.</summary>
    public async ValueTask Refresh(CancellationToken cancel)
    {
        await gate.WaitAsync(cancel);
        try
        {
            var isChanged = false;
            IReadOnlyList<StoredResource> changes;
            do
            {
                changes = await store.Changes(seq, Followed, Page, cancel);
                foreach (var change in changes)
                {
                    isChanged |= Take(change);
                    seq = change.Seq;
                }
            }
            while (changes.Count == Page);

            if (isChanged)
            {
                Volatile.Write(ref withUploads, held.Count == 0 ? null : new Validator(shipped().Source.With(held.Values), time));
            }
        }
        finally
        {
            gate.Release();
        }
    }

    private bool Take(StoredResource change)
    {
        var key = $"{change.Type}/{change.Id}";
        canonicals.TryRemove(key, out _);
        if (change.IsDeleted || !ResourceDocument.Parse(change.Body).TryGet(out var document, out _) || document.Root.Child("url").Text is not { } url)
        {
            return held.Remove(key);
        }

        var version = document.Root.Child("version").Text;
        canonicals[key] = version is null ? url : $"{url}|{version}";
        if (reserved.Contains($"{url}|{version}"))
        {
            return held.Remove(key);
        }

        held[key] = document;
        return true;
    }

    public void Dispose() => gate.Dispose();
}
