namespace AtcFhir.R4.Definitions;

/// <summary>
/// Known mistakes of the published R4 4.0.1 definitions and what we use instead. The compiled definitions stay as published; this table is
/// applied when they load, so that one can see what we changed and why.
/// </summary>
internal static class Errata
{
    /// <summary>The type of an element where the published one is wrong, else null.</summary>
    public static string? TypeOf(string path) => path == "Resource.id" ? "id" : null;

    /// <summary>The constraint with the expression that its human text means, where the published one says something else.</summary>
    public static Constraint Correct(Constraint constraint)
        => Expressions.TryGetValue(constraint.Key, out var correction) && constraint.Expression == correction.Published
            ? constraint with { Expression = correction.Meant }
            : constraint;

    /// <summary>By key; the published text is kept beside the correction, so that a change of the definitions would be noticed.</summary>
    internal static IReadOnlyDictionary<string, (string Published, string Meant, string Why)> Expressions { get; } = new Dictionary<string, (string, string, string)>(StringComparer.Ordinal)
    {
        ["dom-3"] = (
            "contained.where((('#'+id in (%resource.descendants().reference | %resource.descendants().as(canonical) | %resource.descendants().as(uri) | %resource.descendants().as(url))) or descendants().where(reference = '#').exists() or descendants().where(as(canonical) = '#').exists() or descendants().where(as(canonical) = '#').exists()).not()).trace('unmatched', id).empty()",
            "contained.where((('#'+id in (%resource.descendants().reference | %resource.descendants().ofType(canonical) | %resource.descendants().ofType(uri) | %resource.descendants().ofType(url))) or descendants().where(reference = '#').exists() or descendants().where(ofType(canonical) = '#').exists() or descendants().where(ofType(uri) = '#').exists()).not()).trace('unmatched', id).empty()",
            "as() takes one item; R4B has ofType() here. The second test for canonical is meant for uri."),
        ["app-4"] = (
            "Appointment.cancelationReason.exists() implies (Appointment.status='no-show' or Appointment.status='cancelled')",
            "Appointment.cancelationReason.exists() implies (Appointment.status='noshow' or Appointment.status='cancelled')",
            "The code of AppointmentStatus is noshow."),
        ["que-7"] = (
            "operator = 'exists' implies (answer is Boolean)",
            "operator = 'exists' implies (answer is boolean)",
            "An answer is of the FHIR type boolean; Boolean is System.Boolean, which no element has."),
        ["ras-1"] = (
            "(low.empty() or ((low.code = '%') and (low.system = %ucum))) and (high.empty() or ((high.code = '%') and (high.system = %ucum)))",
            "$this is Range implies ($this.ofType(Range).low.empty() or ($this.ofType(Range).low.code = '%' and $this.ofType(Range).low.system = %ucum)) and ($this.ofType(Range).high.empty() or ($this.ofType(Range).high.code = '%' and $this.ofType(Range).high.system = %ucum))",
            "It stands on probability[x], which may be a decimal without low and high."),
        ["ref-1"] = (
            "reference.startsWith('#').not() or (reference.substring(1).trace('url') in %rootResource.contained.id.trace('ids'))",
            "reference.startsWith('#').not() or (reference.substring(1).trace('url') in %rootResource.contained.id.trace('ids')) or (reference = '#' and %rootResource != %resource)",
            "A contained resource refers to its container as '#'; R4B says so."),
    };
}
