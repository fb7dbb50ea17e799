using AtcFhir.Trial.Concepts;

namespace AtcFhir.Trial.Synthetic;

/// <summary>An adverse event that the trial's staff report, on the trial side.</summary>
/// <param name="Key">Unique and the same in every run with the same seed; also the value of its identifier.</param>
/// <param name="Day">Day of the hospital's clock on which it is reported.</param>
/// <param name="HospitalPatientId">Logical id at the hospital of whom it happened to; the trial knows the pseudonym.</param>
/// <param name="Event">The event; its head has to be replaced by one with the pseudonymous patient.</param>
public sealed record ReportedAdverseEvent(string Key, int Day, string HospitalPatientId, TrialAdverseEvent Event);
