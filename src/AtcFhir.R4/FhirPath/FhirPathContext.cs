using AtcFhir.R4.Documents;

namespace AtcFhir.R4.FhirPath;

/// <summary>
/// What an evaluation may use beyond its focus. One instance can serve many evaluations at a time; the delegates must then be safe for that.
/// <see href="https://hl7.org/fhir/R4/fhirpath.html#variables"/>
/// </summary>
public sealed class FhirPathContext
{
    /// <summary>What an evaluation gets that is given none.</summary>
    public static FhirPathContext Default { get; } = new();

    /// <summary>%resource; by default the resource that encloses the focus.</summary>
    public Node Resource { get; init; }

    /// <summary>%rootResource; by default the container of a contained %resource, otherwise %resource itself.</summary>
    public Node RootResource { get; init; }

    /// <summary>More variables: <c>%name</c> without the percent sign. They cannot hide those that FHIR defines.</summary>
    public IReadOnlyDictionary<string, FhirPathCollection>? Variables { get; init; }

    /// <summary>
    /// resolve(): the target of a reference, or null where it is not known. Contained resources and entries of the same Bundle are found without it.
    /// </summary>
    public Func<string, Node, Node?>? Resolve { get; init; }

    /// <summary>memberOf(): is the code, Coding or CodeableConcept in the value set; null when that cannot be told.</summary>
    public Func<string, FhirPathItem, bool?>? MemberOf { get; init; }

    /// <summary>conformsTo(): does the node conform to the profile; null when the profile is not known (an evaluation error by the standard).</summary>
    public Func<string, Node, bool?>? ConformsTo { get; init; }

    /// <summary>subsumes(): is the first code (system, code) the same as, or above, the second; null when that cannot be told.</summary>
    public Func<(string System, string Code), (string System, string Code), bool?>? Subsumes { get; init; }

    /// <summary>trace(): gets the name and the items. Nothing is written when it is null.</summary>
    public Action<string, FhirPathCollection>? Trace { get; init; }

    /// <summary>The clock of now(), today() and timeOfDay(), which stand still during one evaluation.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Upper bound on the work of one evaluation, in items visited; beyond it the evaluation fails as too costly.</summary>
    public int StepBudget { get; init; } = 5_000_000;
}
