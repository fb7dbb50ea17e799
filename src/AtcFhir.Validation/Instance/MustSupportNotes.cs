using AtcFhir.R4.Documents;
using AtcFhir.Validation.Profiles;

namespace AtcFhir.Validation.Instance;

/// <summary>
/// Which elements a profile marks as must support and the resource does not have: no fault of an instance, but what a sender may have forgotten. Slices are
/// left out, since of these several may stand for one another. <see href="https://hl7.org/fhir/R4/profiling.html#mustsupport"/>
/// </summary>
internal static class MustSupportNotes
{
    public static void Add(Run run, Node resource, CompiledProfile profile)
    {
        if (run.Profiles.TreeOf(profile) is { } tree)
        {
            Look(run, resource, tree, profile);
        }
    }

    private static void Look(Run run, Node node, ElementNode definition, CompiledProfile profile)
    {
        foreach (var child in definition.Children)
        {
            if (!HasMarks(child))
            {
                continue;
            }

            var name = child.Name.EndsWith("[x]", StringComparison.Ordinal) ? child.Name[..^3] : child.Name;
            var occurrences = node.ChildrenOf(name);
            if (occurrences.IsEmpty)
            {
                if (child.Model.MustSupport == true && child.Model.Max != 0)
                {
                    run.Findings.Add(Rules.MustSupport, node, $"{name} is not here; {{profile}} marks it as must support.", new FindingDetail($"{profile.Structure.Canonical} {child.Model.Id}", profile));
                }

                continue;
            }

            foreach (var occurrence in occurrences)
            {
                Look(run, occurrence, child, profile);
            }
        }
    }

    private static bool HasMarks(ElementNode node) => node.Model.MustSupport == true || node.Children.Exists(HasMarks);
}
