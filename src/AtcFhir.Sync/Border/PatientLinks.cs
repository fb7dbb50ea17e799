using AtcFhir.R4.Documents;
using AtcFhir.Sync.Hospital;
using AtcFhir.Sync.Keys;
using AtcFhir.Sync.Ledger;
using AtcFhir.Trial.Concepts;

namespace AtcFhir.Sync.Border;

/// <summary>Links what a hospital writes, references and identifiers, to what the trial knows by pseudonym. The only place at the border that asks the key store about patients.</summary>
internal sealed class PatientLinks(KeyStore keys, HospitalDirectory hospitals)
{
    /// <summary>The surrogate of the patient that the resource names, by reference or by identifier; null when it is none that we know.</summary>
    public string? PatientOf(Origin origin, ResourceDocument document)
    {
        if (document.ResourceType == "Patient")
        {
            return SurrogateOf(origin.Hospital, Envelope.Open(origin.Hospital, document));
        }

        var subject = HospitalReference.SubjectOf(document);
        var reference = subject.Child("reference").Text;
        if (reference is not null && origin.Entries.TryGetValue(reference, out var entry))
        {
            return entry.Document.ResourceType == "Patient" ? SurrogateOf(origin.Hospital, entry) : null;
        }

        var options = hospitals.Find(origin.Hospital);
        if (HospitalReference.Parse(reference, options?.BaseUrl, options?.AllowedHosts ?? []) is { Type: "Patient" } patient
            && keys.Find(new HospitalKey(origin.Hospital, "Patient", patient.Id)) is { } known)
        {
            return known;
        }

        var identifier = subject.Child("identifier");
        return identifier.Child("value").Text is { Length: > 0 } value
            ? keys.FindByIdentifier(origin.Hospital, identifier.Child("system").Text ?? options?.PatientIdentifierSystem ?? "", value)
            : null;
    }

    /// <summary>The surrogate of a Patient, by its id or by one of its identifiers.</summary>
    public string? SurrogateOf(string hospital, Envelope patient)
    {
        if (patient.Name.Key is { } key && keys.Find(key) is { } known)
        {
            return known;
        }

        foreach (var identifier in patient.Document.Root.ChildrenOf("identifier"))
        {
            if (identifier.Child("value").Text is { Length: > 0 } value && keys.FindByIdentifier(hospital, identifier.Child("system").Text ?? "", value) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>A reference of the hospital becomes the reference of its counterpart here. The counterpart may come later; what never does stays a reference to nothing.</summary>
    public string? Rewrite(Origin origin, EnrolmentRow enrolment, string reference)
    {
        if (origin.Entries.TryGetValue(reference, out var entry))
        {
            return entry.Document.ResourceType == "Patient"
                ? SurrogateOf(origin.Hospital, entry) == enrolment.Surrogate ? "Patient/" + enrolment.PatientId : null
                : ConceptCatalog.HospitalTypes.Contains(entry.Document.ResourceType) ? entry.Document.ResourceType + "/" + keys.Mint([entry.Name])[0] : null;
        }

        var options = hospitals.Find(origin.Hospital);
        if (HospitalReference.Parse(reference, options?.BaseUrl, options?.AllowedHosts ?? []) is not { } target)
        {
            return null;
        }

        if (target.Type == "Patient")
        {
            return keys.Find(new HospitalKey(origin.Hospital, "Patient", target.Id)) == enrolment.Surrogate ? "Patient/" + enrolment.PatientId : null;
        }

        // What the trial pushed, such as the study that a hospital's ResearchSubject names.
        if (keys.Find(new HospitalKey(origin.Hospital, target.Type, target.Id)) is { } surrogate && origin.Pushed.TryGetValue(surrogate, out var pushed))
        {
            return pushed;
        }

        return ConceptCatalog.HospitalTypes.Contains(target.Type)
            ? target.Type + "/" + keys.Mint(new HospitalKey(origin.Hospital, target.Type, target.Id))
            : null;
    }
}
