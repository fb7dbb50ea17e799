using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath;
using AtcFhir.R4.FhirPath.Typing;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Validation.Instance;

/// <summary>
/// The expression of a search parameter finds something on each type of its base, those of its components on what it finds.
/// <see href="https://hl7.org/fhir/R4/searchparameter-definitions.html#SearchParameter.base"/>
/// </summary>
internal static class SearchParameterCheck
{
    public static void Check(Run run, Node parameter)
    {
        var bases = BasesOf(parameter);
        if (bases.Count == 0 || parameter.Child("expression") is not { Text: { } text } expression || PublishedExpression.Read(text) is not { } published)
        {
            // What is no FHIRPath at all is told where it stands.
            return;
        }

        if (!published.Infer(StaticType.Of(bases)).TryGet(out var found, out var misfit))
        {
            run.Findings.Add(Rules.SearchBase, expression, $"The expression does not fit {string.Join(" or ", bases.Select(type => type.Name))}: {misfit.Issues[0].Text}");
            return;
        }

        if (published.StartTypes is { } starts && bases.FindAll(type => !starts.Any(start => start.Is(type) || type.Is(start))) is { Count: > 0 } without)
        {
            run.Findings.Add(Rules.SearchBase, expression, $"The expression finds nothing on {string.Join(" or ", without.Select(type => type.Name))}: none of its paths starts there.");
        }

        foreach (var component in parameter.ChildrenOf("component"))
        {
            if (component.Child("expression") is { Text: { } part } place && PublishedExpression.Read(part)?.Infer(found.AsSingle()).Failure is { } fault)
            {
                run.Findings.Add(Rules.SearchBase, place, $"The expression does not fit what {text} finds: {fault.Issues[0].Text}");
            }
        }
    }

    /// <summary>Other types than those of R4 are told by the binding of base.</summary>
    private static List<TypeSchema> BasesOf(Node parameter)
    {
        var bases = new List<TypeSchema>();
        foreach (var named in parameter.ChildrenOf("base"))
        {
            if (named.Text is { } name && R4Definitions.Find(name) is { } type)
            {
                bases.Add(type);
            }
        }

        return bases;
    }
}
