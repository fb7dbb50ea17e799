using System.Text;
using System.Text.Json.Nodes;
using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.Tests.Profiles;

namespace AtcFhir.Tests.Fuzzing;

/// <summary>Sound inputs from which damaged ones are made: official examples, the trial's package, value sets, and every FHIRPath of the definitions.</summary>
internal static class FuzzCorpus
{
    private const int Largest = 8_000;

    /// <summary>Resources as JSON: official examples, and the examples of the trial as often as a tenth of them, since profiles apply to these.</summary>
    public static IReadOnlyList<byte[]> Resources { get; } = [.. Official(), .. Enumerable.Repeat(Ours().ToList(), 4).SelectMany(all => all)];

    /// <summary>The same as trees of which copies are changed.</summary>
    public static IReadOnlyList<JsonObject> Trees { get; } = [.. Resources.Select(utf8 => JsonNode.Parse(utf8)!.AsObject())];

    /// <summary>The trial's profiles and extensions, each once whole and once as its differential alone.</summary>
    public static IReadOnlyList<JsonObject> Profiles { get; } = [.. ProfilePackage.OfType("StructureDefinition").SelectMany(WithAndWithoutSnapshot)];

    /// <summary>Value sets and code systems of the trial.</summary>
    public static IReadOnlyList<JsonObject> Terminology { get; } = [.. ProfilePackage.OfType("ValueSet"), .. ProfilePackage.OfType("CodeSystem")];

    public static IReadOnlyList<string> ProfileUrls { get; } = [.. ProfilePackage.OfType("StructureDefinition").Select(profile => ProfilePackage.Text(profile, "url"))];

    /// <summary>Every invariant and search parameter of R4, and some that use the rest of the language.</summary>
    public static IReadOnlyList<string> Expressions { get; } =
    [
        .. R4Definitions.Types.SelectMany(type => type.Constraints.Concat(type.Elements.SelectMany(element => element.Constraints))).Select(constraint => constraint.Expression).Distinct(StringComparer.Ordinal),
        .. R4Definitions.SearchParameters("Observation").Concat(R4Definitions.SearchParameters("Patient")).Select(parameter => parameter.Expression).OfType<string>(),
        "descendants().where($this is Quantity).select(value * 2 'mg' / 3.0).aggregate($total + $this, 0)",
        "iif(birthDate <= today() - 18 years, @2015-02-04T14:34:28+10:00.toString(), {}) | 'x'.matches('^[a-z]+$')",
        "component.all(value.ofType(Quantity).exists() xor dataAbsentReason.exists()) implies %resource.id.exists().not()",
        "(1 | 2.5 | 'a' | true | @T14:30).select($index + 1).sort(-$this).tail()[0].type().name",
        "repeat(children()).where(id.exists()).lowBoundary() | 1.587.highBoundary(6) | 'a,b'.split(',').join('-').encode('hex')",
        "defineVariable('a', 1 | 2).select(%a & 'b').replaceMatches('(b+)*', 'c').toChars().distinct().count()",
    ];

    private static IEnumerable<byte[]> Official() => R4Examples.All.Where(example => example.Utf8.Length < Largest).Select(example => example.Utf8);

    private static IEnumerable<byte[]> Ours()
        => ProfilePackage.Resources.Where(resource => resource.File.StartsWith("example/", StringComparison.Ordinal)).Select(resource => Encoding.UTF8.GetBytes(resource.Json.ToJsonString()));

    private static IEnumerable<JsonObject> WithAndWithoutSnapshot(JsonObject profile)
    {
        var differential = profile.DeepClone().AsObject();
        differential.Remove("snapshot");
        return [profile, differential, differential];
    }

    /// <summary>The documents on which expressions are evaluated.</summary>
    public static IReadOnlyList<ResourceDocument> Documents { get; } = [.. Resources.Where((_, index) => index % 30 == 0).Select(utf8 => ResourceDocument.Parse(utf8).Value)];
}
