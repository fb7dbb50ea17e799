namespace AtcFhir.Sync.Conflicts;

/// <summary>What a person has to decide about.</summary>
public enum OpenKind
{
    /// <summary>Trial and hospital changed the same element of a delivered resource.</summary>
    Conflict,

    /// <summary>A delivered resource is not at the hospital any more.</summary>
    Lost,

    /// <summary>The hospital refused what was sent.</summary>
    Refused,

    /// <summary>The hospital merged a patient's record into another one: nothing is read or sent for the patient.</summary>
    Frozen,

    /// <summary>The hospital shows an older history than before: nothing is sent there.</summary>
    Suspect,
}

/// <summary>Whose version stands.</summary>
public enum Side
{
    Trial,
    Hospital,
}

/// <summary>One thing that waits for a person.</summary>
/// <param name="Reference">"AdverseEvent/12", "Patient/x7f…" of a frozen patient, "hospital" of a suspect one.</param>
/// <param name="PatientId">The pseudonymous Patient, where it is about one.</param>
/// <param name="Elements">Of a conflict: the elements that both changed.</param>
/// <param name="Why">In words without patient data.</param>
/// <param name="Decided">Whose version stands, when that was decided and the next pass will carry it out.</param>
public sealed record OpenDecision(OpenKind Kind, string Hospital, string Reference, string? PatientId, IReadOnlyList<string> Elements, DateTimeOffset? Since, string Why, Side? Decided);

/// <summary>One element of a conflict in its three versions, as JSON; null where a version has none.</summary>
public sealed record ElementVersions(string Element, string? Before, string? Trial, string? Hospital);
