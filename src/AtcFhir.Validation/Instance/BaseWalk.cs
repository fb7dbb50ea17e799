using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Validation.Instance;

/// <summary>
/// The rules of the base definitions over every node, front to back along the tape: invariants, bindings, references, extensions, narrative.
/// What the parser has checked already (structure, cardinality, formats, required codes) is not looked at again.
/// </summary>
internal static class BaseWalk
{
    public static void Check(Run run)
    {
        var document = run.Document;
        var rows = document.Rows;
        var count = document.NodeCount;
        Visit(run, 0);
        for (var i = 1; i < count; i++)
        {
            // Of most nodes nothing is to be looked at, which one question tells.
            ref readonly var row = ref rows[i];
            if (((BaseRules.ElementsWithWork(rows[row.Parent].Type) >> row.Element) & 1) != 0 || BaseRules.HasWorkOf(row))
            {
                Visit(run, i);
            }
        }
    }

    private static void Visit(Run run, int index)
    {
        var rows = run.Document.Rows;
        ref readonly var row = ref rows[index];
        var rules = BaseRules.Of(row.Type);
        var node = run.Document.NodeAt(index);
        if (row.Parent < 0)
        {
            CheckNode(run, node, rules, null);
            return;
        }

        // ele-1: a value, or children other than the id, which is mostly the first. Empty objects are the parser's.
        var around = BaseRules.Of(rows[row.Parent].Type);
        if (row.Element == around.IdOrdinal)
        {
            if (rows[row.Parent].FirstChild == index)
            {
                CheckContent(run, row.Parent, around);
            }

            run.ElementIds.Check(node);
        }

        var element = around.Elements[row.Element];
        if (!element.IsEmpty || rules.HasInvariants)
        {
            CheckNode(run, node, rules, element);
        }
        else if (rules.Special != SpecialType.None)
        {
            CheckSpecial(run, node, rules.Special, element, 0);
        }
    }

    private static void CheckContent(Run run, int index, BaseRules rules)
    {
        var rows = run.Document.Rows;
        ref readonly var row = ref rows[index];
        if (rules.HasOwnContent || (row.Kind != System.Text.Json.JsonTokenType.StartObject && row.End > 0))
        {
            return;
        }

        for (var child = row.FirstChild; child >= 0; child = rows[child].Next)
        {
            if (rows[child].Element != rules.IdOrdinal)
            {
                return;
            }
        }

        if (row.FirstChild >= 0)
        {
            run.Findings.Add(Rules.Invariant, run.Document.NodeAt(index), "ele-1: All FHIR elements must have a @value or children", "R4 ele-1: hasValue() or (children().count() > id.count())");
        }
    }

    private static void CheckNode(Run run, Node node, BaseRules rules, BaseElementRules? element)
    {
        var present = node.PresentElements;
        foreach (var native in rules.Native)
        {
            if (native.Guard?.Holds(node, present) != true && !native.Holds(node))
            {
                Report(run, node, native);
            }
        }

        if (rules.Invariants.Length > 0)
        {
            InvariantCheck.Check(run, node, rules.Invariants, present, null);
        }

        if (element is not null)
        {
            CheckElement(run, node, element, present);
        }

        if (rules.Special != SpecialType.None)
        {
            CheckSpecial(run, node, rules.Special, element, present);
        }
    }

    private static void CheckElement(Run run, Node node, BaseElementRules element, ulong present)
    {
        if (element.Invariants.Length > 0)
        {
            InvariantCheck.Check(run, node, element.Invariants, present, null);
        }

        if (element.Binding is { } binding && !(element.TakesSystemTypes && node.RawValue.StartsWith("http://hl7.org/fhirpath/System."u8)))
        {
            run.Bindings.Check(node, binding, element.Where);
        }

        if (element.IsExpression)
        {
            ExpressionCheck.Check(run, node);
        }

        foreach (var canonical in element.Profiles)
        {
            if (run.Profiles.Find(canonical) is { Root: not null } profile && (profile.Type is null || node.Type.Is(profile.Type)))
            {
                run.Check(node, profile);
            }
        }
    }

    /// <param name="present">Of a resource the elements that are there; other types do not ask.</param>
    private static void CheckSpecial(Run run, Node node, SpecialType special, BaseElementRules? element, ulong present)
    {
        switch (special)
        {
            case SpecialType.Extension:
                ExtensionCheck.Check(run, node);
                break;
            case SpecialType.Reference:
                run.ReferenceRules.CheckBase(node, element?.TargetTypes ?? []);
                break;
            case SpecialType.Coding or SpecialType.Quantity:
                run.Bindings.CheckCoding(node);
                break;
            case SpecialType.Xhtml:
                NarrativeCheck.Check(run, node);
                break;
            case SpecialType.Text:
                TextCheck.Check(run, node);
                break;
            case SpecialType.Uri:
                UriCheck.Check(run, node);
                run.ReferenceRules.CheckLocalCanonical(node, element?.TargetTypes ?? []);
                break;
            case SpecialType.Attachment:
                AttachmentCheck.Check(run, node);
                break;
            case SpecialType.Identifier:
                UriCheck.CheckIdentifier(run, node);
                break;
            case SpecialType.Resource:
                ResourceCheck.Check(run, node, present);
                break;
        }
    }

    private static void Report(Run run, Node node, NativeInvariant native)
    {
        var found = FoundText.Of(native.LooksAt is { } child ? node.Child(child) : node);
        run.Findings.Add(
            Rules.Invariant,
            node,
            native.LooksAt is null || found is null ? $"{native.Constraint.Key}: {native.Constraint.Human}" : $"{native.Constraint.Key}: {native.Constraint.Human}; found {found}",
            new FindingDetail($"R4 {native.Constraint.Key}: {native.Constraint.Expression}", Found: found),
            native.Constraint.IsError ? IssueSeverity.Error : IssueSeverity.Warning);
    }
}
