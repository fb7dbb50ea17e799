namespace AtcFhir.Benchmarks;

/// <summary>The 710 official example instances below 256 KB; tests/get-test-data.sh fetches them to artifacts/r4-examples.</summary>
internal static class Examples
{
    private static readonly string[] Definitional =
    [
        "StructureDefinition-", "ValueSet-", "CodeSystem-", "SearchParameter-", "ConceptMap-", "OperationDefinition-", "CompartmentDefinition-",
        "CapabilityStatement-", "ImplementationGuide-", "NamingSystem-", "StructureMap-", "package", ".",
    ];

    public static List<byte[]> Load() => [.. Files().Select(File.ReadAllBytes)];

    public static IEnumerable<string> Files()
    {
        var folder = Environment.GetEnvironmentVariable("ATCFHIR_R4_EXAMPLES") ?? Path.Combine("artifacts", "r4-examples", "package");
        return Directory.Exists(folder)
            ? new DirectoryInfo(folder).EnumerateFiles("*.json")
                .Where(file => file.Length < 256 * 1024 && !Definitional.Any(prefix => file.Name.StartsWith(prefix, StringComparison.Ordinal)))
                .OrderBy(file => file.Name, StringComparer.Ordinal)
                .Select(file => file.FullName)
            : throw new DirectoryNotFoundException($"No official examples in {folder}; run tests/get-test-data.sh first.");
    }
}
