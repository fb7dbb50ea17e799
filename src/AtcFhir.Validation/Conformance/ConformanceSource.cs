using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using AtcFhir.R4.Documents;
using AtcFhir.Validation.Terminology;

namespace AtcFhir.Validation.Conformance;

/// <summary>
/// The conformance resources that a validator knows, by canonical: the official R4 definitions at the bottom, FHIR packages and single
/// resources above them. Immutable; <see cref="With(FhirPackage)"/> gives a new one that shares what is below.
/// </summary>
public sealed class ConformanceSource
{
    private readonly ImmutableDictionary<string, ConformanceEntry[]> byUrl;

    private ConformanceSource(ImmutableDictionary<string, ConformanceEntry[]> byUrl) => this.byUrl = byUrl;

    /// <summary>Whether there may be supplements to code systems at all; the official definitions have none.</summary>
    internal bool HasSupplements => !byUrl.IsEmpty;

    /// <summary>The official R4 4.0.1 definitions and terminology, nothing else.</summary>
    public static ConformanceSource Official { get; } = new(ImmutableDictionary.Create<string, ConformanceEntry[]>(StringComparer.Ordinal));

    /// <summary>Adds the conformance resources of a package. They win over what is there.</summary>
    public ConformanceSource With(FhirPackage package)
        => Add(package.Resources.Where(r => r.Url is not null).Select(r => new ConformanceEntry(r.ResourceType, r.Url!, r.Version, r.Json)));

    /// <summary>Adds single resources: StructureDefinition, ValueSet, CodeSystem, Questionnaire and others with a canonical url. They win over what is there.</summary>
    public ConformanceSource With(params IEnumerable<ResourceDocument> resources)
        => Add(resources.SelectMany(WithEntries).Select(r => PackageResource.Sniff("", r)).OfType<PackageResource>()
            .Where(r => r.Url is not null).Select(r => new ConformanceEntry(r.ResourceType, r.Url!, r.Version, r.Json)));

    /// <summary>Adds one resource that is text already.</summary>
    internal ConformanceSource With(string json)
        => PackageResource.Sniff("", System.Text.Encoding.UTF8.GetBytes(json)) is { Url: { } url } resource ? Add([new ConformanceEntry(resource.ResourceType, url, resource.Version, resource.Json)]) : this;

    /// <summary>A Bundle gives what is in it.</summary>
    private static IEnumerable<ReadOnlyMemory<byte>> WithEntries(ResourceDocument resource)
    {
        if (resource.ResourceType != "Bundle")
        {
            return [resource.Utf8];
        }

        var inside = new List<ReadOnlyMemory<byte>>();
        foreach (var entry in resource.Root.ChildrenOf("entry"))
        {
            if (entry.Child("resource") is { Exists: true } held)
            {
                inside.Add(held.JsonSpan.ToArray());
            }
        }

        return inside;
    }

    private ConformanceSource Add(IEnumerable<ConformanceEntry> entries)
    {
        var builder = byUrl.ToBuilder();
        foreach (var entry in entries)
        {
            builder[entry.Url] = builder.TryGetValue(entry.Url, out var known) ? [entry, .. known] : [entry];
        }

        return new ConformanceSource(builder.ToImmutable());
    }

    internal bool HasStructure(string canonical) => Profiles.BaseSnapshots.TypeOf(canonical) is not null || Structure(canonical) is not null;

    internal StructureModel? Structure(string canonical) => Find(canonical, "StructureDefinition")?.Structure ?? OfficialDefinitions.Structure(canonical);

    internal ValueSetModel? ValueSet(string canonical) => Find(canonical, "ValueSet")?.ValueSet ?? OfficialDefinitions.ValueSet(canonical);

    /// <summary>All known versions, the newest first.</summary>
    internal IReadOnlyList<CodeSystemModel> CodeSystems(string canonical)
    {
        var (url, version) = SplitCanonical(canonical);
        // A stable sort: of equal versions the one that was added last stays first.
        var known = EntriesOf(url).Where(e => e.ResourceType == "CodeSystem").Select(e => e.CodeSystem).OfType<CodeSystemModel>()
            .OrderByDescending(system => system.Version ?? "", VersionOrder.Instance).ToList();

        // R4 gives its own number, 4.0.1, to the systems of HL7 terminology, which has counted anew from 1.0.0 since: whatever a package brings is newer.
        if (OfficialDefinitions.CodeSystem(url) is { } official)
        {
            known.Add(official);
        }

        if (version is not null)
        {
            known.RemoveAll(system => !VersionFits(system.Version, version));
        }

        return known;
    }

