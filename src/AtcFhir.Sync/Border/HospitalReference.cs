using AtcFhir.R4.Documents;

namespace AtcFhir.Sync.Border;

/// <summary>A reference as a hospital writes it, understood against the hospital's base. <see href="https://hl7.org/fhir/R4/references.html"/></summary>
internal sealed record HospitalReference(string Type, string Id)
{
    /// <summary>Null for what does not lead to a resource of this hospital: contained, urn:, another server, or nothing at all.</summary>
    public static HospitalReference? Parse(string? reference, Uri? hospitalBase, IReadOnlyList<string> aliases)
    {
        if (string.IsNullOrEmpty(reference) || reference[0] == '#')
        {
            return null;
        }

        if (Uri.TryCreate(reference, UriKind.Absolute, out var absolute) && absolute.Scheme is "http" or "https" or "urn")
        {
            if (hospitalBase is null || absolute.Scheme == "urn" || !IsSameHost(absolute, hospitalBase, aliases) || !absolute.AbsolutePath.StartsWith(hospitalBase.AbsolutePath, StringComparison.Ordinal))
            {
                return null;
            }

            reference = absolute.AbsolutePath[hospitalBase.AbsolutePath.Length..];
        }

        var parts = reference.TrimStart('/').Split('/');
        return parts.Length is 2 or 4 && (parts.Length == 2 || parts[2] == "_history") && parts[0].Length > 0 && char.IsAsciiLetterUpper(parts[0][0]) && parts[1].Length > 0
            ? new HospitalReference(parts[0], Uri.UnescapeDataString(parts[1]))
            : null;
    }

    /// <summary>The subject or patient reference of a resource; of a Patient itself nothing.</summary>
    public static Node SubjectOf(ResourceDocument document) => document.ResourceType switch
    {
        "Patient" => default,
        "ResearchSubject" => document.Root.Child("individual"),
        "Consent" or "Immunization" or "AllergyIntolerance" or "Claim" or "Coverage" or "Device" => document.Root.Child("patient"),
        _ => document.Root.Child("subject"),
    };

    public override string ToString() => Type + "/" + Id;

    private static bool IsSameHost(Uri absolute, Uri hospitalBase, IReadOnlyList<string> aliases)
        => absolute.Authority.Equals(hospitalBase.Authority, StringComparison.OrdinalIgnoreCase)
            || aliases.Contains(absolute.Authority, StringComparer.OrdinalIgnoreCase)
            || aliases.Contains(absolute.Host, StringComparer.OrdinalIgnoreCase);
}
