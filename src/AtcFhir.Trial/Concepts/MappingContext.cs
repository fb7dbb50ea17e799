using AtcFhir.Trial.Study;

namespace AtcFhir.Trial.Concepts;

/// <summary>
/// All that a mapping needs to know about whose resource this is and what it is to be called; pseudonymisation is decided by the caller,
/// so that mapping stays a pure function.
/// </summary>
/// <param name="PatientId">Logical id of the pseudonymous Patient: every subject reference becomes <c>Patient/{PatientId}</c>.</param>
/// <param name="SubjectNumber">The subject number in the study, such as <c>001</c>.</param>
/// <param name="StudyId">Logical id of the ResearchStudy, such as <c>atc-anakinra1</c>.</param>
/// <param name="TrialId">Logical id that the trial resource gets; for the Patient itself this is <paramref name="PatientId"/>.</param>
/// <param name="SourceId">Logical id that a pseudonymised source gets, should the value have to be transformed.</param>
/// <param name="Identifier">Business identifier that the trial resource gets.</param>
/// <param name="Rewrite">
/// Reference of the hospital ("QuestionnaireResponse/12", or absolute) to the reference of the same thing here, or null when it is not
/// known: then the reference is left out.
/// </param>
public sealed record MappingContext(
    string PatientId,
    string SubjectNumber,
    string StudyId,
    string TrialId,
    string SourceId,
    BusinessIdentifier Identifier,
    Func<string, string?> Rewrite)
{
    /// <summary>What the mapping has to know of the study: its arms, numbers and questionnaires. The embedded study unless another is given.</summary>
    public StudyFacts Study { get; init; } = StudyFacts.Embedded;
}
