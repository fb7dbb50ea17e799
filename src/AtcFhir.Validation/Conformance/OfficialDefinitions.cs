using System.Collections.Concurrent;
using AtcFhir.R4.Definitions;
using AtcFhir.Validation.Terminology;

namespace AtcFhir.Validation.Conformance;

/// <summary>The official R4 profiles, extensions and terminology, as the validator's models; made on first use, once for the process.</summary>
internal static class OfficialDefinitions
{
    /// <summary>Extensions that the official definitions themselves use where their own contexts do not allow them.</summary>
    private static readonly Dictionary<string, string[]> MissingContexts = new(StringComparer.Ordinal)
    {
        ["http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type"] = ["ElementDefinition.type"],
        ["http://hl7.org/fhir/StructureDefinition/regex"] = ["ElementDefinition.type"],
        ["http://hl7.org/fhir/StructureDefinition/structuredefinition-normative-version"] = ["CanonicalResource", "ElementDefinition"],
    };

    private static readonly ConceptProperty NotSelectable = new("notSelectable", "boolean", "true");
    private static readonly ConceptProperty Inactive = new("inactive", "boolean", "true");

    private static readonly ConcurrentDictionary<string, StructureModel?> Structures = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, ValueSetModel?> ValueSets = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, CodeSystemModel?> CodeSystems = new(StringComparer.Ordinal);

    public static StructureModel? Structure(string canonical)
    {
        var (url, version) = ConformanceSource.SplitCanonical(canonical);
        return version is null || ConformanceSource.VersionFits("4.0.1", version)
            ? Find(Structures, url, static key => R4Profiles.Find(key) is { } json && StructureReader.Read(json) is { } read ? Correct(read) : null)
            : null;
    }

    /// <summary>
    /// Two errata: <see cref="MissingContexts"/>, and the vital signs profiles bind the values of components to the units of the vital signs themselves, which leaves no room for the
    /// flow or concentration of inhaled oxygen; HL7's own pulse oximetry profile is built on them and needs both.
    /// </summary>
    private static StructureModel Correct(StructureModel structure)
        => structure with
        {
            Snapshot = [.. structure.Snapshot.Select(element => IsUnitOfComponent(element) ? element with { Binding = null } : element)],
            Contexts = MissingContexts.TryGetValue(structure.Url, out var missing) ? [.. structure.Contexts, .. missing.Select(path => new ExtensionContext("element", path))] : structure.Contexts,
        };

    private static bool IsUnitOfComponent(ElementModel element)
        => element.Path == "Observation.component.value[x]" && element.SliceName is null
            && element.Binding?.ValueSet?.StartsWith("http://hl7.org/fhir/ValueSet/ucum-vitals-common", StringComparison.Ordinal) == true;

    /// <summary>Only what exists is remembered, so that asking for anything cannot fill the memory.</summary>
    private static T? Find<T>(ConcurrentDictionary<string, T?> known, string url, Func<string, T?> read)
        where T : class
        => known.TryGetValue(url, out var found) ? found : read(url) is { } made ? known.GetOrAdd(url, made) : null;

    /// <summary>Whatever version is asked for: the package holds one of each.</summary>
    public static ValueSetModel? ValueSet(string canonical)
        => Find(ValueSets, ConformanceSource.SplitCanonical(canonical).Url, static key => R4Terminology.FindValueSet(key) is { } found ? ModelOf(found) : null);

    public static CodeSystemModel? CodeSystem(string url)
        => Find(CodeSystems, url, static key => R4Terminology.FindCodeSystem(key) is { } found ? ModelOf(found) : null);

    private static ValueSetModel ModelOf(ValueSetDefinition found) => new(
        found.Url,
        found.Version,
        found.Url[(found.Url.LastIndexOf('/') + 1)..],
        [.. found.Includes.Select(ModelOf)],
        [.. found.Excludes.Select(ModelOf)],
        null);

    private static ComposeModel ModelOf(ValueSetPart part) => new(
        part.System,
        part.Version,
        part.Concepts.Count > 0 ? [.. part.Concepts.Select(concept => new ListedCode(concept.Code, concept.Display, []))] : null,
        [.. part.Filters.Select(filter => new FilterModel(filter.Property, filter.Op, filter.Value))],
        part.ValueSets);

    private static CodeSystemModel ModelOf(CodeSystemDefinition found)
    {
        var meanings = new Lazy<CodeSystemMeanings?>(() => R4Terminology.FindMeanings(found.Url));
        return new CodeSystemModel(
            found.Url,
            found.Version,
            found.IsComplete ? CodeSystemContent.Complete : CodeSystemContent.Fragment,
            found.CaseSensitive,
            found.Concepts.Select(concept => new OfficialConcept(concept, Properties(concept), meanings)))
        {
            IsOfficial = true,
        };
    }

    /// <summary>What it means, and its other words, are loaded when somebody asks: a validation does not, unless a display is not the usual one.</summary>
    private sealed record OfficialConcept(CodeSystemConcept Concept, ConceptProperty[] Stated, Lazy<CodeSystemMeanings?> Meanings)
        : ConceptModel(Concept.Code, Concept.Display, Concept.Parents, Stated, [])
    {
        public override string? Definition => Meaning?.Definition;

        public override IReadOnlyList<Designation> Designations => [.. (Meaning?.Designations ?? []).Select(word => new Designation(word.Language, word.UseCode is { } use ? new ConceptCoding(word.UseSystem, null, use) : null, word.Value))];

        private ConceptMeaning? Meaning => Meanings.Value?.Concepts.GetValueOrDefault(Code);
    }

    private static ConceptProperty[] Properties(CodeSystemConcept concept) => (concept.IsAbstract, concept.IsInactive) switch
    {
        (false, false) => [],
        (true, false) => [NotSelectable],
        (false, true) => [Inactive],
        _ => [NotSelectable, Inactive],
    };
}