    /// <summary>The versions of a resource that are known, the newest first; empty when none is, or none has a version.</summary>
    internal IReadOnlyList<string> VersionsOf(string url, string resourceType)
        => [.. EntriesOf(url).Where(entry => entry.ResourceType == resourceType).Select(entry => entry.Version).OfType<string>().Distinct().OrderByDescending(version => version, VersionOrder.Instance)];

    /// <summary>Another conformance resource by canonical, as JSON: Questionnaire, ConceptMap, SearchParameter.</summary>
    internal JsonElement? Resource(string canonical, string resourceType) => Find(canonical, resourceType)?.Root;

    /// <summary>The canonicals of all code systems, those of the official definitions and those that follow a rule included, sorted.</summary>
    internal IReadOnlyList<string> CodeSystemUrls
        => [.. R4.Definitions.R4Terminology.CodeSystemUrls.Concat(SystemByRule.Urls).Concat(OwnCodeSystemUrls).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Those of packages and single resources only.</summary>
    internal IEnumerable<string> OwnCodeSystemUrls => byUrl.Where(pair => pair.Value.Any(entry => entry.ResourceType == "CodeSystem")).Select(pair => pair.Key);

    /// <summary>All resources of a type above the official definitions, as JSON, those that were added last first.</summary>
    internal IEnumerable<JsonElement> Resources(string resourceType)
        => byUrl.Values.SelectMany(entries => entries).Where(entry => entry.ResourceType == resourceType).Select(entry => entry.Root).OfType<JsonElement>();

    private ConformanceEntry[] EntriesOf(string url) => byUrl.TryGetValue(url, out var entries) ? entries : [];

    private ConformanceEntry? Find(string canonical, string resourceType)
    {
        var (url, version) = SplitCanonical(canonical);
        ConformanceEntry? best = null;
        foreach (var entry in EntriesOf(url))
        {
            if (entry.ResourceType != resourceType || (version is not null && !VersionFits(entry.Version, version)))
            {
                continue;
            }

            if (best is null || VersionOrder.Instance.Compare(entry.Version ?? "", best.Version ?? "") > 0)
            {
                best = entry;
            }
        }

        return best;
    }

    internal static (string Url, string? Version) SplitCanonical(string canonical)
    {
        var hash = canonical.IndexOf('#', StringComparison.Ordinal);
        var whole = hash > 0 ? canonical[..hash] : canonical;
        var bar = whole.IndexOf('|', StringComparison.Ordinal);
        return bar < 0 ? (whole, null) : (whole[..bar], bar == whole.Length - 1 ? null : whole[(bar + 1)..]);
    }

    /// <summary>"4.0" asks for any 4.0.x.</summary>
    internal static bool VersionFits(string? version, string wanted)
        => version == wanted || (version is not null && version.StartsWith(wanted + ".", StringComparison.Ordinal));
}

/// <summary>One resource of a source; parsed when it is asked for, once.</summary>
internal sealed class ConformanceEntry(string resourceType, string url, string? version, ReadOnlyMemory<byte> json)
{
    private readonly Lazy<object?> model = new(() => Read(resourceType, json));

    public string ResourceType { get; } = resourceType;

    public string Url { get; } = url;

    public string? Version { get; } = version;

    public StructureModel? Structure => model.Value as StructureModel;

    public ValueSetModel? ValueSet => model.Value as ValueSetModel;

    public CodeSystemModel? CodeSystem => model.Value as CodeSystemModel;

    public JsonElement? Root => Parse(json)?.RootElement;

    /// <summary>The models copy what they need, so the document goes.</summary>
    private static object? Read(string resourceType, ReadOnlyMemory<byte> json)
    {
        using var document = Parse(json);
        return document is null ? null : resourceType switch
        {
            "StructureDefinition" => StructureReader.Read(document.RootElement),
            "ValueSet" => ValueSetModel.Read(document.RootElement),
            "CodeSystem" => CodeSystemReader.Read(document.RootElement),
            _ => null,
        };
    }

    private static JsonDocument? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonDocument.Parse(json, JsonReading.Lenient);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Versions by their numbers where they are numbers, otherwise as text.</summary>
internal sealed class VersionOrder : IComparer<string>
{
    public static VersionOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var left = (x ?? "").Split('.', '-');
        var right = (y ?? "").Split('.', '-');
        for (var i = 0; i < Math.Max(left.Length, right.Length); i++)
        {
            var (l, r) = (i < left.Length ? left[i] : "", i < right.Length ? right[i] : "");
            var order = int.TryParse(l, NumberStyles.None, CultureInfo.InvariantCulture, out var ln) && int.TryParse(r, NumberStyles.None, CultureInfo.InvariantCulture, out var rn)
                ? ln.CompareTo(rn)
                : string.CompareOrdinal(l, r);
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }
}
