namespace AtcFhir.Trial.Concepts;

/// <summary>The states of an Observation; amended, corrected and entered-in-error are kept as they are. <see href="https://hl7.org/fhir/R4/valueset-observation-status.html"/></summary>
internal static class ObservationStatus
{
    public static readonly IReadOnlyList<string> All =
        ["registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error", "unknown"];
}
