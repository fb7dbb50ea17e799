namespace AtcFhir.Server.Terminology;

/// <summary>Section <c>Terminology</c>.</summary>
internal sealed class TerminologySection
{
    /// <summary>An expansion of more codes has to be asked for in pages.</summary>
    public int MaxExpansion { get; set; } = 10_000;
}
