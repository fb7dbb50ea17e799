using System.Text;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Trial.Concepts;

namespace AtcFhir.Tests.Trial.Concepts;

/// <summary>Sends a resource through the catalogue as if a hospital had sent it.</summary>
internal static class Hospital
{
    public static Mapped Sends(string json) => ConceptCatalog.FromHospital(Parse(json), Contexts.Any);

    public static Mapped.Taken Takes(string json) => Assert.IsType<Mapped.Taken>(Sends(json));

    public static IReadOnlyList<Issue> Refuses(string json) => Assert.IsType<Mapped.Quarantine>(Sends(json)).Issues;

    public static ResourceDocument Parse(string json) => ResourceDocument.Parse(Encoding.UTF8.GetBytes(json)).Value;

    public static Node Trial(this Mapped.Taken taken) => ResourceDocument.Parse(taken.Trial).Value.Root;

    public static Node Source(this Mapped.Taken taken) => ResourceDocument.Parse(taken.Source).Value.Root;
}
