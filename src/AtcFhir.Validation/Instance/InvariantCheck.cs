using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath;
using AtcFhir.R4.Outcomes;
using AtcFhir.Validation.Profiles;

namespace AtcFhir.Validation.Instance;

/// <summary>Invariants through the FHIRPath engine. One holds unless its expression says false. <see href="https://hl7.org/fhir/R4/conformance-rules.html#constraints"/></summary>
internal static class InvariantCheck
{
    public static void Check(Run run, Node node, InvariantRule[] invariants, CompiledProfile? profile)
    {
        foreach (var invariant in invariants)
        {
            if (invariant.Expression is null)
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
                run.Findings.Add(Rules.InvariantNotChecked, node, $"The invariant {invariant.Constraint.Key} could not be evaluated: {failed.Message}", Diagnostics(invariant, profile));
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
        var part = invariant.Expression!.FalsePart(node, run.FhirPath);
        run.Findings.Add(
            Rules.Invariant,
            node,
            $"{constraint.Key}: {constraint.Human}",
            Diagnostics(invariant, profile) + (part == constraint.Expression ? "" : $" (false: {part})"),
            constraint.IsError ? IssueSeverity.Error : IssueSeverity.Warning);
    }

    private static string Diagnostics(InvariantRule invariant, CompiledProfile? profile)
        => $"{profile?.Structure.Canonical ?? "R4"} {invariant.Constraint.Key}: {invariant.Constraint.Expression}";
}
