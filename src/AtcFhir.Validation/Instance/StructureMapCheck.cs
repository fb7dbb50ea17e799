using System.Collections.Immutable;
using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;

namespace AtcFhir.Validation.Instance;

/// <summary>
/// The variables of a StructureMap are known where they are used: the inputs of the group, what the rules around have named, and what the rule itself has named before.
/// <see href="https://hl7.org/fhir/R4/structuremap-definitions.html#StructureMap.group.rule.target.context"/>
/// </summary>
internal static class StructureMapCheck
{
    public static void Check(Run run, Node map)
    {
        // A source may name a type as well: one of R4, or a structure that the map uses.
        var structures = new HashSet<string>(StringComparer.Ordinal);
        foreach (var structure in map.ChildrenOf("structure"))
        {
            structures.Add(structure.Child("alias").Text ?? structure.Child("url").Text?.Split('/')[^1] ?? "");
        }

        foreach (var group in map.ChildrenOf("group"))
        {
            // A group without inputs is said to lack them; its variables would be unknown for that alone.
            var inputs = group.ChildrenOf("input").ToList().Select(input => input.Child("name").Text).OfType<string>().ToList();
            if (inputs.Count > 0)
            {
                CheckRules(run, group, ImmutableHashSet.CreateRange(StringComparer.Ordinal, inputs), structures);
            }
        }
    }

    private static void CheckRules(Run run, Node parent, ImmutableHashSet<string> known, HashSet<string> structures)
    {
        foreach (var rule in parent.ChildrenOf("rule"))
        {
            CheckRule(run, rule, known, structures);
        }
    }

    private static void CheckRule(Run run, Node rule, ImmutableHashSet<string> known, HashSet<string> structures)
    {
        foreach (var source in rule.ChildrenOf("source"))
        {
            if (source.Child("context") is { Text: { } name } context && R4Definitions.Find(name) is null && !structures.Contains(name))
            {
                CheckKnown(run, context, known);
            }

            known = With(known, source);
        }

        foreach (var target in rule.ChildrenOf("target"))
        {
            if (target.Child("contextType").TextEquals("variable"u8))
            {
                CheckKnown(run, target.Child("context"), known);
            }

            foreach (var parameter in target.ChildrenOf("parameter"))
            {
                if (parameter.Child("value") is { Exists: true } value && value.Type.Name == "id")
                {
                    CheckKnown(run, value, known);
                }
            }

            known = With(known, target);
        }

        foreach (var dependent in rule.ChildrenOf("dependent"))
        {
            foreach (var variable in dependent.ChildrenOf("variable"))
            {
                CheckKnown(run, variable, known);
            }
        }

        CheckRules(run, rule, known, structures);
    }

    private static ImmutableHashSet<string> With(ImmutableHashSet<string> known, Node named) => named.Child("variable").Text is { } name ? known.Add(name) : known;

    private static void CheckKnown(Run run, Node use, ImmutableHashSet<string> known)
    {
        if (use.Text is { } name && !known.Contains(name))
        {
            var few = known.Count > 10 ? "" : $"; known are {string.Join(", ", known.Order(StringComparer.Ordinal))}";
            run.Findings.Add(Rules.MapVariable, use, $"The variable {name} is not known here{few}.");
        }
    }
}
