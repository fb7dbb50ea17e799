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
internal sealed class CodeSystemModel
{
    private readonly Dictionary<string, ConceptModel>.AlternateLookup<ReadOnlySpan<char>> bySpan;
    private readonly Lazy<ILookup<string, ConceptModel>> children;

    public CodeSystemModel(string url, string? version, CodeSystemContent content, bool caseSensitive, IEnumerable<ConceptModel> concepts)
    {
        (Url, Version, Content, IsCaseSensitive) = (url, version, content, caseSensitive);
        var comparer = caseSensitive ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;
        var index = new Dictionary<string, ConceptModel>(comparer);
        foreach (var concept in concepts)
        {
            index.TryAdd(concept.Code, concept);
        }

        bySpan = index.GetAlternateLookup<ReadOnlySpan<char>>();
        children = new(() => index.Values.SelectMany(concept => concept.Parents.Select(parent => (parent, concept))).ToLookup(pair => pair.parent, pair => pair.concept, comparer));
    }

    public string Url { get; }

    public string? Version { get; }

    public CodeSystemContent Content { get; }

    /// <summary>True of what came with the R4 definitions; their concepts have no properties here but the hierarchy, notSelectable and inactive.</summary>
    public bool IsOfficial { get; init; }

    public bool IsCaseSensitive { get; }

    /// <summary>The properties and filters that the system declares; null where that was not kept.</summary>
    public IReadOnlySet<string>? Declared { get; init; }

    /// <summary>For people: the title, or the name.</summary>
    public string? Name { get; init; }

    /// <summary>Of a supplement: canonical of the system that it adds to.</summary>
    public string? Supplements { get; init; }

    /// <summary>In the order of the definition.</summary>
    public IReadOnlyCollection<ConceptModel> Concepts => bySpan.Dictionary.Values;

    public ConceptModel? Find(ReadOnlySpan<char> code) => bySpan.TryGetValue(code, out var concept) ? concept : null;

    /// <summary>The concepts directly below.</summary>
    public IEnumerable<ConceptModel> ChildrenOf(string code) => children.Value[code];

    /// <summary>Are the codes the same one, by the rules of this system?</summary>
    public bool AreSame(string left, string right) => string.Equals(left, right, IsCaseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);

    /// <summary>True when the ancestor stands above the code, or is it.</summary>
    public bool IsA(string code, string ancestor)
    {
        // Most concepts have one parent; the count only guards against a circle in the data.
        var concept = Find(code);
        for (var steps = 0; concept is not null && steps <= bySpan.Dictionary.Count; steps++)
        {
            if (AreSame(concept.Code, ancestor))
            {
                return true;
            }

            if (concept.Parents.Count > 1)
            {
                return AnyIsA(concept, ancestor);
            }

            concept = concept.Parents.Count == 0 ? null : Find(concept.Parents[0]);
        }

        return false;
    }

    private bool AnyIsA(ConceptModel concept, string ancestor)
    {
        var open = new Stack<ConceptModel>([concept]);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (open.TryPop(out var at))
        {
            if (AreSame(at.Code, ancestor))
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
}
