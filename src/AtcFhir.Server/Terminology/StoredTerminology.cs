using AtcFhir.Server.Fhir;
using AtcFhir.Validation;
using AtcFhir.Validation.Terminology.Operations;

namespace AtcFhir.Server.Terminology;

/// <summary>
/// What the terminology operations of an endpoint know: the shipped definitions, the study package, and the ValueSets, CodeSystems and ConceptMaps in its
/// store, as of the last write.
/// </summary>
internal sealed class StoredTerminology(UploadedConformance uploads, TimeProvider time, int maxCodes = 10_000)
{
    private State? state;

    public async ValueTask<TerminologyOperations> Current(CancellationToken cancel)
    {
        await uploads.Refresh(cancel);
        return Latest;
    }

    /// <summary>As of the last time that somebody asked for <see cref="Current"/>.</summary>
    public TerminologyOperations Latest
    {
        get
        {
            var validator = uploads.Current;
            if (Volatile.Read(ref state) is { } known && ReferenceEquals(known.Validator, validator))
            {
                return known.Operations;
            }

            var made = new State(validator, new TerminologyOperations(validator, time, maxCodes));
            Volatile.Write(ref state, made);
            return made.Operations;
        }
    }

    /// <summary>The canonical of the stored resource with that reference ("ValueSet/x"), as of <see cref="Latest"/>.</summary>
    public string? CanonicalOf(string reference) => uploads.CanonicalOf(reference);

    private sealed record State(Validator Validator, TerminologyOperations Operations);
}
