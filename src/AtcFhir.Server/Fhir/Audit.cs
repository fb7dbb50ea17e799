using AtcFhir.R4.Documents;
using AtcFhir.Server.AccessControl;
using AtcFhir.Store;

namespace AtcFhir.Server.Fhir;

/// <summary>The audit entry of a write through REST: who, what, and the patient (surrogate) that it concerns.</summary>
internal static class Audit
{
    /// <summary>The elements by which resources point to their patient, in the order in which they are looked at.</summary>
    private static readonly string[] PatientElements = ["subject", "patient", "individual", "for", "beneficiary"];

    public static AuditEntry Of(Access access, FhirRequest request, string action, ResourceDocument? document = null)
        => new(access.Actor, action, request.RequestId, Patient: document is null ? null : PatientOf(document));

    public static string? PatientOf(ResourceDocument document)
    {
        if (document.ResourceType == "Patient")
        {
            return document.Id;
        }

        foreach (var name in PatientElements)
        {
            if (document.Root.Child(name).Child("reference").Text is { } reference && reference.StartsWith("Patient/", StringComparison.Ordinal))
            {
                return reference["Patient/".Length..];
            }
        }

        return null;
    }
}
