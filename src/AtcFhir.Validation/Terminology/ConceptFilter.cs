using System.Text.RegularExpressions;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Validation.Terminology;

/// <summary>One filter of a compose, asked about concepts. <see href="https://hl7.org/fhir/R4/valueset-filter-operator.html"/></summary>
internal sealed class ConceptFilter(FilterModel model, TerminologyService terminology)
{
    private static readonly TimeSpan RegexLimit = TimeSpan.FromMilliseconds(100);

    /// <summary>After so many timeouts a regular expression is not tried again.</summary>
    private const int Patience = 3;

    /// <summary>What our copy of the official code systems knows of a concept.</summary>
    private static readonly string[] Kept = ["concept", "code", "display", "parent", "child", "notSelectable", "abstract", "inactive"];

    private readonly Lazy<Regex?> pattern = new(() => Compile(model.Value));

    private string[]? listed;
    private int timeouts;

    public Membership Passes(CodeSystemModel system, ConceptModel concept)
    {
        if (system.IsOfficial && !Kept.Contains(model.Property) && model.Operation is "=" or "in" or "not-in" or "exists" or "regex")
        {
            return Membership.NotChecked;
        }

        bool? holds = model.Operation switch
        {
            "is-a" => system.IsA(concept.Code, model.Value),
            "descendent-of" => !system.AreSame(concept.Code, model.Value) && system.IsA(concept.Code, model.Value),
            "is-not-a" => !system.IsA(concept.Code, model.Value),
            "generalizes" => system.IsA(model.Value, concept.Code),
            // R5 names, which packages made for several versions carry over.
            "child-of" => concept.Parents.Any(parent => system.AreSame(parent, model.Value)),
            "descendent-leaf" => !system.AreSame(concept.Code, model.Value) && system.IsA(concept.Code, model.Value) && !system.ChildrenOf(concept.Code).Any(),
            "=" => Values(system, concept).Any(value => IsValue(system, value)),
            "in" => IsListed(system, concept),
            "not-in" => !IsListed(system, concept),
            "exists" => Values(system, concept).Any() == (model.Value != "false"),
            "regex" => Matches(system, concept),
            _ => null,
        };
        return holds switch { true => Membership.In, false => Membership.NotIn, null => Membership.NotChecked };
    }

    private bool IsValue(CodeSystemModel system, string value)
        => model.Property is "concept" or "code" or "parent" or "child" ? system.AreSame(value, model.Value) : value == model.Value;

    /// <summary>The value is a list of codes with commas, or the canonical of a value set.</summary>
    private bool? IsListed(CodeSystemModel system, ConceptModel concept)
    {
        if (model.Property is "concept" or "code" && model.Value.Contains('/', StringComparison.Ordinal) && terminology.ValueSet(model.Value) is { } other)
        {
            return other.Contains(system.Url, default, concept.Code) switch { Membership.In => true, Membership.NotIn => false, _ => null };
        }

        listed ??= model.Value.Split(',', StringSplitOptions.TrimEntries);
        return Values(system, concept).Any(value => listed.Contains(value, StringComparer.Ordinal));
    }

    private bool? Matches(CodeSystemModel system, ConceptModel concept)
    {
        if (pattern.Value is not { } regex || timeouts >= Patience)
        {
            return null;
        }

        try
        {
            return Values(system, concept).Any(regex.IsMatch);
        }
        catch (RegexMatchTimeoutException)
        {
            Interlocked.Increment(ref timeouts);
            return null;
        }
    }

    private static Regex? Compile(string pattern)
    {
        try
        {
            return new Regex("^(?:" + pattern + ")$", RegexOptions.CultureInvariant, RegexLimit);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private IEnumerable<string> Values(CodeSystemModel system, ConceptModel concept) => model.Property switch
    {
        "concept" or "code" => [concept.Code],
        "display" => concept.Display is { } display ? [display] : [],
        "definition" => concept.Definition is { } definition ? [definition] : [],
        "parent" => concept.Parents,
        "child" => system.ChildrenOf(concept.Code).Select(child => child.Code),
        "inactive" => [concept.IsInactive ? "true" : "false"],
        "notSelectable" or "abstract" => [concept.IsAbstract ? "true" : "false"],
        _ => concept.Properties.Where(p => p.Code == model.Property).Select(p => p.Value),
    };
}
