using AtcFhir.R4.Values;

namespace AtcFhir.Trial.Concepts;

/// <summary>A number of the study in a register.</summary>
/// <param name="Kind">omon, eudract, ccmo, ictrp or other.</param>
/// <param name="Value">As that register writes it.</param>
/// <param name="Text">In words, which register or registration.</param>
/// <param name="Assigner">Who gave it, where stated.</param>
public sealed record StudyNumber(string Kind, string Value, string? Text = null, string? Assigner = null);

/// <summary>A state of the study and since when.</summary>
/// <param name="State">Code of HL7's research-study-status; null when only words are known.</param>
/// <param name="Actual">False when it is anticipated.</param>
public sealed record StudyProgress(string? State, string? Text, bool? Actual = null, FhirDateTime? From = null);

/// <summary>What happened to the record of the study in a register, and on which day.</summary>
public sealed record StudyRegistration(string Activity, FhirDateTime On);

/// <summary>Codes, words, or both.</summary>
public sealed record StudyTerm(ValueList<ConceptCode> Codes, string? Text)
{
    public static StudyTerm Words(string text) => new([], text);
}

/// <summary>An organization and its part in the study.</summary>
/// <param name="Role">sponsor, funding-source, irb, general-contact.</param>
/// <param name="Name">Name of the part.</param>
/// <param name="Organization">Reference to the Organization.</param>
public sealed record StudyParty(string Role, string? Name, string? Organization);

/// <summary>What the study measures, or wants to find out.</summary>
/// <param name="Type">primary or secondary.</param>
public sealed record StudyAim(string? Name, string? Type, string? Description);

/// <summary>An arm of the study.</summary>
public sealed record StudyArm(string Name, string? Description);
