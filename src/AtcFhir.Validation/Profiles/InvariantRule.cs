using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath;
using AtcFhir.R4.FhirPath.Guards;
using AtcFhir.R4.Outcomes;
using AtcFhir.Validation.Instance;

namespace AtcFhir.Validation.Profiles;

/// <summary>An invariant, ready to run; or the reason why it cannot.</summary>
internal sealed class InvariantRule
{
    private InvariantRule(Constraint constraint, FhirPathExpression? expression, string? failure, PresenceGuard? guard = null, string? misfit = null)
        => (Constraint, Expression, Failure, Guard, Misfit, Shortcut) = (constraint, expression, failure, guard, misfit, InvariantShortcuts.Find(constraint.Expression));

    public Constraint Constraint { get; }

    public FhirPathExpression? Expression { get; }

    /// <summary>Why it does not compile.</summary>
    public string? Failure { get; }

    /// <summary>True of a node for which it is certain that the invariant holds; null when there is no such shortcut.</summary>
    public Func<Node, bool>? Shortcut { get; }

    /// <summary>Tells without an evaluation that the invariant holds of most nodes; null when it cannot.</summary>
    public PresenceGuard? Guard { get; }

    /// <summary>Why it does not compile for its type, although it does without: a misspelled element, for instance.</summary>
    public string? Misfit { get; }

    /// <summary>Compiles for a type where the expression fits it, otherwise without.</summary>
    public static InvariantRule Of(Constraint constraint, TypeSchema? type)
    {
        Failure? misfit = null;
        if (type is not null && FhirPathExpression.Compile(constraint.Expression, type, FhirPathUse.Definition).TryGet(out var typed, out misfit))
        {
            return new InvariantRule(constraint, typed, null, PresenceGuard.Of(constraint.Expression, type));
        }

        return FhirPathExpression.Compile(constraint.Expression, null, FhirPathUse.Definition).TryGet(out var expression, out var failure)
            ? new InvariantRule(constraint, expression, null, misfit: misfit?.Issues[0].Text)
            : new InvariantRule(constraint, null, failure.Issues[0].Text);
    }
}
