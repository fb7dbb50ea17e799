using System.Text.Json;

namespace AtcFhir.Tests;

/// <summary>
/// The official examples of R4: npm hl7.fhir.r4.examples 4.0.1, unpacked. tests/get-test-data.sh puts them to artifacts/r4-examples;
/// $ATCFHIR_R4_EXAMPLES may name another folder "package". Tests that need them skip when they are absent.
/// </summary>
internal static class R4Examples
{
    private const int Largest = 256 * 1024;

    /// <summary>
    /// What counts as a definition here and not as an example. With the size limit this leaves 710 files (4,324,996 bytes); among them are
    /// Library, PlanDefinition, Questionnaire, TestScript and other definitional resources that are shown as instances.
    /// </summary>
    private static readonly HashSet<string> Definitional = new(StringComparer.Ordinal)
    {
        "StructureDefinition", "ValueSet", "CodeSystem", "SearchParameter", "ConceptMap", "OperationDefinition", "CompartmentDefinition",
        "CapabilityStatement", "ImplementationGuide", "NamingSystem", "StructureMap",
    };

    private static readonly Lazy<string?> Found = new(Find);

    private static readonly Lazy<IReadOnlyList<R4Example>> Loaded = new(() => [.. Read(Folder).OrderBy(example => example.Name, StringComparer.Ordinal)]);

    /// <summary>The unpacked folder "package"; the calling test is skipped when there is none.</summary>
    public static string Folder
    {
        get
        {
            Assert.SkipWhen(Found.Value is null, "The official R4 examples are not here; tests/get-test-data.sh fetches them.");
            return Found.Value!;
        }
    }

    /// <summary>The 710 examples, by file name.</summary>
    public static IReadOnlyList<R4Example> All
    {
        get
        {
            _ = Folder;
            return Loaded.Value;
        }
    }

    /// <summary>One example, by file name without ".json": "Observation-f001".</summary>
    public static byte[] Get(string name) => File.ReadAllBytes(Path.Combine(Folder, name + ".json"));

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("ATCFHIR_R4_EXAMPLES") is { Length: > 0 } given)
        {
            return Directory.Exists(given) ? given : null;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "artifacts", "r4-examples", "package");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }

    private static IEnumerable<R4Example> Read(string folder)
    {
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*.json").Where(file => file.Length < Largest))
        {
            var utf8 = File.ReadAllBytes(file.FullName);
            if (ResourceType(utf8) is { } type && !Definitional.Contains(type))
            {
                yield return new R4Example(Path.GetFileNameWithoutExtension(file.Name), type, utf8);
            }
        }
    }

    /// <summary>Null for package.json, which is no resource.</summary>
    private static string? ResourceType(byte[] utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("resourceType");
            reader.Read();
            if (isType)
            {
                return reader.GetString();
            }

            reader.Skip();
        }

        return null;
    }
}

/// <summary>One file of the official examples.</summary>
internal sealed record R4Example(string Name, string ResourceType, byte[] Utf8)
{
    public override string ToString() => Name;
}
