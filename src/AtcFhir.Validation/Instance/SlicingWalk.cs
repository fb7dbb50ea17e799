using AtcFhir.R4.Documents;
using AtcFhir.Validation.Conformance;
using AtcFhir.Validation.Profiles;
using AtcFhir.Validation.Terminology;

namespace AtcFhir.Validation.Instance;

/// <summary>
/// Sorts the occurrences of an element into the slices of a profile and checks each one as a member of its slice.
/// <see href="https://hl7.org/fhir/R4/profiling.html#slicing"/>
/// </summary>
internal sealed class SlicingWalk(Run run)
{
    private enum Match : byte
    {
        No,
        Yes,
        /// <summary>It hangs on a code that cannot be checked here.</summary>
        Undetermined,
    }

    public void Check(Node parent, ChildGroup group, SlicingRule slicing, NodeChildren children) => Check(parent, group.Name, slicing, children, null);

    private void Check(Node parent, string name, SlicingRule slicing, NodeChildren children, Func<Node, bool>? within)
    {
        Span<int> counts = slicing.Slices.Length <= 64 ? stackalloc int[slicing.Slices.Length] : new int[slicing.Slices.Length];
        var last = -1;
        var others = 0;
        var undetermined = false;
        var sawOther = default(Node);
        foreach (var child in children)
        {
            if (within is not null && !within(child))
            {
                continue;
            }

            var index = Assign(child, slicing, ref undetermined);
            if (index < 0)
            {
                others++;
                sawOther = sawOther.Exists ? sawOther : child;
                CheckOther(child, name, slicing, undetermined);
                if (others == slicing.Default?.Max + 1L)
                {
                    ReportTooMany(child, slicing.Default!, parent, name);
                }

                continue;
            }

            if (sawOther.Exists && slicing.Model.Rules == SlicingRules.OpenAtEnd)
            {
                run.Findings.Add(Rules.SliceAtEnd, sawOther, $"This {name} belongs to no slice; such ones come after all slices, but '{slicing.Slices[index].Name}' follows.", Diagnostics(slicing.Slices[index]));
                sawOther = default;
            }

            if (slicing.Model.Ordered && index < last)
            {
                run.Findings.Add(
                    Rules.SliceOrder,
                    child,
                    $"This {name} is of slice '{slicing.Slices[index].Name}', which comes before slice '{slicing.Slices[last].Name}'; the slices are ordered.",
                    Diagnostics(slicing.Slices[index]));
            }

            last = Math.Max(last, index);
            counts[index]++;
            CheckMember(child, slicing.Slices[index], counts[index], parent, name);
        }

        for (var i = 0; i < counts.Length; i++)
        {
            var slice = slicing.Slices[i];
            if (counts[i] < slice.Min && !undetermined)
            {
                ReportTooFew(parent, name, slice, counts[i], children);
            }

            if (slice.Reslicing is { } inner && counts[i] > 0)
            {
                CheckWithin(slice, parent, name, inner, children, within);
            }
        }

        if (slicing.Default is { } fallback && others < fallback.Min)
        {
            run.Findings.Add(Rules.SliceMin, parent, $"Slice '{fallback.Name}' of {name} demands at least {fallback.Min}; found {others}.", Diagnostics(fallback));
        }
    }

    private void CheckWithin(SliceRule slice, Node parent, string name, SlicingRule inner, NodeChildren children, Func<Node, bool>? within)
        => Check(parent, name, inner, children, child => IsMember(child, slice, out _) == Match.Yes && (within is null || within(child)));

    private void CheckMember(Node child, SliceRule slice, int count, Node parent, string name)
    {
        if (count == slice.Max + 1L)
        {
            ReportTooMany(child, slice, parent, name);
        }

        run.Profile.Check(child, slice.Rule);
    }

    private void ReportTooMany(Node first, SliceRule slice, Node parent, string name)
        => run.Findings.Add(
            Rules.SliceMax,
            parent,
            slice.Max == 0 ? $"{{Profile}} does not allow slice '{slice.Name}' of {name} here." : $"Slice '{slice.Name}' of {name} occurs more often than {{profile}} allows: at most {slice.Max}.",
            Diagnostics(slice, string.Create(CultureInfo.InvariantCulture, $"at most {slice.Max}")),
            position: first);

