using System.Collections.Frozen;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Validation.Terminology;

/// <summary>
/// A value set that answers whether it holds a code: lists as hashes, whole systems and filters against the code system, imports by recursion.
/// <see href="https://hl7.org/fhir/R4/valueset.html#compositions"/>
/// </summary>
internal sealed class CompiledValueSet
{
    /// <summary>Imports of one question; value sets that import each other many times over would ask without end.</summary>
    private const int MaxQuestions = 2_000;

    private readonly TerminologyService terminology;
    private readonly Component[] includes;
    private readonly Component[] excludes;
    private readonly bool hasImports;
    private readonly Lazy<ImportGraph> imports;

    public CompiledValueSet(ValueSetModel model, TerminologyService terminology)
    {
        this.terminology = terminology;
        Model = model;
        includes = [.. model.Includes.Select(include => new Component(include, terminology))];
        excludes = [.. model.Excludes.Select(exclude => new Component(exclude, terminology))];
        if (includes.Length == 0 && model.Expansion is { } expansion)
        {
            includes = [.. expansion.GroupBy(code => code.System, code => code.Code).Select(group => new Component(new ComposeModel(group.Key, null, [.. group], [], []), terminology))];
        }

        hasImports = Array.Exists(includes, include => include.ValueSets.Length > 0) || Array.Exists(excludes, exclude => exclude.ValueSets.Length > 0);
        imports = new(() => ImportGraph.Of(this, terminology));
    }

    public ValueSetModel Model { get; }

    public string Url => Model.Url;

    public string? Version => Model.Version;

    public string Name => Model.Name;

    public IReadOnlyList<Component> Includes => includes;

    public IReadOnlyList<Component> Excludes => excludes;

    /// <summary>Why nothing can be said of any code: the value set imports itself, or too many others. Null of a sound one.</summary>
    public string? Problem => hasImports ? imports.Value.Problem : null;

    /// <summary>Does it draw from the code system, by itself or by an import?</summary>
    public bool MentionsSystem(string system)
        => hasImports ? imports.Value.HasUnknown || imports.Value.Systems.Contains(system) : Array.Exists(includes, include => include.System == system);

    private List<string> SomeCodes(int count) => [.. includes.Where(i => i.Codes is not null).SelectMany(i => i.Listed).Select(listed => listed.Code).Take(count)];

    /// <summary>" Expected one of: a, b." where the codes are few; otherwise empty.</summary>
    public string FewCodes => field ??= SomeCodes(9) is { Count: not (0 or 9) } some ? $" Expected one of: {string.Join(", ", some)}." : "";

    /// <summary>Without a system (elements of type code) any system of the set will do.</summary>
    /// <param name="version">Empty for none, as for the system.</param>
    public Membership Contains(ReadOnlySpan<char> system, ReadOnlySpan<char> version, ReadOnlySpan<char> code)
    {
        var questions = 0;
        return Problem is null ? Contains(system, version, code, ref questions) : Membership.NotChecked;
    }

    /// <summary>Do the excludes take the code out again?</summary>
    public Membership IsExcluded(ReadOnlySpan<char> system, ReadOnlySpan<char> version, ReadOnlySpan<char> code)
    {
        var questions = 0;
        return Any(excludes, system, version, code, ref questions);
    }

    private Membership Contains(ReadOnlySpan<char> system, ReadOnlySpan<char> version, ReadOnlySpan<char> code, ref int questions)
    {
        var included = Any(includes, system, version, code, ref questions);
        if (included == Membership.NotIn || excludes.Length == 0)
        {
            return included;
        }

        return Any(excludes, system, version, code, ref questions) switch
        {
            Membership.In => Membership.NotIn,
            Membership.NotIn => included,
            _ => Membership.NotChecked,
        };
    }

    private Membership Any(Component[] components, ReadOnlySpan<char> system, ReadOnlySpan<char> version, ReadOnlySpan<char> code, ref int questions)
    {
        var answer = Membership.NotIn;
        foreach (var component in components)
        {
            switch (Contains(component, system, version, code, ref questions))
            {
                case Membership.In:
                    return Membership.In;
                case Membership.NotChecked:
                    answer = Membership.NotChecked;
                    break;
            }
        }

        return answer;
    }

