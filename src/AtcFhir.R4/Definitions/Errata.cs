using System.Collections.Frozen;

namespace AtcFhir.R4.Definitions;

/// <summary>
/// Known mistakes of the published R4 4.0.1 definitions and what we use instead. The compiled definitions stay as published; this table is
/// applied when they load, so that one can see what we changed and why. An invariant counts as kept unless its expression is false, so those
/// that only come out empty (a fullUrl that is missing in bdl-8, a probability that is missing in ras-2) need no entry.
/// </summary>
public static class Errata
{
    private const string NoType = "An operation without a type is none of those; as published the rule is empty there, not false.";

    private const string Name = "name.matches('[A-Z]([A-Za-z0-9_]){0,254}')";

    /// <summary>Corrections of invariants. What is replaced is given in full: if HL7 mends it, the entry has no effect any more.</summary>
    public static IReadOnlyList<Erratum> All { get; } =
    [
        new("app-4",
            "Appointment.cancelationReason.exists() implies (Appointment.status='no-show' or Appointment.status='cancelled')",
            "cancelationReason.exists() implies (status='noshow' or status='cancelled')",
            "The code of Appointment.status is noshow; no-show does not exist."),
        .. new[] { ("bdl-11", "document", "Composition"), ("bdl-12", "message", "MessageHeader") }.Select(rule => new Erratum(
            rule.Item1,
            $"type = '{rule.Item2}' implies entry.first().resource.is({rule.Item3})",
            $"type = '{rule.Item2}' implies entry.first().resource.ofType({rule.Item3}).exists()",
            "One without entries has no first resource either; as published the rule is empty there, not false.")),
        new("con-3",
            "clinicalStatus.exists() or verificationStatus.coding.where(system='http://terminology.hl7.org/CodeSystem/condition-ver-status' and code = 'entered-in-error').exists() or category.select($this='problem-list-item').empty()",
            "clinicalStatus.exists() or verificationStatus.coding.where(system='http://terminology.hl7.org/CodeSystem/condition-ver-status' and code = 'entered-in-error').exists() or category.coding.where(code='problem-list-item').empty()",
            "A category is a CodeableConcept and never equals a string, so that the rule met every Condition with a category; it means the code."),
        new("dom-3",
            "contained.where((('#'+id in (%resource.descendants().reference | %resource.descendants().as(canonical) | %resource.descendants().as(uri) | %resource.descendants().as(url))) or descendants().where(reference = '#').exists() or descendants().where(as(canonical) = '#').exists() or descendants().where(as(canonical) = '#').exists()).not()).trace('unmatched', id).empty()",
            "contained.where((('#'+id in (%resource.descendants().reference | %resource.descendants().ofType(canonical) | %resource.descendants().ofType(uri) | %resource.descendants().ofType(url))) or descendants().where(reference = '#').exists() or descendants().where(ofType(canonical) = '#').exists() or descendants().where(ofType(uri) = '#').exists()).not()).trace('unmatched', id).empty()",
            "as() takes one item, descendants() gives many; and the second test for canonical is meant for uri."),
        new("eld-19",
            """path.matches('[^\\s\\.,:;\\\'"\\/|?!@#$%&*()\\[\\]{}]{1,64}(\\.[^\\s\\.,:;\\\'"\\/|?!@#$%&*()\\[\\]{}]{1,64}(\\[x\\])?(\\:[^\\s\\.]+)?)*')""",
            """path.matches('^[^\\s\\.,:;\\\'"\\/|?!@#$%&*()\\[\\]{}]{1,64}(\\.[^\\s\\.,:;\\\'"\\/|?!@#$%&*()\\[\\]{}]{1,64}(\\[x\\])?(\\:[^\\s\\.]+)?)*$')""",
            "The whole path is meant; matches() also finds a part."),
        new("eld-20",
            """path.matches('[A-Za-z][A-Za-z0-9]*(\\.[a-z][A-Za-z0-9]*(\\[x])?)*')""",
            """path.matches('^[A-Za-z][A-Za-z0-9]*(\\.[a-z][A-Za-z0-9]*(\\[x])?)*$')""",
            "The whole path is meant; matches() also finds a part."),
        new("opd-3",
            "targetProfile.exists() implies (type = 'Reference' or type = 'canonical')",
            "targetProfile.exists() implies (type = 'Reference' or type = 'canonical' or type.memberOf('http://hl7.org/fhir/ValueSet/resource-types'))",
            "A parameter may be a resource with a profile."),
        new("que-7",
            "operator = 'exists' implies (answer is Boolean)",
            "operator = 'exists' implies (answer is boolean)",
            "The answer is a FHIR boolean, not a System.Boolean; names of types are case-sensitive."),
        new("que-12",
            "enableWhen.count() > 2 implies enableBehavior.exists()",
            "enableWhen.count() >= 2 implies enableBehavior.exists()",
            "The text says: more than one enableWhen."),
        new("que-13",
            "repeats=true or initial.count() <= 1",
            "(repeats.exists() and repeats=true) or initial.count() <= 1",
            "An item without repeats does not repeat; as published the rule is empty there, not false."),
        new("ras-1",
            "(low.empty() or ((low.code = '%') and (low.system = %ucum))) and (high.empty() or ((high.code = '%') and (high.system = %ucum)))",
            "ofType(Range).all((low.empty() or (low.code = '%' and low.system = %ucum)) and (high.empty() or (high.code = '%' and high.system = %ucum)))",
            "It stands on probability[x], which may be a decimal without low and high."),
        new("ref-1",
            "reference.startsWith('#').not() or (reference.substring(1).trace('url') in %rootResource.contained.id.trace('ids'))",
            "reference.exists() implies (reference.startsWith('#').not() or (reference.substring(1).trace('url') in %rootResource.contained.id.trace('ids')) or (reference='#' and %rootResource!=%resource))",
            "A contained resource refers to its container by # alone."),
        new("tim-9",
            "offset.empty() or (when.exists() and ((when in ('C' | 'CM' | 'CD' | 'CV')).not()))",
            "offset.empty() or (when.exists() and when.select($this in ('C' | 'CM' | 'CD' | 'CV')).allFalse())",
            "when repeats; in() allows one item on its left only."),
        new("tst-7",
            "sourceId.exists() or (targetId.count() + url.count() + params.count() = 1) or (type.code in ('capabilities' |'search' | 'transaction' | 'history'))",
            "sourceId.exists() or (targetId.count() + url.count() + params.count() = 1) or (type.exists() and type.code in ('capabilities' |'search' | 'transaction' | 'history'))",
            NoType),
        .. new[] { "tst-8", "tst-9" }.Select(key => new Erratum(
            key,
            "sourceId.exists() or (targetId.count() + url.count() + params.count() = 1) or (type.code in ('capabilities' | 'search' | 'transaction' | 'history'))",
            "sourceId.exists() or (targetId.count() + url.count() + params.count() = 1) or (type.exists() and type.code in ('capabilities' | 'search' | 'transaction' | 'history'))",
            NoType)),
        new("vsd-9",
            "code.exists() or abstract = true",
            "code.exists() or (abstract.exists() and abstract = true)",
            "What does not say that it is abstract is not; as published the rule is empty there, not false."),
        .. new[]
        {
            "adf-0", "cid-0", "cmd-0", "cpb-0", "cpd-0", "csd-0", "ees-0", "esc-0", "evd-0", "evi-0", "evv-0", "gdf-0", "ig-0", "lib-0", "mea-0", "msd-0",
            "nsd-0", "opd-0", "pdf-0", "que-0", "red-0", "rsd-0", "rvs-0", "sdf-0", "smp-0", "spd-0", "tcp-0", "tst-0", "vsd-0",
        }.Select(key => new Erratum(key, Name, "name.exists() implies name.matches('^[A-Z]([A-Za-z0-9_]){0,254}$')", "The whole name is meant, where there is one; matches() also finds a part.")),
    ];

    private static readonly FrozenDictionary<string, string> ByPublished
        = All.ToFrozenDictionary(erratum => Rule(erratum.Key, erratum.Published), erratum => erratum.Corrected, StringComparer.Ordinal);

    /// <summary>The type of an element where the published one is wrong, else null. Resource.id is published as a string; its text and its format say id.</summary>
    internal static string? TypeOf(string path) => path == "Resource.id" ? "id" : null;

    /// <summary>The invariant as we use it: corrected where the table has its key and exact expression, else as it is. Serves profiles that repeat it, too.</summary>
    public static Constraint Correct(Constraint constraint)
        => ByPublished.TryGetValue(Rule(constraint.Key, constraint.Expression), out var corrected) ? constraint with { Expression = corrected } : constraint;

    private static string Rule(string key, string expression) => key + ": " + expression;
}

/// <summary>One correction of an invariant.</summary>
/// <param name="Published">The expression that R4 4.0.1 has.</param>
/// <param name="Corrected">The expression that we use.</param>
/// <param name="Reason">Why, in one sentence.</param>
public sealed record Erratum(string Key, string Published, string Corrected, string Reason);
