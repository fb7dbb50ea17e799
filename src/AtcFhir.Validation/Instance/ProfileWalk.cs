using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.Validation.Profiles;

namespace AtcFhir.Validation.Instance;

/// <summary>Walks a node and the rules of a profile side by side. Only what the profile demands is visited; a valid element costs no allocation.</summary>
internal sealed class ProfileWalk(Run run)
{
    private readonly SlicingWalk slicing = new(run);
    private readonly ValueCheck values = new(run);

    public void Check(Node node, ElementRule rule)
    {
        var parts = rule.Parts;
        if ((parts & RuleParts.Types) != 0 && !CheckType(node, rule))
        {
            // Of a wrong type nothing else is to be said.
            return;
        }

        if ((parts & RuleParts.Value) != 0)
        {
            values.Check(node, rule);
        }

        if ((parts & RuleParts.Narrative) != 0)
        {
            NarrativeLanguages.Check(run, node, rule);
        }

        if ((parts & RuleParts.Binding) != 0 && !LacksDemandedCode(node, rule))
        {
            run.Bindings.Check(node, rule.Binding!, FindingDetail.Of(rule));
        }

        if ((parts & (RuleParts.Invariants | RuleParts.Children)) == 0)
        {
            return;
        }

        var present = node.PresentElements;
        if ((parts & RuleParts.Invariants) != 0)
        {
            InvariantCheck.Check(run, node, rule.Invariants, present, rule.Profile);
        }

        foreach (var group in rule.Children)
        {
            // Most groups of a profile forbid or limit what most resources do not have.
            if (!group.MayBeAbsent || (present & group.Bit) != 0)
            {
                CheckGroup(node, group);
            }
        }
    }

    private bool CheckType(Node node, ElementRule rule)
    {
        TypeRule? matching = null;
        foreach (var type in rule.Types)
        {
            if (type.Type is null || node.Type == type.Type || (type.Type.IsAbstract && node.Type.Is(type.Type)))
            {
                matching = type;
                break;
            }
        }

        if (matching is null)
        {
            // The value that a FHIRPath system type stands for is checked by the parser.
            run.Findings.Add(
                Rules.Type,
                node,
                $"This is a {node.Type.Name}; {{profile}} allows {string.Join(" or ", rule.Types.Select(type => type.Code))}.",
                FindingDetail.Of(rule, string.Join(" or ", rule.Types.Select(type => type.Code)), node.Type.Name));
            return false;
        }

        if (matching.Profiles.Length > 0)
        {
            CheckTypeProfiles(node, matching, rule);
        }

        if (matching.Reference is { } reference)
        {
            run.ReferenceRules.Check(node, reference, rule);
        }

        return true;
    }

    /// <summary>One profile is checked and reported as such; of several, one has to fit.</summary>
    private void CheckTypeProfiles(Node node, TypeRule type, ElementRule rule)
    {
        var canonicals = type.Profiles;
        if (canonicals.Length == 1)
        {
            if (type.Only(run.Profiles) is { } only)
            {
                run.Check(node, only);
            }

            return;
        }

        foreach (var canonical in canonicals)
        {
            if (run.Conforms(node, canonical) != false)
            {
                return;
            }
        }

        run.Findings.Add(Rules.TypeProfile, node, $"This conforms to none of the profiles that are allowed here: {string.Join(", ", canonicals)}.", FindingDetail.Of(rule, string.Join(" or ", canonicals)));
    }

    private void CheckGroup(Node node, ChildGroup group)
    {
        var children = group.Element is { } element ? node.ChildrenOf(element) : node.ChildrenOf(group.Name);
        var count = 0;
        foreach (var child in children)
        {
            count++;
            Check(child, group.Rule);

            if (count == group.Max + 1L)
            {
                ReportTooMany(node, group, children.Count, child);
            }
        }

        if (count < group.Min && !IsSaidBySlices(group))
        {
            ReportTooFew(node, group, count);
        }

        if (group.Slicing is { } rules)
        {
            slicing.Check(node, group, rules, children);
        }
    }

    /// <summary>The element is demanded since slices of it are; these say more.</summary>
    private static bool IsSaidBySlices(ChildGroup group) => group.Slicing is { } rules && rules.Slices.Sum(slice => (long)slice.Min) >= group.Min;

    /// <summary>That the code or coding itself is missing is said by the cardinality; the binding need not say it again.</summary>
    private static bool LacksDemandedCode(Node node, ElementRule rule)
    {
        foreach (var group in rule.DemandedCodes)
        {
            if (!node.Child(group.Name).Exists)
            {
                return true;
            }
        }

        return false;
    }

    private void ReportTooMany(Node node, ChildGroup group, int count, Node first)
        => run.Findings.Add(
            Rules.Max,
            node,
            group.Max == 0
                ? $"{{Profile}} does not allow {group.Name} here."
                : $"{group.Name} occurs {count} times; {{profile}} allows at most {group.Max}.",
            FindingDetail.Of(group.Rule, Invariant($"at most {group.Max}"), Invariant($"{count}")),
            position: first);

    private void ReportTooFew(Node node, ChildGroup group, int count)
        => run.Findings.Add(
            Rules.Min,
            node,
            count == 0 ? $"{group.Name} is missing; {{profile}} demands {Times(group.Min)}." : $"{group.Name} occurs {count} times; {{profile}} demands at least {group.Min}.",
            FindingDetail.Of(group.Rule, Invariant($"at least {group.Min}"), Invariant($"{count}")));

    internal static string Times(int min) => min == 1 ? "it" : string.Create(CultureInfo.InvariantCulture, $"at least {min}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Does the node satisfy the rule? Nothing is reported.</summary>
    public bool Satisfies(Node node, ElementRule rule, out string? reason)
    {
        var before = run.Findings.BeginTrial();
        Check(node, rule);
        reason = run.Findings.FirstReason;
        return run.Findings.EndTrial(before);
    }

    internal static bool IsOfType(Node node, TypeSchema type) => node.Type == type || node.Type.Is(type);
}
