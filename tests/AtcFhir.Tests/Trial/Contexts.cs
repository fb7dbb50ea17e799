using AtcFhir.Trial.Concepts;

namespace AtcFhir.Tests.Trial;

internal static class Contexts
{
    /// <summary>A subject 001 with ids that cannot be mistaken for a hospital's; no reference of the hospital is known here.</summary>
    public static MappingContext Any { get; } = new(
        "patient-surrogate",
        "001",
        "atc-anakinra1",
        "trial-resource",
        "source-resource",
        new BusinessIdentifier("urn:atcfhir:test", "11111111-2222-3333-4444-555555555555"),
        static _ => null);
}
