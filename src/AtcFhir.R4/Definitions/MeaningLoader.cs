namespace AtcFhir.R4.Definitions;

/// <summary>Decodes single code systems of r4.meanings.br.</summary>
internal static class MeaningLoader
{
    public static CodeSystemMeanings Meanings(ReadOnlyMemory<byte> block)
    {
        var reader = new CompactReader(block.Span);
        var name = reader.OptionalText();
        var concepts = new Dictionary<string, ConceptMeaning>(StringComparer.Ordinal);
        for (var left = reader.Number(); left > 0; left--)
        {
            var (code, definition, count) = (reader.Text(), reader.OptionalText(), reader.Number());
            var designations = count == 0 ? [] : new ConceptDesignation[count];
            for (var i = 0; i < count; i++)
            {
                designations[i] = new ConceptDesignation(reader.OptionalText(), reader.OptionalText(), reader.OptionalText(), reader.Text());
            }

            concepts.TryAdd(code, new ConceptMeaning(definition, designations));
        }

        return new CodeSystemMeanings(name, concepts);
    }
}
