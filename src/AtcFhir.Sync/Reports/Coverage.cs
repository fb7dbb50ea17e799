using AtcFhir.Sync.Push;

namespace AtcFhir.Sync.Reports;

/// <summary>What of the trial's concepts comes from a hospital and goes there.</summary>
/// <param name="Skipped">Codes outside the catalogue and how many resources had them.</param>
public sealed record Coverage(string Hospital, IReadOnlyList<StreamCoverage> FromHospital, IReadOnlyList<ConceptCoverage> ToHospital, IReadOnlyDictionary<string, int> Skipped);

/// <param name="Live">Hospital resources that have a counterpart in the trial.</param>
/// <param name="Gone">Those that were deleted or whose code left the trial's scope.</param>
public sealed record StreamCoverage(string Type, int Live, int Quarantined, int Gone);

/// <param name="Concept">Id of a concept that the trial keeps.</param>
/// <param name="Worklist">Entered at the hospital by a person.</param>
public sealed record ConceptCoverage(string Concept, string Type, DeliveryRoute Route, int Delivered, int Worklist, int Waiting);
