namespace AtcFhir.Trial.Concepts;

/// <summary>What every record of a subject carries: its own identity, whose it is, and the study.</summary>
/// <param name="Id">Logical id; null before it has one.</param>
/// <param name="PatientId">Logical id of the pseudonymous Patient.</param>
/// <param name="StudyId">Logical id of the ResearchStudy; null where the resource type has no place for it.</param>
/// <param name="Identifier">Business identifier, by which it is found again on the other side.</param>
public sealed record RecordHead(string? Id, string PatientId, string? StudyId = null, BusinessIdentifier? Identifier = null)
{
    internal static RecordHead Of(MappingContext context) => new(context.TrialId, context.PatientId, context.StudyId, context.Identifier);
}
