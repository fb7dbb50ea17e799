using System.Text.Json;

namespace AtcFhir.R4.Generator;

/// <summary>
/// Compiles code systems and value sets: an index (URL, place, length), then one compact block each, so that a single one can be read.
/// <see cref="Definitions.TerminologyLoader"/> reads it.
/// </summary>
internal static class TerminologyCompiler
{
    public static byte[] Compile(DefinitionSource source) => CompactWriter.Join(
        Blocks.Join(source.CodeSystems.Select(system => (system.Required("url"), CodeSystem(system)))),
        Blocks.Join(source.ValueSets.Select(set => (set.Required("url"), ValueSet(set)))));

    private static byte[] CodeSystem(JsonElement system)
    {
        var writer = new CompactWriter();
        writer.Text(system.Text("version"));
        writer.Number(system.Text("content") == "complete" ? 1 : 0);
        writer.Number(system.Text("caseSensitive") == "false" ? 0 : 1);
        writer.List(Concepts.Of(system).Values, concept =>
        {
            writer.Text(concept.Code);
            writer.Text(concept.Display);
            writer.Number((concept.IsAbstract ? 1 : 0) | (concept.IsInactive ? 2 : 0));
            writer.Texts(concept.Parents);
        });
        return writer.ToArray();
    }

    private static byte[] ValueSet(JsonElement set)
    {
        var writer = new CompactWriter();
        var compose = set.GetProperty("compose");
        writer.Text(set.Text("version"));
        writer.List(compose.Items("include"), part => Part(writer, part));
        writer.List(compose.Items("exclude"), part => Part(writer, part));
        return writer.ToArray();
    }

    private static void Part(CompactWriter writer, JsonElement part)
    {
        writer.Text(part.Text("system"));
        writer.Text(part.Text("version"));
        writer.List(part.Items("concept"), concept =>
        {
            writer.Text(concept.Required("code"));
            writer.Text(concept.Text("display"));
        });
        writer.List(part.Items("filter"), filter =>
        {
            writer.Text(filter.Required("property"));
            writer.Text(filter.Required("op"));
            writer.Text(filter.Required("value"));
        });
        writer.Texts(part.Texts("valueSet"));
    }
}
