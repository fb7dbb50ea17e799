namespace AtcFhir.Trial.Register;

/// <summary>What an import made of one line of the record.</summary>
public enum LineUse
{
    /// <summary>Its content is in the Bundle.</summary>
    Taken,
    /// <summary>A heading or label: it says where the lines below belong.</summary>
    Structure,
    /// <summary>Understood, but said already by another line.</summary>
    Repeated,
    /// <summary>Not understood, or nothing in the study can hold it: for a person to look at.</summary>
    NotTaken,
}

/// <summary>One non-blank line of the record and what became of it.</summary>
/// <param name="Number">One-based.</param>
/// <param name="Text">The line as given.</param>
/// <param name="Use">What became of it.</param>
/// <param name="Where">FHIRPath of the element in the Bundle that holds it, or why it was not taken.</param>
public sealed record LineReport(int Number, string Text, LineUse Use, string Where);

/// <summary>The study of a register record.</summary>
/// <param name="Bundle">JSON of a FHIR Bundle (collection) with the ResearchStudy first.</param>
/// <param name="Lines">Every non-blank line of the record, in its order.</param>
public sealed record ImportedStudy(byte[] Bundle, IReadOnlyList<LineReport> Lines);

/// <summary>
/// Reads a record of the Dutch trial register (onderzoekmetmensen.nl, page as text) into a study. What the record does not say is left out;
/// nothing is inferred.
/// </summary>
public static class StudyImport
{
    public static ImportedStudy Run(string record) => throw new NotImplementedException();
}