    private void CheckOther(Node child, string name, SlicingRule slicing, bool undetermined)
    {
        if (slicing.Default is { } fallback)
        {
            run.Profile.Check(child, fallback.Rule);
        }
        else if (slicing.Model.Rules == SlicingRules.Closed && !undetermined)
        {
            var nearest = Nearest(child, slicing);
            run.Findings.Add(
                Rules.NoSlice,
                child,
                slicing.Slices.Length == 0 ? $"The slicing of {name} is closed and has no slices." : $"This {name} matches no slice, and the slicing is closed. {nearest}",
                slicing.Slices.Length == 0 ? default : Diagnostics(slicing.Slices[0], string.Join(" or ", slicing.Slices.Select(slice => slice.Name)), FoundText.Of(child)));
        }
    }

    private void ReportTooFew(Node parent, string name, SliceRule slice, int count, NodeChildren children)
    {
        var found = count == 0 ? "none was found" : string.Create(CultureInfo.InvariantCulture, $"found {count}");
        var nearest = "";
        if (count == 0 && slice.Criteria.Length > 0)
        {
            foreach (var child in children)
            {
                nearest = $" {child.Expression} is not one: it {FirstFailure(child, slice)}.";
                break;
            }
        }

        run.Findings.Add(Rules.SliceMin, parent, $"Slice '{slice.Name}' of {name} is demanded at least {(slice.Min == 1 ? "once" : slice.Min + " times")}; {found}.{nearest}", Diagnostics(slice, string.Create(CultureInfo.InvariantCulture, $"at least {slice.Min}"), string.Create(CultureInfo.InvariantCulture, $"{count}")));
    }

    /// <summary>The slice with the fewest failing discriminators, and what fails.</summary>
    private string Nearest(Node child, SlicingRule slicing)
    {
        SliceRule? nearest = null;
        var fewest = int.MaxValue;
        foreach (var slice in slicing.Slices)
        {
            var failing = 0;
            foreach (var criterion in slice.Criteria)
            {
                failing += Holds(child, criterion) == Match.No ? 1 : 0;
            }

            if (failing < fewest)
            {
                (nearest, fewest) = (slice, failing);
            }
        }

        return nearest is null ? "" : $"Closest is slice '{nearest.Name}': it {FirstFailure(child, nearest)}.";
    }

    private string FirstFailure(Node child, SliceRule slice)
    {
        foreach (var criterion in slice.Criteria)
        {
            if (Holds(child, criterion) == Match.No)
            {
                return criterion.Demand;
            }
        }

        return run.Profile.Satisfies(child, slice.Rule, out var reason) ? "fits" : "does not satisfy the slice: " + reason;
    }

    /// <summary>The index of the slice that the child belongs to, -1 for none.</summary>
    private int Assign(Node child, SlicingRule slicing, ref bool undetermined)
    {
        if (slicing.Texts?.Find(child) is { } byText)
        {
            return byText;
        }

        var found = -1;
        for (var i = 0; i < slicing.Slices.Length; i++)
        {
            switch (IsMember(child, slicing.Slices[i], out var byRule))
            {
                case Match.Undetermined:
                    undetermined = true;
                    break;
                case Match.Yes when found < 0:
                    found = i;
                    break;
                case Match.Yes when !byRule:
                    run.Findings.Add(
                        Rules.AmbiguousSlice,
                        child,
                        $"This matches the slices '{slicing.Slices[found].Name}' and '{slicing.Slices[i].Name}'; it may belong to one only.",
                        Diagnostics(slicing.Slices[i]));
                    return found;
            }
        }

        return found;
    }

    private Match IsMember(Node child, SliceRule slice, out bool byRule)
    {
        byRule = slice.Criteria.Length == 0;
        if (byRule)
        {
            return run.Profile.Satisfies(child, slice.Rule, out _) ? Match.Yes : Match.No;
        }

        var answer = Match.Yes;
        foreach (var criterion in slice.Criteria)
        {
            switch (Holds(child, criterion))
            {
                case Match.No:
                    return Match.No;
                case Match.Undetermined:
                    answer = Match.Undetermined;
                    break;
            }
        }

        return answer;
    }

