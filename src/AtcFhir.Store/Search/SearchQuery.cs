namespace AtcFhir.Store.Search;

/// <summary>A search that was understood: made by <see cref="SearchRequest"/>, carried out by the store.</summary>
public sealed record SearchQuery
{
    internal SearchQuery() { }

    /// <summary>The resource types searched; empty for all.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Matches on one page; 0 asks for the total only.</summary>
    public int Count { get; init; } = SearchRequest.DefaultCount;

    public SearchTotal Total { get; init; }

    /// <summary>Only resources in this compartment, such as ("Patient", "123").</summary>
    public Compartment? Compartment { get; init; }

    /// <summary>_contained: whether what is contained in other resources is searched.</summary>
    public ContainedMatches Contained { get; init; }

    /// <summary>_containedType: whether a match that is contained is given with its whole container.</summary>
    public bool ContainedAsContainer { get; init; } = true;

    /// <summary>The <see cref="SearchPage.Next"/> of the page before.</summary>
    public string? Cursor { get; init; }

    internal IReadOnlyList<Criterion> Criteria { get; init; } = [];

    internal IReadOnlyList<SearchSort> Sort { get; init; } = [];

    internal IReadOnlyList<IncludeDirective> Includes { get; init; } = [];

    /// <summary>The same search among the resources of a closure only.</summary>
    public SearchQuery Within(Closure closure) => this with { Criteria = [.. Criteria, new ClosureCriterion(closure)], Scope = $"{Scope}|{closure.Name}" };

    /// <summary>The same search among the resources that refer to that one by a search parameter, whether it is there or not.</summary>
    public SearchQuery ReferringTo(SearchParameterRegistry registry, string type, string id) => this with
    {
        Criteria = [.. Criteria, new ValueCriterion([.. SearchTypes.All.SelectMany(source => registry.Of(source)!.All).Where(parameter => parameter.Definition.Targets.Contains(type))], [new ReferenceOperand($"{type}/{id}", null)])],
        Scope = $"{Scope}|>{type}/{id}",
    };

    /// <summary>The same search among the resources that at least one of the others would find; only their conditions count.</summary>
    public SearchQuery MatchingAny(IReadOnlyList<SearchQuery> others) => this with
    {
        Criteria = [.. Criteria, new AnyCriterion([.. others.Select(Criterion (other) => other.Criteria.Count == 0 ? new TypeCriterion(other.Types) : new AllCriterion(other.Criteria))])],
        Scope = $"{Scope}|{string.Join('|', others.Select(other => other.Scope))}",
    };

    /// <summary>_text and _content: each has to be fulfilled by the words of the resource.</summary>
    internal IReadOnlyList<(bool NarrativeOnly, TextExpression Expression)> Texts { get; init; } = [];

    /// <summary>Location.near.</summary>
    internal IReadOnlyList<NearCondition> Nears { get; init; } = [];

    /// <summary>True when resources have to be read to be judged.</summary>
    internal bool IsOnBodies => Texts.Count + Nears.Count > 0;

    /// <summary>What a cursor belongs to: the parameters that decide which resources match and in which order. Searches of one scope find the same.</summary>
    public string Scope { get; internal init; } = "";
}

/// <summary><see href="https://hl7.org/fhir/R4/search.html#contained"/></summary>
public enum ContainedMatches
{
    /// <summary>Only resources that stand alone; but chains lead into contained ones.</summary>
    No,
    /// <summary>Only contained ones.</summary>
    Only,
    Both,
}

/// <summary><see href="https://hl7.org/fhir/R4/search.html#total"/></summary>
public enum SearchTotal
{
    None,
    Estimate,
    Accurate,
}

/// <summary><see href="https://hl7.org/fhir/R4/compartmentdefinition.html"/></summary>
public sealed record Compartment(string Code, string Id);

/// <summary>
/// Everything about some patients: what is in their compartments, a few resources besides, and what all of these refer to, unless that is another patient, or
/// in the compartment of another and of none of them.
/// </summary>
/// <param name="Name">Distinguishes it from others, for cursors: "Patient/123".</param>
/// <param name="Patients">Their ids; null for all patients.</param>
/// <param name="Besides">Resources that belong to it although they are in none of the compartments.</param>
/// <param name="WithReferenced">False leaves out what is only referred to.</param>
public sealed record Closure(string Name, IReadOnlyList<string>? Patients, IReadOnlyList<(string Type, string Id)> Besides, bool WithReferenced = true)
{
    /// <summary>True when it may be most of the store: then each resource is checked, in the order of the search, instead of all of them being found first.</summary>
    public bool IsWide { get; init; }
}

/// <summary>One page of matches and what they bring with them.</summary>
/// <param name="Matches">In the order asked for.</param>
/// <param name="Included">What _include and _revinclude add; no resource twice, none that is a match of this page.</param>
/// <param name="Next">Opaque and signed, valid across restarts, for <c>_cursor</c>; null on the last page.</param>
/// <param name="Total">When it was asked for.</param>
public sealed record SearchPage(IReadOnlyList<StoredResource> Matches, IReadOnlyList<StoredResource> Included, string? Next, long? Total);
