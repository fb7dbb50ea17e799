using System.Collections.Frozen;
using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath;
using AtcFhir.R4.Outcomes;
using AtcFhir.Validation.Terminology;

namespace AtcFhir.Validation.Instance;

/// <summary>Texts that are FHIRPath by their definition, or by the language that stands beside them, compile. <see href="https://hl7.org/fhir/R4/fhirpath.html"/></summary>
internal static class ExpressionCheck
{
    /// <summary>The elements of R4 whose text is FHIRPath, with the sibling and its value that make it so; null where it always is.</summary>
    private static readonly FrozenDictionary<string, Sibling?> Places = new Dictionary<string, Sibling?>(StringComparer.Ordinal)
    {
        ["Expression.expression"] = new Sibling("language", "text/fhirpath"),
        ["ChargeItemDefinition.applicability.expression"] = new Sibling("language", "text/fhirpath"),
        ["StructureDefinition.context.expression"] = new Sibling("type", "fhirpath"),
        ["StructureDefinition.contextInvariant"] = null,
        ["ElementDefinition.constraint.expression"] = null,
        ["ElementDefinition.slicing.discriminator.path"] = null,
        ["SearchParameter.expression"] = null,
        ["SearchParameter.component.expression"] = null,
        ["DataRequirement.codeFilter.path"] = null,
        ["DataRequirement.dateFilter.path"] = null,
        ["ActivityDefinition.dynamicValue.path"] = null,
        ["PlanDefinition.action.dynamicValue.path"] = null,
        ["GraphDefinition.link.target.compartment.expression"] = null,
        ["StructureMap.group.rule.source.condition"] = null,
        ["StructureMap.group.rule.source.check"] = null,
        ["StructureMap.group.rule.source.logMessage"] = null,
        ["TestScript.variable.expression"] = null,
        ["TestScript.setup.action.assert.expression"] = null,
        ["TestScript.setup.action.assert.compareToSourceExpression"] = null,
        ["OperationOutcome.issue.expression"] = null,
        ["VerificationResult.targetLocation"] = null,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The invariants of a snapshot are mostly those of every element. Of a text that compiles there is nothing to remember but that.</summary>
    private static readonly Utf8Memo<string?> Known = new(2048);

    public static bool IsPlace(ElementSchema element) => Places.ContainsKey(element.Path);

    public static void Check(Run run, Node text)
    {
        if (text is not { HasValue: true, Element: { } element } || (Places[element.Path] is { } when && text.Parent.Child(when.Name).Text != when.Value))
        {
            return;
        }

        if (element.Path == "ElementDefinition.constraint.expression" && IsLinted(run))
        {
            return;
        }

        // ${name} of a TestScript is put in before it is FHIRPath.
        if (Fault(text) is { } fault && !(element.Path.StartsWith("TestScript.", StringComparison.Ordinal) && text.Text!.Contains("${", StringComparison.Ordinal)))
        {
            run.Findings.Add(Rules.Expression, text, $"This is no FHIRPath: {fault}", "R4 " + element.Path);
        }
    }

    /// <summary>The lint of a profile says the same of its invariants.</summary>
    private static bool IsLinted(Run run)
        => run.Request.LintProfiles && run.Document.Root is { Type.Name: "StructureDefinition" } definition && definition.Child("derivation").TextEquals("constraint"u8)
            && definition.Child("baseDefinition").Text is { } canonical && run.Validator.IsKnown(canonical);

    /// <summary>Why it does not compile; null when it does.</summary>
    private static string? Fault(Node text)
    {
        if (Known.TryGet(text.RawValue, out var fault))
        {
            return fault;
        }

        fault = FhirPathExpression.Compile(text.Text!, null, FhirPathUse.Definition).TryGet(out _, out var failure) ? null : failure.Issues[0].Text;
        Known.Add(text.RawValue, fault);
        return fault;
    }

    /// <summary>A class, since tables of it come compiled and need not wait for the JIT at the start of the command.</summary>
    private sealed record Sibling(string Name, string Value);
}
