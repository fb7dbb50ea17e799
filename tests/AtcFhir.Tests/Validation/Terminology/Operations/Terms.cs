using System.Text;
using System.Text.Json.Nodes;
using AtcFhir.R4.Outcomes;
using AtcFhir.Tests.Validation.Profiles;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;
using AtcFhir.Validation.Terminology;
using AtcFhir.Validation.Terminology.Operations;
using Microsoft.Extensions.Time.Testing;

namespace AtcFhir.Tests.Validation.Terminology.Operations;

/// <summary>A small terminology of animals for the tests of operations.</summary>
internal static class Terms
{
    public const string Animals = "http://example.org/CodeSystem/animals";

    public const string Set = "http://example.org/ValueSet/animals";

    private const string CodeSystem =
        """
        {"resourceType":"CodeSystem","url":"http://example.org/CodeSystem/animals","version":"1.2","title":"Animals","status":"active","content":"complete","caseSensitive":true,
         "concept":[
          {"code":"animal","display":"Animal","property":[{"code":"notSelectable","valueBoolean":true}],"concept":[
            {"code":"dog","display":"Dog","definition":"A friend.","designation":[{"language":"nl","value":"Hond"},{"use":{"system":"http://snomed.info/sct","code":"900000000000013009"},"value":"Hound"}],
             "property":[{"code":"legs","valueInteger":4},{"code":"kin","valueCoding":{"system":"http://example.org/CodeSystem/kin","code":"wolf","display":"Wolf"}}],
             "concept":[{"code":"poodle","display":"Poodle"}]},
            {"code":"dodo","display":"Dodo","property":[{"code":"inactive","valueBoolean":true}]}]},
          {"code":"stone","display":"Stone"}]}
        """;

    private const string ValueSet =
        """{"resourceType":"ValueSet","url":"http://example.org/ValueSet/animals","version":"3","title":"All animals","status":"active","compose":{"include":[{"system":"http://example.org/CodeSystem/animals"}]}}""";

    public static DefinitionChoice AllAnimals { get; } = new(Set);

    public static TerminologyOperations Knowing(params string[] more) => new(new Validator(Source(more)), new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 18, 0, 0, TimeSpan.Zero)), maxCodes: 1000);

    public static ConformanceSource Source(params string[] more) => ConformanceSource.Official.With(more.Prepend(ValueSet).Prepend(CodeSystem).Select(ProfileFixture.Read));

    /// <summary>A value set that comes along, by its compose.</summary>
    public static DefinitionChoice Of(string compose)
        => new(null, null, Encoding.UTF8.GetBytes($$"""{"resourceType":"ValueSet","url":"http://example.org/ValueSet/given","status":"active","compose":{{compose}}}"""));

    public static ConceptCoding Coding(string code, string? display = null) => new(Animals, null, code, display);

    public static JsonObject Json(Result<ReadOnlyMemory<byte>> expanded) => JsonNode.Parse(expanded.Value.Span)!.AsObject();

    /// <summary>The codes of an expansion as a tree: "animal(dog(poodle) dodo) stone".</summary>
    public static string Tree(JsonObject expanded) => Tree(expanded["expansion"]!["contains"]);

    private static string Tree(JsonNode? contains)
        => string.Join(' ', (contains?.AsArray() ?? []).Select(code => (string)code!["code"]! + (code["contains"] is { } inside ? $"({Tree(inside)})" : "")));
}
