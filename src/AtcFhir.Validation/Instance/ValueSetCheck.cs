using System.Text.RegularExpressions;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Validation.Terminology;

namespace AtcFhir.Validation.Instance;

/// <summary>A ValueSet makes sense: its systems are code systems and have the codes, its filters fit them, its imports end. <see href="https://hl7.org/fhir/R4/valueset.html#compositions"/></summary>
internal static class ValueSetCheck
{
    /// <summary>What every code system has, besides the properties and filters that it declares. <see href="https://hl7.org/fhir/R4/codesystem-concept-properties.html"/></summary>
    private static readonly string[] CommonProperties =
        ["concept", "code", "display", "definition", "designation", "parent", "child", "inactive", "deprecated", "notSelectable", "abstract", "status", "subsumedBy"];

    public static void Check(Run run, Node valueSet)
    {
        var url = valueSet.Child("url").Text;
        foreach (var name in (string[])["include", "exclude"])
        {
            foreach (var part in valueSet.Child("compose").ChildrenOf(name))
            {
                CheckPart(run, part);
                foreach (var import in part.ChildrenOf("valueSet"))
                {
                    CheckImport(run, import, url);
                }
            }
        }

        CheckExpansion(run, valueSet.Child("expansion"));
    }

    private static void CheckPart(Run run, Node part)
    {
        if (part.Child("system") is not { HasValue: true, Text: { } canonical } system)
        {
            return;
        }

        if (!ReferenceIndex.IsAbsolute(canonical))
        {
            run.Findings.Add(Rules.CodingSystem, system, "The system of a value set is an absolute URI.");
            return;
        }

        if (canonical.Contains('|'))
        {
            run.Findings.Add(Rules.CodingSystem, system, "The system of a value set has no version in it; that is what include.version is for.");
            return;
        }

        if (run.Terminology.IsSupplement(canonical))
        {
            run.Findings.Add(Rules.CodingSystem, system, $"{canonical} supplements another code system; the codes are those of the other one.");
            return;
        }

        if (canonical.Contains("/ValueSet/", StringComparison.Ordinal) && run.Validator.Source.ValueSet(canonical) is not null)
        {
            run.Findings.Add(Rules.CodingSystem, system, $"{canonical} is a value set; it is taken in by valueSet, not by system.");
            return;
        }

        // Asked once: a version that is not there is looked for behind all the concepts.
        var version = part.Child("version");
        foreach (var concept in part.ChildrenOf("concept"))
        {
            run.Bindings.CheckListed(system, version, concept.Child("code"));
        }

        foreach (var filter in part.ChildrenOf("filter"))
        {
            CheckFilter(run, version, system, filter);
        }
    }

    private static void CheckFilter(Run run, Node version, Node system, Node filter)
    {
        var (property, value) = (filter.Child("property"), filter.Child("value"));
        switch (filter.Child("op").Text)
        {
            case "is-a" or "descendent-of" or "is-not-a" or "generalizes":
                run.Bindings.CheckListed(system, version, value);
                break;
            case "exists" when value.Text is not (null or "true" or "false"):
                run.Findings.Add(Rules.ValueSetDefinition, value, "The value of a filter with exists is true or false.");
                break;
            case "regex" when value.Text is { } pattern && !IsPattern(pattern):
                run.Findings.Add(Rules.ValueSetDefinition, value, "The value of a filter with regex is a regular expression; this one cannot be read.");
                break;
        }

        if (property.Text is { } name && !Declares(run, $"{system.Text}|{version.Text}".TrimEnd('|'), name))
        {
            // A supplement could add it.
            run.Findings.Add(Rules.ValueSetDefinition, property, $"The code system {system.Text} declares no property or filter '{name}'.", severity: IssueSeverity.Warning);
        }
    }

    /// <summary>Also true where it cannot be told: of a system that is not known whole.</summary>
    private static bool Declares(Run run, string canonical, string property)
    {
        var systems = run.Terminology.CodeSystems(canonical);
        return systems.Length == 0 || CommonProperties.Contains(property)
            || Array.Exists(systems, system => system.Content != CodeSystemContent.Complete || system.Declared is not { } declared || declared.Contains(property));
    }

    private static bool IsPattern(string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.None, TimeSpan.FromMilliseconds(100));
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static void CheckImport(Run run, Node import, string? url)
    {
        if (import.Text is not { } canonical)
        {
            return;
        }

        if (IsSame(canonical, url))
        {
            run.Findings.Add(Rules.ValueSetDefinition, import, "The value set imports itself.");
        }
        else if (run.Terminology.ValueSet(canonical) is not { } known)
        {
            run.Findings.Add(Rules.CodeNotChecked, import, $"The value set {canonical} is not known here{run.Terminology.OtherVersionsOfValueSet(canonical)}; what it brings in was not checked.");
        }
        else if (known.Problem is { } problem)
        {
            run.Findings.Add(Rules.ValueSetDefinition, import, $"{canonical} cannot be imported: {problem}.");
        }
        else if (LeadsTo(run, known, url))
        {
            run.Findings.Add(Rules.ValueSetDefinition, import, $"{canonical} imports this value set in turn; such a circle has no end.");
        }
    }

    /// <summary>Does what the value set imports, however far on, lead to that one?</summary>
    private static bool LeadsTo(Run run, CompiledValueSet from, string? url)
    {
        var open = new Stack<CompiledValueSet>([from]);
        var seen = new HashSet<CompiledValueSet> { from };
        while (url is not null && open.TryPop(out var set))
        {
            foreach (var import in set.Includes.Concat(set.Excludes).SelectMany(part => part.ValueSets))
            {
                if (IsSame(import, url))
                {
                    return true;
                }

                if (run.Terminology.ValueSet(import) is { } next && seen.Add(next))
                {
                    open.Push(next);
                }
            }
        }

        return false;
    }

    /// <summary>With or without a version it is the same value set.</summary>
    private static bool IsSame(string canonical, string? url) => url is not null && canonical.Split('|')[0] == url;

    /// <summary>The codes of an expansion are ones of their systems.</summary>
    private static void CheckExpansion(Run run, Node parent)
    {
        foreach (var item in parent.ChildrenOf("contains"))
        {
            run.Bindings.CheckListed(item.Child("system"), item.Child("version"), item.Child("code"));
            CheckExpansion(run, item);
        }
    }
}
