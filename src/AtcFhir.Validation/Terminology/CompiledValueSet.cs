using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace AtcFhir.Validation.Terminology;

/// <summary>
/// A value set that answers whether it holds a code: lists as hashes, whole systems and filters against the code system, imports by recursion.
/// <see href="https://hl7.org/fhir/R4/valueset.html#compositions"/>
/// </summary>
internal sealed class CompiledValueSet
{
    /// <summary>Value sets may import each other in a circle; deeper than this nothing new is said.</summary>
    private const int MaxDepth = 24;

    private static readonly TimeSpan RegexLimit = TimeSpan.FromMilliseconds(100);

    private readonly TerminologyService terminology;
    private readonly Component[] includes;
    private readonly Component[] excludes;

    public CompiledValueSet(ValueSetModel model, TerminologyService terminology)
    {
        this.terminology = terminology;
        Url = model.Url;
        Version = model.Version;
        Name = model.Name;
        includes = [.. model.Includes.Select(include => new Component(include))];
        excludes = [.. model.Excludes.Select(exclude => new Component(exclude))];
        if (includes.Length == 0 && model.Expansion is { } expansion)
        {
            includes = [.. expansion.GroupBy(code => code.System, code => code.Code).Select(group => new Component(new ComposeModel(group.Key, null, [.. group], [], [])))];
        }
    }

    public string Url { get; }

    public string? Version { get; }

    public string Name { get; }

    /// <summary>The code systems that it draws from, imports included.</summary>
    public bool MentionsSystem(string system) => MentionsSystem(system, 0);

    private bool MentionsSystem(string system, int depth)
    {
        foreach (var include in includes)
        {
            if (include.System == system
                || (depth < MaxDepth && Array.Exists(include.ValueSets, import => terminology.ValueSet(import) is not { } other || other.MentionsSystem(system, depth + 1))))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Up to <paramref name="count"/> listed codes, for messages; empty when the set is not given by lists.</summary>
    public IReadOnlyList<string> SomeCodes(int count) => [.. includes.Where(i => i.Codes is not null).SelectMany(i => i.Listed).Take(count)];

    /// <summary>Without a system (elements of type code) any system of the set will do.</summary>
    /// <param name="version">Empty for none, as for the system.</param>
    public Membership Contains(ReadOnlySpan<char> system, ReadOnlySpan<char> version, ReadOnlySpan<char> code) => Contains(system, version, code, 0);

    private Membership Contains(ReadOnlySpan<char> system, ReadOnlySpan<char> version, ReadOnlySpan<char> code, int depth)
    {
        var included = Any(includes, system, version, code, depth);
        if (included == Membership.NotIn || excludes.Length == 0)
        {
            return included;
        }

        return Any(excludes, system, version, code, depth) switch
        {
            Membership.In => Membership.NotIn,
            Membership.NotIn => included,
            _ => Membership.NotChecked,
        };
    }

    private Membership Any(Component[] components, ReadOnlySpan<char> system, ReadOnlySpan<char> version, ReadOnlySpan<char> code, int depth)
    {
        var answer = Membership.NotIn;
        foreach (var component in components)
        {
            switch (Contains(component, system, version, code, depth))
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

    private Membership Contains(Component component, ReadOnlySpan<char> system, ReadOnlySpan<char> version, ReadOnlySpan<char> code, int depth)
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

            var imported = depth < MaxDepth && terminology.ValueSet(import) is { } other ? other.Contains(system.IsEmpty ? component.System : system, version, code, depth + 1) : Membership.NotChecked;
            answer = imported == Membership.In ? answer : imported;
        }

        return answer;
    }

    private Membership InSystem(Component component, ReadOnlySpan<char> version, ReadOnlySpan<char> code)
    {
        var system = component.System!;
        if (component.Codes is { } codes)
        {
            if (codes.Contains(code))
            {
                return Membership.In;
            }

            return terminology.CodeSystems(system) is [{ IsCaseSensitive: false }, ..] && ListsIgnoringCase(component, code)
                ? Membership.In
                : Membership.NotIn;
        }

        if (component.Filters.Length == 0)
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
            return SystemByRule.Knows(system, code) == false ? Membership.NotIn : Membership.NotChecked;
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
                return PassesAll(component.Filters, model, concept);
            }
        }

        return Array.Exists(known, model => model.Content == CodeSystemContent.Complete) ? Membership.NotIn : Membership.NotChecked;
    }

    private static bool ListsIgnoringCase(Component component, ReadOnlySpan<char> code)
    {
        foreach (var listed in component.Listed)
        {
            if (code.Equals(listed, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private Membership PassesAll(FilterModel[] filters, CodeSystemModel system, ConceptModel concept)
    {
        var answer = Membership.In;
        foreach (var filter in filters)
        {
            switch (Passes(filter, system, concept))
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

    private Membership Passes(FilterModel filter, CodeSystemModel system, ConceptModel concept)
    {
        bool? holds = filter.Operation switch
        {
            "is-a" => system.IsA(concept.Code, filter.Value),
            "descendent-of" => concept.Code != filter.Value && system.IsA(concept.Code, filter.Value),
            "is-not-a" => !system.IsA(concept.Code, filter.Value),
            "generalizes" => system.IsA(filter.Value, concept.Code),
            "=" => Values(filter.Property, concept).Any(value => value == filter.Value),
            "in" => ListOrValueSet(filter, system, concept),
            "not-in" => !ListOrValueSet(filter, system, concept),
            "exists" => Values(filter.Property, concept).Any() == (filter.Value != "false"),
            "regex" => MatchesAny(filter, concept),
            _ => null,
        };
        return holds switch { true => Membership.In, false => Membership.NotIn, null => Membership.NotChecked };
    }

    /// <summary>The value is a list of codes with commas, or the canonical of a value set.</summary>
    private bool? ListOrValueSet(FilterModel filter, CodeSystemModel system, ConceptModel concept)
    {
        if (filter.Property is "concept" or "code" && terminology.ValueSet(filter.Value) is { } other)
        {
            return other.Contains(system.Url, default, concept.Code, 1) switch { Membership.In => true, Membership.NotIn => false, _ => null };
        }

        var listed = filter.Value.Split(',', StringSplitOptions.TrimEntries);
        return Values(filter.Property, concept).Any(value => listed.Contains(value, StringComparer.Ordinal));
    }

    private static bool? MatchesAny(FilterModel filter, ConceptModel concept)
    {
        try
        {
            return Values(filter.Property, concept).Any(value => Regex.IsMatch(value, "^(?:" + filter.Value + ")$", RegexOptions.CultureInvariant, RegexLimit));
        }
        catch (Exception unusable) when (unusable is ArgumentException or RegexMatchTimeoutException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Values(string property, ConceptModel concept) => property switch
    {
        "concept" or "code" => [concept.Code],
        "display" => concept.Display is { } display ? [display] : [],
        "parent" => concept.Parents,
        _ => concept.Properties.Where(p => p.Key == property).Select(p => p.Value),
    };

    private sealed class Component(ComposeModel model)
    {
        public string? System { get; } = model.System;

        public string? Version { get; } = model.Version;

        public FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>>? Codes { get; } = model.Codes?.ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

        public IReadOnlyList<string> Listed { get; } = model.Codes ?? [];

        public FilterModel[] Filters { get; } = [.. model.Filters];

        public string[] ValueSets { get; } = [.. model.ValueSets];
    }
}
