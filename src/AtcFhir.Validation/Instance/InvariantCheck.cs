using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath;
using AtcFhir.R4.Outcomes;
using AtcFhir.Validation.Profiles;

namespace AtcFhir.Validation.Instance;

/// <summary>Invariants through the FHIRPath engine. One holds unless its expression says false. <see href="https://hl7.org/fhir/R4/conformance-rules.html#constraints"/></summary>
internal static class InvariantCheck
{
    /// <param name="present">The elements of the node, as <see cref="Node.PresentElements"/> gives them.</param>
    public static void Check(Run run, Node node, InvariantRule[] invariants, ulong present, CompiledProfile? profile)
    {
        foreach (var invariant in invariants)
        {
            if (invariant.Expression is null || invariant.Guard?.Holds(node, present) == true || invariant.Shortcut?.Invoke(node) == true)
            {
                continue;
            }

            bool? holds;
            try
            {
                holds = invariant.Expression.Predicate(node, run.FhirPath);
            }
            catch (FhirPathException failed)
            {
                run.Findings.Add(Rules.InvariantNotChecked, node, $"The invariant {invariant.Constraint.Key} could not be evaluated: {failed.Message}", Detail(invariant, profile));
                continue;
            }

            if (holds == false)
            {
                Report(run, node, invariant, profile);
            }
        }
    }

    private static void Report(Run run, Node node, InvariantRule invariant, CompiledProfile? profile)
    {
        var constraint = invariant.Constraint;
        var why = invariant.Expression!.Explain(node, run.FhirPath);
        var found = Found(node, why);
        run.Findings.Add(
            Rules.Invariant,
            node,
            $"{constraint.Key}: {constraint.Human.TrimEnd('.')}{(found is null ? "" : "; found " + found)}{(constraint.Human.EndsWith('.') ? "." : "")}",
            Detail(invariant, profile, why.Part) with { Found = found },
            Severity(run, constraint));
    }

    /// <summary>
    /// What the false part looked at: "7" of the element itself, "severity mild, ae-grade C41340" of several paths. Null where a part of it must not be
    /// quoted, or says nothing.
    /// </summary>
    private static string? Found(Node node, FalsePredicate why)
    {
        if (why.Operands.Count == 0)
        {
            return FoundText.Of(node);
        }

        var texts = new List<string>();
        var isTelling = false;
        foreach (var operand in why.Operands)
        {
            if (operand.Items.IsEmpty && operand.Label.Length > 0)
            {
                texts.Add("no " + operand.Label);
            }
            else if (FoundText.Of(operand.Items) is { } text)
            {
                isTelling = true;
                texts.Add(operand.Label.Length == 0 ? text : operand.Label + " " + text);
            }
        }

        // That all is absent is what the human text says already.
        return isTelling ? string.Join(", ", texts) : FoundText.Of(node);
    }

    /// <summary>A warning stays one; con-3, which the definition calls best practice, follows the level of those when it is higher.</summary>
    private static IssueSeverity Severity(Run run, Constraint constraint)
        => constraint.IsError || (constraint.Key == "con-3" && run.Request.BestPractice == BestPractice.Error) ? IssueSeverity.Error : IssueSeverity.Warning;

    private static FindingDetail Detail(InvariantRule invariant, CompiledProfile? profile, string? falsePart = null)
        => new(
            $"{profile?.Structure.Canonical ?? "R4"} {invariant.Constraint.Key}: {invariant.Constraint.Expression}" + (falsePart is null || falsePart == invariant.Constraint.Expression ? "" : $" (false: {falsePart})"),
            profile);
}
