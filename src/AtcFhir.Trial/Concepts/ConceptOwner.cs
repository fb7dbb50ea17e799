namespace AtcFhir.Trial.Concepts;

/// <summary>Whose word counts when both sides hold a value.</summary>
public enum ConceptOwner
{
    /// <summary>The hospital's record is the source; the trial mirrors it and never writes it back.</summary>
    Hospital,

    /// <summary>The trial's record is the source; it is pushed to the hospital.</summary>
    Trial,
}