    private Membership Contains(Component component, ReadOnlySpan<char> system, ReadOnlySpan<char> version, ReadOnlySpan<char> code, ref int questions)
    {
        var answer = Membership.In;
        if (component.System is { } own)
        {
            if (!system.IsEmpty && !system.SequenceEqual(own))
            {
                return Membership.NotIn;
            }

            answer = InSystem(component, version.IsEmpty ? component.Version : version, code);
        }
        else if (component.Codes is { } codes && !codes.Contains(code))
        {
            return Membership.NotIn;
        }

        foreach (var import in component.ValueSets)
        {
            if (answer == Membership.NotIn)
            {
                break;
            }

            var imported = ++questions <= MaxQuestions && terminology.ValueSet(import) is { } other
                ? other.Contains(system.IsEmpty ? component.System : system, version, code, ref questions)
                : Membership.NotChecked;
            answer = imported == Membership.In ? answer : imported;
        }

        return answer;
    }

    private Membership InSystem(Component component, ReadOnlySpan<char> version, ReadOnlySpan<char> code)
    {
        var system = component.System!;
        if (component.Codes is { } codes)
        {
            if (codes.Contains(code) || (terminology.CodeSystems(system) is [{ IsCaseSensitive: false }, ..] && ListsIgnoringCase(component, code)))
            {
                return Model.TakesInactive == false && terminology.Concept(system, version, code) is { IsInactive: true } ? Membership.NotIn : Membership.In;
            }

            return Membership.NotIn;
        }

        if (component.Filters.Length == 0 && Model.TakesInactive != false)
        {
            return terminology.Knows(system, version, code) switch
            {
                CodeKnowledge.Valid or CodeKnowledge.OlderVersionOnly => Membership.In,
                CodeKnowledge.Invalid or CodeKnowledge.NotInOldVersion => Membership.NotIn,
                _ => !version.IsEmpty && terminology.Knows(system, default, code) is CodeKnowledge.Valid ? Membership.In : Membership.NotChecked,
            };
        }

        if (SystemByRule.Has(system))
        {
            return SystemByRule.Knows(system, code) == false ? Membership.NotIn : component.Filters.Length == 0 ? Membership.In : Membership.NotChecked;
        }

        var known = terminology.CodeSystems(version.IsEmpty ? system : $"{system}|{version}");
        if (known.Length == 0)
        {
            known = terminology.CodeSystems(system);
        }

        foreach (var model in known)
        {
            if (model.Find(code) is { } concept)
            {
                return Model.TakesInactive == false && concept.IsInactive ? Membership.NotIn : component.Passes(model, concept);
            }
        }

        return Array.Exists(known, model => model.Content == CodeSystemContent.Complete) ? Membership.NotIn : Membership.NotChecked;
    }

    private static bool ListsIgnoringCase(Component component, ReadOnlySpan<char> code)
    {
        foreach (var listed in component.Listed)
        {
            if (code.Equals(listed.Code, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>An include or exclude, ready to be asked.</summary>
    internal sealed class Component(ComposeModel model, TerminologyService terminology)
    {
        public string? System { get; } = model.System;

        public string? Version { get; } = model.Version;

        public FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>>? Codes { get; } = model.Codes?.Select(listed => listed.Code).ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

        public IReadOnlyList<ListedCode> Listed { get; } = model.Codes ?? [];

        public ConceptFilter[] Filters { get; } = [.. model.Filters.Select(filter => new ConceptFilter(filter, terminology))];

        public string[] ValueSets { get; } = [.. model.ValueSets];

        public ComposeModel Model { get; } = model;

        /// <summary>Does the concept pass all filters?</summary>
        public Membership Passes(CodeSystemModel system, ConceptModel concept)
        {
            var answer = Membership.In;
            foreach (var filter in Filters)
            {
                switch (filter.Passes(system, concept))
                {
                    case Membership.NotIn:
                        return Membership.NotIn;
                    case Membership.NotChecked:
                        answer = Membership.NotChecked;
                        break;
                }
            }

            return answer;
        }
    }
}
