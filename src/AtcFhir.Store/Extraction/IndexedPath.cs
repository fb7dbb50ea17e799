using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath;

namespace AtcFhir.Store.Extraction;

/// <summary>
/// One branch of a search parameter's expression on one resource type: the unit that is indexed. Parameters that share a branch share its rows, so
/// "combo-code" is "code" and "component-code" together, and "patient" is "subject" limited to one target type.
/// </summary>
internal sealed class IndexedPath
{
    private readonly ElementStep[]? steps;
    private readonly FhirPathExpression? expression;

    private IndexedPath(string resourceType, SearchParameterType kind, string text, string elementPath, ElementStep[]? steps, FhirPathExpression? expression)
    {
        (ResourceType, Kind, Text, ElementPath) = (resourceType, kind, text, elementPath);
        (this.steps, this.expression) = (steps, expression);
        Key = $"{resourceType}|{kind}|{text}";
    }

    /// <summary>Of every resource: the types of the resources that it contains, as codes.</summary>
    public static IndexedPath ContainedTypes { get; } = new("", SearchParameterType.Token, "contained:type", "", [], null);

    public string ResourceType { get; }

    public SearchParameterType Kind { get; }

    public string Text { get; }

    /// <summary>The path without the type, casts and filters: "component.value"; empty when it is none.</summary>
    public string ElementPath { get; }

    /// <summary>The binding of the element when it is of type code, whose system is not written but implied; else null.</summary>
    public Binding? ImpliedBinding => steps is [.., { Element: { Types: [{ Type.Name: "code" }] } element }] ? element.Binding : null;

    /// <summary>The name under which the database knows this path.</summary>
    public string Key { get; }

    /// <summary>Set when a composite parameter needs to know which repetition of the outer element a value stands in.</summary>
    public bool IsGrouped { get; internal set; }

    /// <summary>Set when references of this path put a resource into the compartment index of its patient.</summary>
    public bool LeadsToPatient { get; internal set; }

    /// <summary>Set when the compartment index keeps the codes of this path per patient.</summary>
    public bool IsCodeLike { get; internal set; }

    /// <summary>The only type that its references may have as target; what an id without a type then means. Null when there are several.</summary>
    public string? OnlyTarget { get; internal set; }

    /// <summary>Of a reference path: its rows are the identifiers of the references instead of their targets, for the modifier :identifier.</summary>
    public IndexedPath? Identifiers { get; private init; }

    /// <summary>Of a token path: its rows are the values of identifiers under the codes of their types, for the modifier :ofType.</summary>
    public IndexedPath? IdentifierTypes { get; private init; }

    /// <summary>Compiles one branch. Plain paths with casts, which nearly all are, are walked directly; the rest is left to FHIRPath.</summary>
    public static IndexedPath Of(TypeSchema resourceType, SearchParameterType kind, string branch)
    {
        var identifiers = kind == SearchParameterType.Reference ? Beside(resourceType, branch + ":identifier") : null;
        var types = kind == SearchParameterType.Token ? Beside(resourceType, branch + ":ofType") : null;
        if (ElementStep.TryParse(resourceType, branch, out var steps, out var elementPath))
        {
            return new IndexedPath(resourceType.Name, kind, branch, elementPath, steps, null) { Identifiers = identifiers, IdentifierTypes = types };
        }

        var compiled = FhirPathExpression.Compile(branch, resourceType, FhirPathUse.Definition);
        return compiled.TryGet(out var expression, out var failure)
            ? new IndexedPath(resourceType.Name, kind, branch, "", null, expression) { Identifiers = identifiers, IdentifierTypes = types }
            : throw new InvalidOperationException($"The expression of a search parameter on {resourceType.Name} cannot be compiled: {branch}: {failure.Issues[0].Text}");
    }

    /// <summary>Adds what the path selects in the resource to <paramref name="found"/>, in document order.</summary>
    public void Select(Node resource, List<FhirPathItem> found)
    {
        if (steps is not null)
        {
            Walk(resource, 0, found);
            return;
        }

        if (expression!.TryEvaluate(resource).TryGet(out var items, out _))
        {
            foreach (var item in items)
            {
                found.Add(item);
            }
        }
    }

    /// <summary>A path that selects nothing itself; another fills it.</summary>
    private static IndexedPath Beside(TypeSchema resourceType, string text) => new(resourceType.Name, SearchParameterType.Token, text, "", [], null);

    private void Walk(Node node, int step, List<FhirPathItem> found)
    {
        if (step == steps!.Length)
        {
            found.Add(node);
            return;
        }

        foreach (var child in steps[step].Of(node))
        {
            if (steps[step].Admits(child))
            {
                Walk(child, step + 1, found);
            }
        }
    }
}
