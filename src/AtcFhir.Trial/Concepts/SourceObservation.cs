using AtcFhir.R4.Documents;

namespace AtcFhir.Trial.Concepts;

/// <summary>
/// The pseudonymised source of an Observation that had to be transformed: what the hospital said, in its own code and unit, under the
/// subject's pseudonym. Elements taken: status, code (public codings), effective, and the value that the concept writes.
/// </summary>
internal static class SourceObservation
{
    public static byte[] Write(ResourceDocument hospital, MappingContext context, string status, EventTime? effective, Action<ResourceWriter> value)
        => ResourceWriter.Write("Observation", context.SourceId, writer =>
        {
            SourceTag.Meta(writer);
            writer.Study(context.StudyId);
            writer.Text("status", status);
            writer.Codeable("code", Codes.Public(hospital.Root.Child("code")));
            writer.Patient("subject", context.PatientId);
            writer.Time("effective", effective);
            value(writer);
        });
}
