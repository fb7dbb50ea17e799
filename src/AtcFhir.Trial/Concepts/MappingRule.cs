namespace AtcFhir.Trial.Concepts;

/// <summary>Ids of the reasons for which a resource cannot become a record of the trial.</summary>
public static class MappingRule
{
    /// <summary>The status is missing or not one of its type.</summary>
    public const string Status = "ATC-M001";

    /// <summary>The time is missing.</summary>
    public const string TimeMissing = "ATC-M002";

    /// <summary>The time is not a date or dateTime.</summary>
    public const string TimeForm = "ATC-M003";

    /// <summary>There is neither a value nor a reason why it is absent.</summary>
    public const string ValueMissing = "ATC-M004";

    /// <summary>The value is not in a form that the concept can take without guessing.</summary>
    public const string ValueForm = "ATC-M005";

    /// <summary>The unit is missing, or cannot be converted to the unit of the trial.</summary>
    public const string Unit = "ATC-M006";

    /// <summary>Two elements contradict each other.</summary>
    public const string Contradiction = "ATC-M007";

    /// <summary>An element that the concept needs is missing.</summary>
    public const string Missing = "ATC-M008";

    /// <summary>A code is not one that the concept knows.</summary>
    public const string UnknownCode = "ATC-M009";

    /// <summary>The questionnaire is not one of the study, or without its version.</summary>
    public const string Questionnaire = "ATC-M010";

    /// <summary>The subject is missing, or no reference to a Patient.</summary>
    public const string Subject = "ATC-M011";
}