    private Match Holds(Node child, Criterion criterion)
    {
        if (criterion.Kind == CriterionKind.NotExists)
        {
            return Any(child, criterion, 0) == Match.Yes ? Match.No : Match.Yes;
        }

        return Any(child, criterion, 0);
    }

    /// <summary>Follows the path from the step on; true when the criterion holds at one of its ends.</summary>
    private Match Any(Node node, Criterion criterion, int at)
    {
        var steps = criterion.Path.Steps;
        if (at == steps.Length)
        {
            return HoldsAt(node, criterion);
        }

        switch (steps[at].Kind)
        {
            case StepKind.Child:
                return AnyOf(node.ChildrenOf(steps[at].Argument), null, criterion, at + 1);
            case StepKind.Extension:
                return AnyOf(node.ChildrenOf("extension"), steps[at].Utf8, criterion, at + 1);
            case StepKind.OfType:
                return node.Type.Name == steps[at].Argument ? Any(node, criterion, at + 1) : Match.No;
            default:
                return AtTarget(node, criterion, at + 1);
        }
    }

    private Match AnyOf(NodeChildren children, byte[]? url, Criterion criterion, int next)
    {
        var answer = Match.No;
        foreach (var child in children)
        {
            if (url is not null && !child.Child("url").TextEquals(url))
            {
                continue;
            }

            switch (Any(child, criterion, next))
            {
                case Match.Yes:
                    return Match.Yes;
                case Match.Undetermined:
                    answer = Match.Undetermined;
                    break;
            }
        }

        return answer;
    }

    private Match AtTarget(Node reference, Criterion criterion, int next)
    {
        Span<char> buffer = stackalloc char[NodeText.Usual];
        var text = (reference.IsPrimitive ? reference : reference.Child("reference")).Chars(buffer);
        var target = text.IsEmpty ? default : run.References.Resolve(text, reference);
        if (target.Exists)
        {
            return Any(target, criterion, next);
        }

        // The target is not at hand; its type may still be told by the reference.
        if (criterion.Kind == CriterionKind.Type && next == criterion.Path.Steps.Length && ReferenceCheck.NamedType(reference) is { } type)
        {
            return Array.Exists(criterion.Types, other => type.Is(other)) ? Match.Yes : Match.No;
        }

        return Match.No;
    }

    private Match HoldsAt(Node node, Criterion criterion)
    {
        switch (criterion.Kind)
        {
            case CriterionKind.Value or CriterionKind.Pattern:
                foreach (var constant in criterion.Constants)
                {
                    if (criterion.Kind == CriterionKind.Value ? constant.Equals(node) : constant.IsPatternOf(node))
                    {
                        return Match.Yes;
                    }
                }

                return Match.No;
            case CriterionKind.Type:
                foreach (var type in criterion.Types)
                {
                    if (ProfileWalk.IsOfType(node, type))
                    {
                        return Match.Yes;
                    }
                }

                return Match.No;
            case CriterionKind.ValueSet:
                return InValueSet(node, criterion);
            case CriterionKind.Profile:
                foreach (var canonical in criterion.Canonicals)
                {
                    if (run.Conforms(node, canonical) == true)
                    {
                        return Match.Yes;
                    }
                }

                return Match.No;
            default:
                return Match.Yes;
        }
    }

    private Match InValueSet(Node node, Criterion criterion)
    {
        var answer = Match.No;
        foreach (var canonical in criterion.Canonicals)
        {
            switch (run.Bindings.Contains(canonical, node, out _))
            {
                case Membership.In:
                    return Match.Yes;
                case Membership.NotChecked:
                    answer = Match.Undetermined;
                    break;
            }
        }

        return answer;
    }

    private static FindingDetail Diagnostics(SliceRule slice, string? expected = null, string? found = null) => FindingDetail.Of(slice.Rule, expected, found);
}
