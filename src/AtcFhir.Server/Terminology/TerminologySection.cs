namespace AtcFhir.Server.Terminology;

/// <summary>Section <c>Terminology</c>; the settings of the terminology server that is asked, if any, stand in the same section.</summary>
internal sealed class TerminologySection
{
    /// <summary>An expansion of more codes has to be asked for in pages.</summary>
    public int MaxExpansion { get; set; } = 10_000;
}
