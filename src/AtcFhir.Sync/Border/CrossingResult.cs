using AtcFhir.R4.Outcomes;

namespace AtcFhir.Sync.Border;

/// <summary>What became of one hospital resource at the border.</summary>
public enum CrossingKind
{
    /// <summary>A trial resource was created.</summary>
    Created,

    /// <summary>A trial resource was updated.</summary>
    Updated,

    /// <summary>Known already in this version; nothing was written.</summary>
    Unchanged,

    /// <summary>In scope but not valid; kept encrypted, with a Task for a person.</summary>
    Quarantined,

    /// <summary>Its code is not one of the trial's; counted only.</summary>
    OutOfScope,

    /// <summary>Of a patient who is not enrolled; nothing was stored.</summary>
    NotEnrolled,

    /// <summary>Not covered by the patient's consent; nothing was stored.</summary>
    NoConsent,

    /// <summary>It cannot be read as what it claims to be (structure, patient of another lane); nothing was stored.</summary>
    Refused,
}

/// <summary>The fate of one hospital resource.</summary>
/// <param name="Locations">The trial resources it became, "Observation/x7f…", the trial resource proper first.</param>
/// <param name="Issues">What is wrong, when something is.</param>
/// <param name="Task">Of a quarantined one: id of the Task.</param>
/// <param name="VersionId">Of the trial resource that was written.</param>
public sealed record CrossingResult(
    CrossingKind Kind,
    IReadOnlyList<string> Locations,
    IReadOnlyList<Issue> Issues,
    string? Task = null,
    string? VersionId = null)
{
    /// <summary>Of one out of scope: what it is counted under.</summary>
    internal string? Counted { get; init; }

    /// <summary>Nothing new: it was in quarantine before, in this version.</summary>
    internal bool IsKnown { get; init; }
}
