namespace AtcFhir.R4.Definitions;

/// <summary>Decodes single code systems and value sets of r4.terminology.br.</summary>
internal static class TerminologyLoader
{
    public static CodeSystemDefinition CodeSystem(string url, ReadOnlyMemory<byte> block)
    {
        var reader = new CompactReader(block.Span);
        var (version, complete, caseSensitive) = (reader.OptionalText(), reader.Flag(), reader.Flag());
        var concepts = new CodeSystemConcept[reader.Number()];
        for (var i = 0; i < concepts.Length; i++)
        {
            var (code, display, flags) = (reader.Text(), reader.OptionalText(), reader.Number());
            concepts[i] = new CodeSystemConcept(code, display, (flags & 1) != 0, (flags & 2) != 0, reader.Texts());
        }

        return new CodeSystemDefinition(url, version, complete, caseSensitive, concepts);
    }

    public static ValueSetDefinition ValueSet(string url, ReadOnlyMemory<byte> block)
    {
        var reader = new CompactReader(block.Span);
        return new ValueSetDefinition(url, reader.OptionalText(), Parts(ref reader), Parts(ref reader));
    }

    private static ValueSetPart[] Parts(ref CompactReader reader)
    {
        var count = reader.Number();
        var parts = count == 0 ? [] : new ValueSetPart[count];
        for (var i = 0; i < count; i++)
        {
            parts[i] = new ValueSetPart(reader.OptionalText(), reader.OptionalText(), Concepts(ref reader), Filters(ref reader), reader.Texts());
        }

        return parts;
    }

    private static ValueSetConcept[] Concepts(ref CompactReader reader)
    {
        var count = reader.Number();
        var concepts = count == 0 ? [] : new ValueSetConcept[count];
        for (var i = 0; i < count; i++)
        {
            concepts[i] = new ValueSetConcept(reader.Text(), reader.OptionalText());
        }

        return concepts;
    }

    private static ValueSetFilter[] Filters(ref CompactReader reader)
    {
        var count = reader.Number();
        var filters = count == 0 ? [] : new ValueSetFilter[count];
        for (var i = 0; i < count; i++)
        {
            filters[i] = new ValueSetFilter(reader.Text(), reader.Text(), reader.Text());
        }

        return filters;
    }
}
