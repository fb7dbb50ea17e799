namespace AtcFhir.Sync.Hospital;

/// <summary>The client of a hospital by its name; null when no such hospital is configured or it has no base URL (it only sends).</summary>
internal delegate HospitalClient? FindHospital(string name);
