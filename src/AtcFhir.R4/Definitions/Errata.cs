namespace AtcFhir.R4.Definitions;

/// <summary>
/// Known mistakes of the published R4 4.0.1 definitions and what we use instead. The compiled definitions stay as published; this table is
/// applied when they load, so that one can see what we changed and why.
/// </summary>
internal static class Errata
{
    /// <summary>The type of an element where the published one is wrong, else null.</summary>
    public static string? TypeOf(string path) => path == "Resource.id" ? "id" : null;

    public static Constraint Correct(Constraint constraint) => constraint;
}
