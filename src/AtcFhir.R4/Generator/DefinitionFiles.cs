namespace AtcFhir.R4.Generator;

/// <summary>The files that the generator makes, by name, before compression.</summary>
internal static class DefinitionFiles
{
    public static IEnumerable<(string Name, byte[] Content)> Of(DefinitionSource source) =>
    [
        ("r4.core.br", CompactWriter.Join(TypeCompiler.Compile(source), SearchCompiler.Compile(source))),
        ("r4.terminology.br", TerminologyCompiler.Compile(source)),
        ("r4.profiles.br", ProfileCompiler.Compile(source)),
        ("r4.meanings.br", MeaningCompiler.Compile(source)),
    ];
}
