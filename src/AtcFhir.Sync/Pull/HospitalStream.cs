using AtcFhir.Sync.Hospital;
using AtcFhir.Trial.Concepts;

namespace AtcFhir.Sync.Pull;

/// <summary>
/// One kind of data of one patient that is read as a unit, with a cursor of its own: a newly enrolled patient's history is older than any
/// cursor of the others.
/// </summary>
/// <param name="Name">"Observation", or "Observation?category=laboratory" where a hospital wants it asked that way.</param>
/// <param name="Type">Resource type.</param>
/// <param name="Filter">Further search parameters, encoded, or empty.</param>
internal sealed record HospitalStream(string Name, string Type, string Filter = "")
{
    /// <summary>The patient's own record, read by id.</summary>
    public static HospitalStream Patient { get; } = new("Patient", "Patient");

    public bool IsPatient => Type == "Patient";

    /// <summary>The streams of a hospital in the order in which they are read: what is referred to comes first.</summary>
    public static IReadOnlyList<HospitalStream> Of(HospitalOptions options)
    {
        var streams = new List<HospitalStream> { Patient };
        foreach (var type in ConceptCatalog.HospitalTypes)
        {
            switch (type)
            {
                case "Patient":
                    break;
                case "Observation" when options.ObservationCategories.Count > 0:
                    streams.AddRange(options.ObservationCategories.Select(category => Narrowed(type, "category", category)));
                    break;
                case "QuestionnaireResponse" when options.Questionnaires.Count > 0:
                    streams.AddRange(options.Questionnaires.Select(questionnaire => Narrowed(type, "questionnaire", questionnaire)));
                    break;
                case "ResearchSubject" when !options.OwnsResearchSubjects:
                    break;
                default:
                    streams.Add(new HospitalStream(type, type));
                    break;
            }
        }

        return streams;
    }

    /// <summary>AdverseEvent has no search parameter <c>patient</c> in R4.</summary>
    private string PatientParameter => Type == "AdverseEvent" ? "subject" : "patient";

    /// <summary>The search for a patient's resources. Both <c>patient=Patient/1</c> and <c>patient=1</c> are right; the longer one cannot be misread.</summary>
    public string Query(string patientId, string? since, int count, bool sorted)
        => $"{Type}?{PatientParameter}={Uri.EscapeDataString("Patient/" + patientId)}{(Filter.Length == 0 ? "" : "&" + Filter)}"
            + (since is null ? "" : "&_lastUpdated=ge" + Uri.EscapeDataString(since))
            + (sorted ? "&_sort=_lastUpdated" : "")
            + "&_count=" + count.ToString(CultureInfo.InvariantCulture);

    private static HospitalStream Narrowed(string type, string parameter, string value)
        => new($"{type}?{parameter}={value}", type, $"{parameter}={Uri.EscapeDataString(value)}");
}
