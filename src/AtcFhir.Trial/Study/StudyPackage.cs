using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Trial.Scoring;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Trial.Study;

/// <summary>
/// A trial as a FHIR package: its profiles with their terminology, and the study itself as instances with fixed ids. One is embedded
/// (ATC-Anakinra1); another trial that uses the same concepts is another package.
/// </summary>
public sealed class StudyPackage
{
    // The guide is about the package and no part of the trial.
    private static readonly IReadOnlyList<string> NotLoaded = ["ImplementationGuide"];

    private static readonly IReadOnlyList<string> ConformanceTypes =
        ["StructureDefinition", "ValueSet", "CodeSystem", "ConceptMap", "SearchParameter", "CapabilityStatement", "OperationDefinition", "NamingSystem", "StructureMap"];

    private static readonly Lazy<StudyPackage> EmbeddedPackage = new(LoadEmbedded);

    private readonly Lazy<StudyFacts> facts;

    private readonly Lazy<IReadOnlyList<ScoringDefinition>> scoring;

    private StudyPackage(FhirPackage package)
    {
        Package = package;
        Conformance = [.. package.Resources.Where(resource => ConformanceTypes.Contains(resource.ResourceType))];
        Instances = [.. package.Resources.Where(resource => !ConformanceTypes.Contains(resource.ResourceType) && !NotLoaded.Contains(resource.ResourceType))];
        facts = new(() => StudyFacts.Of(Instances));
        scoring = new(() => [.. Instances
            .Where(instance => instance.ResourceType == "Library")
            .Select(instance => ScoringDefinition.FromLibrary(ResourceDocument.Parse(instance.Json).Value))
            .Where(definition => definition.Succeeded)
            .Select(definition => definition.Value)]);
    }

    /// <summary>The package of ATC-Anakinra1 that is part of this assembly.</summary>
    public static StudyPackage Embedded => EmbeddedPackage.Value;

    public FhirPackage Package { get; }

    /// <summary>Profiles, extensions, value sets, code systems and concept maps.</summary>
    public IReadOnlyList<PackageResource> Conformance { get; }

    /// <summary>The study, its protocol, sites, organizations, products and questionnaires: to be stored under the ids that they have.</summary>
    public IReadOnlyList<PackageResource> Instances { get; }

    /// <summary>What the study says of itself.</summary>
    public StudyFacts Facts => facts.Value;

    /// <summary>The rules by which the questionnaire (canonical with version) is scored, or null when the package has none that are sound.</summary>
    public ScoringDefinition? Scoring(string questionnaire) => scoring.Value.FirstOrDefault(definition => definition.Questionnaire == questionnaire);

    /// <summary>The package in a folder or <c>.tgz</c>; without a path, the embedded one.</summary>
    public static Result<StudyPackage> Load(string? path)
    {
        if (string.IsNullOrEmpty(path))
            return Embedded;

        return FhirPackage.Open(path).TryGet(out var package, out var failure) ? new StudyPackage(package) : failure;
    }

    private static StudyPackage LoadEmbedded()
    {
        var assembly = typeof(StudyPackage).Assembly;
        List<PackageFile> files = [];
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith("package/", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            files.Add(new PackageFile(name, bytes));
        }

        return new StudyPackage(FhirPackage.Open(files).Value);
    }
}
