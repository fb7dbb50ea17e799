using System.Text.Json;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Validation.Terminology;

/// <summary>How much of a code system its resource holds. <see href="https://hl7.org/fhir/R4/valueset-codesystem-content-mode.html"/></summary>
internal enum CodeSystemContent
{
    Complete,
    Fragment,
    Example,
    NotPresent,
    Supplement,
}

/// <summary>A code system with its concepts by code and the hierarchy above each. <see href="https://hl7.org/fhir/R4/codesystem.html"/></summary>
internal sealed class CodeSystemModel(string url, string? version, CodeSystemContent content, bool caseSensitive, IEnumerable<ConceptModel> concepts)
{
    private readonly Dictionary<string, ConceptModel>.AlternateLookup<ReadOnlySpan<char>> bySpan = Index(concepts, caseSensitive).GetAlternateLookup<ReadOnlySpan<char>>();

    public string Url { get; } = url;

    public string? Version { get; } = version;

    public CodeSystemContent Content { get; } = content;

    /// <summary>True of what came with the R4 definitions.</summary>
    public bool IsOfficial { get; init; }

    public bool IsCaseSensitive { get; } = caseSensitive;

    public IReadOnlyCollection<ConceptModel> Concepts => bySpan.Dictionary.Values;

    public ConceptModel? Find(ReadOnlySpan<char> code) => bySpan.TryGetValue(code, out var concept) ? concept : null;

    /// <summary>True when the ancestor stands above the code, or is it.</summary>
    public bool IsA(string code, string ancestor)
    {
        if (Find(code) is not { } concept)
        {
            return false;
        }

        // Hierarchies are shallow; the set only guards against a circle in the data.
        var open = new Stack<ConceptModel>([concept]);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (open.TryPop(out var at))
        {
            if (string.Equals(at.Code, ancestor, IsCaseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }

            if (!seen.Add(at.Code))
            {
                continue;
            }

            foreach (var parent in at.Parents)
            {
                if (Find(parent) is { } above)
                {
                    open.Push(above);
                }
            }
        }

        return false;
    }

    private static Dictionary<string, ConceptModel> Index(IEnumerable<ConceptModel> concepts, bool caseSensitive)
    {
        var index = new Dictionary<string, ConceptModel>(caseSensitive ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);
        foreach (var concept in concepts)
        {
            index.TryAdd(concept.Code, concept);
        }

        return index;
    }

    public static CodeSystemModel? Read(JsonElement root)
    {
        if (root.Text("resourceType") != "CodeSystem" || root.Text("url") is not { } url)
        {
            return null;
        }

        var content = root.Text("content") switch
        {
            "complete" => CodeSystemContent.Complete,
            "fragment" => CodeSystemContent.Fragment,
            "example" => CodeSystemContent.Example,
            "supplement" => CodeSystemContent.Supplement,
            _ => CodeSystemContent.NotPresent,
        };
        var concepts = new List<ConceptModel>();
        ReadConcepts(root, null, concepts);
        return new CodeSystemModel(url, root.Text("version"), content, root.Flag("caseSensitive") ?? true, concepts);
    }

    private static void ReadConcepts(JsonElement parent, string? parentCode, List<ConceptModel> concepts)
    {
        foreach (var concept in parent.Items("concept"))
        {
            if (concept.Text("code") is not { } code)
            {
                continue;
            }

            var parents = new List<string>();
            if (parentCode is not null)
            {
                parents.Add(parentCode);
            }

            var properties = new List<KeyValuePair<string, string>>();
            foreach (var property in concept.Items("property"))
            {
                if (property.Text("code") is not { } name || PropertyValue(property) is not { } value)
                {
                    continue;
                }

                properties.Add(new(name, value));
                if (name is "parent" or "subsumedBy")
                {
                    parents.Add(value);
                }
            }

            concepts.Add(new ConceptModel(code, concept.Text("display"), parents, properties, [.. concept.Items("designation").Select(d => d.Text("value")).OfType<string>()]));
            ReadConcepts(concept, code, concepts);
        }
    }

    private static string? PropertyValue(JsonElement property)
    {
        foreach (var member in property.EnumerateObject())
        {
            if (member.Name.StartsWith("value", StringComparison.Ordinal))
            {
                return member.Value.ValueKind switch
                {
                    JsonValueKind.String => member.Value.GetString(),
                    JsonValueKind.Object => member.Value.Text("code"),
                    _ => member.Value.GetRawText(),
                };
            }
        }

        return null;
    }
}

/// <param name="Parents">Codes of the concepts directly above.</param>
/// <param name="Properties">Property code -> value as text, in order; a code may repeat.</param>
/// <param name="Designations">Other words for the same, in any language.</param>
internal sealed record ConceptModel(
    string Code,
    string? Display,
    IReadOnlyList<string> Parents,
    IReadOnlyList<KeyValuePair<string, string>> Properties,
    IReadOnlyList<string> Designations)
{
    public bool IsAbstract => Properties.Any(p => p.Key is "notSelectable" or "abstract" && p.Value == "true");

    public bool IsInactive => Properties.Any(p => (p.Key == "inactive" && p.Value == "true") || (p.Key == "status" && p.Value is "retired" or "inactive"));
}
