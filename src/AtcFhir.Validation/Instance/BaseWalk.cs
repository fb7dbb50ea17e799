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
        for (var i = 0; i < document.NodeCount; i++)
        {
            var node = document.NodeAt(i);
            if (!node.Exists)
            {
                continue;
            }

            var rules = BaseRules.Of(node.Type);
            foreach (var native in rules.Native)
            {
                if (!native.Holds(node))
                {
                    Report(run, node, native);
                }
            }

            if (rules.Invariants.Length > 0)
            {
                InvariantCheck.Check(run, node, rules.Invariants, null);
            }

            var element = node.Element is { } schema ? BaseRules.Of(node.Parent.Type).Elements[schema.Ordinal] : null;
            if (element is { IsEmpty: false })
            {
                CheckElement(run, node, element);
            }

            if (rules.Special != SpecialType.None)
            {
                CheckSpecial(run, node, rules.Special, element);
            }
        }
    }

    private static void CheckElement(Run run, Node node, BaseElementRules element)
    {
        if (element.Invariants.Length > 0)
        {
            InvariantCheck.Check(run, node, element.Invariants, null);
        }

        if (element.Binding is { } binding)
        {
            run.Bindings.Check(node, binding, element.Path);
        }

        foreach (var canonical in element.Profiles)
        {
            if (run.Profiles.Find(canonical) is { Root: not null } profile && (profile.Type is null || node.Type.Is(profile.Type)))
            {
                run.Check(node, profile);
            }
        }
    }

    private static void CheckSpecial(Run run, Node node, SpecialType special, BaseElementRules? element)
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
                break;
            case SpecialType.Attachment:
                AttachmentCheck.Check(run, node);
                break;
            case SpecialType.Identifier:
                UriCheck.CheckIdentifier(run, node);
                break;
            case SpecialType.Resource:
                ResourceCheck.Check(run, node);
                break;
        }
    }

    private static void Report(Run run, Node node, NativeInvariant native)
        => run.Findings.Add(
            Rules.Invariant,
            node,
            $"{native.Constraint.Key}: {native.Constraint.Human}",
            $"R4 {native.Constraint.Key}: {native.Constraint.Expression}",
            native.Constraint.IsError ? IssueSeverity.Error : IssueSeverity.Warning);
}
