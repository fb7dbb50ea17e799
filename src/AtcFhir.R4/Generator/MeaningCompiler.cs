using System.Text.Json;

namespace AtcFhir.R4.Generator;

/// <summary>
/// Compiles what people read of code systems: their names, and the definitions and designations of their concepts. Apart from the codes, since few ask for it.
/// <see cref="Definitions.MeaningLoader"/> reads it.
/// </summary>
internal static class MeaningCompiler
{
    public static byte[] Compile(DefinitionSource source)
        => Blocks.Join(source.CodeSystems.Select(system => (system.Required("url"), CodeSystem(system))));

    private static byte[] CodeSystem(JsonElement system)
    {
        var writer = new CompactWriter();
        writer.Text(system.Text("title") ?? system.Text("name"));
        writer.List(All(system).Where(concept => concept.Text("definition") is not null || concept.Items("designation").Any()), concept =>
        {
            writer.Text(concept.Required("code"));
            writer.Text(concept.Text("definition"));
            writer.List(concept.Items("designation"), word =>
            {
                writer.Text(word.Text("language"));
                var use = word.TryGetProperty("use", out var stated) ? stated : default;
                writer.Text(use.ValueKind == JsonValueKind.Object ? use.Text("system") : null);
                writer.Text(use.ValueKind == JsonValueKind.Object ? use.Text("code") : null);
                writer.Text(word.Required("value"));
            });
        });
        return writer.ToArray();
    }

    private static IEnumerable<JsonElement> All(JsonElement owner) => owner.Items("concept").SelectMany(concept => All(concept).Prepend(concept));
}
