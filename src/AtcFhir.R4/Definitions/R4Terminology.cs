namespace AtcFhir.R4.Definitions;

/// <summary>
/// The code systems and value sets of the R4 package. The file loads on first use; a single system or set is decoded when it is first asked for.
/// </summary>
public static class R4Terminology
{
    /// <summary>By canonical URL without version, or null.</summary>
    public static CodeSystemDefinition? FindCodeSystem(string url) => throw new NotImplementedException();

    /// <summary>By canonical URL without version, or null.</summary>
    public static ValueSetDefinition? FindValueSet(string url) => throw new NotImplementedException();

    public static IReadOnlyCollection<string> CodeSystemUrls => throw new NotImplementedException();

    public static IReadOnlyCollection<string> ValueSetUrls => throw new NotImplementedException();
}
