using System.Text.Json;
using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Store.Search;

/// <summary>A search parameter beyond the official ones, as a SearchParameter resource defines it. <see href="https://hl7.org/fhir/R4/searchparameter.html"/></summary>
/// <param name="Types">The resource types that it is for.</param>
/// <param name="IsIndexed">False while resources that were stored before it are still to be indexed: it is kept up with, but cannot be searched by.</param>
public sealed record CustomSearchParameter(IReadOnlyList<string> Types, SearchParameterDefinition Definition, bool IsIndexed = false)
{
    private const string OfficialPrefix = "http://hl7.org/fhir/SearchParameter/";

    /// <summary>True of the resources that only publish what is built in.</summary>
    public static bool IsOfficial(ResourceDocument resource) => IsOfficial(resource.Root.Child("url").Text ?? "");

    internal static bool IsOfficial(string url) => url.StartsWith(OfficialPrefix, StringComparison.Ordinal);

    /// <summary>Reads the resource; a failure says why it cannot be searched by.</summary>
    public static Result<CustomSearchParameter> Of(ResourceDocument resource)
    {
        var root = resource.Root;
        var types = root.ChildrenOf("base").ToList().Select(node => node.Text ?? "").ToList();
        if (root.Child("code").Text is not { Length: > 0 } code || root.Child("url").Text is not { Length: > 0 } url || code.StartsWith('_'))
        {
            return Refuse("url", "it needs a url, and a code that does not start with an underscore.");
        }

        if (!Enum.TryParse<SearchParameterType>(root.Child("type").Text, ignoreCase: true, out var type) || type is SearchParameterType.Special)
        {
            return Refuse(url, "only parameters of the types number, date, string, token, reference, composite, quantity and uri can be added.");
        }

        if (root.Child("expression").Text is not { Length: > 0 } expression)
        {
            return Refuse(url, "it has no expression.");
        }

        foreach (var name in types)
        {
            if (R4Definitions.Find(name) is not { IsResource: true, IsAbstract: false } schema)
            {
                return Refuse(url, $"{name} is no resource type that it could be for.");
            }

            if (Array.Find(BranchesOf(expression, name), branch => !FhirPathExpression.Compile(branch, schema, FhirPathUse.Definition).Succeeded) is { } wrong)
            {
                return Refuse(url, $"the expression {wrong} does not apply to {name}.");
            }
        }

        var components = new List<SearchParameterComponent>();
        foreach (var component in root.ChildrenOf("component"))
        {
            components.Add(new SearchParameterComponent(component.Child("definition").Text ?? "", component.Child("expression").Text ?? ""));
        }

        if (type == SearchParameterType.Composite && CompositeFault(types, expression, components) is { } fault)
        {
            return Refuse(url, fault);
        }

        var targets = root.ChildrenOf("target").ToList().Select(node => node.Text).OfType<string>().ToList();
        return new CustomSearchParameter(types, new SearchParameterDefinition(code, url, type, expression, targets, components));
    }

    /// <summary>
    /// Those that can be searched by beside each other; the others are left out, and why. A code means one thing on a resource type: the official parameter's, else that
    /// of the first. The components of a composite are defined, officially or by another of them, on every type that it is for, and are no composites.
    /// </summary>
    public static (IReadOnlyList<CustomSearchParameter> Fit, IReadOnlyList<Failure> Unfit) Compatible(IReadOnlyList<CustomSearchParameter> parameters)
    {
        var (fit, unfit) = (new List<CustomSearchParameter>(), new List<Failure>());
        foreach (var parameter in parameters)
        {
            if (TakenBy(parameter, fit) is { } taken)
            {
                unfit.Add(Refuse(parameter.Definition.Url, $"its code {parameter.Definition.Code} is that of {taken}."));
            }
            else
            {
                fit.Add(parameter);
            }
        }

        foreach (var composite in fit.Where(parameter => parameter.Definition.Type == SearchParameterType.Composite).ToList())
        {
            if (UnknownComponent(composite, fit) is { } unknown)
            {
                fit.Remove(composite);
                unfit.Add(Refuse(composite.Definition.Url, $"its component {unknown} is no search parameter of its resource types that has values of its own."));
            }
        }

        return (fit, unfit);
    }

    /// <summary>The URL of the parameter that has the code already.</summary>
    private static string? TakenBy(CustomSearchParameter parameter, List<CustomSearchParameter> others)
        => parameter.Types.SelectMany(type => R4Definitions.SearchParameters(type)).Concat(others.Where(other => other.Types.Intersect(parameter.Types).Any()).Select(other => other.Definition))
            .FirstOrDefault(definition => definition.Code == parameter.Definition.Code)?.Url;

    private static string? UnknownComponent(CustomSearchParameter composite, List<CustomSearchParameter> others)
        => composite.Types.SelectMany(type => composite.Definition.Components, (type, component) => (type, component.Definition))
            .FirstOrDefault(pair => !IsSimple(pair.Definition, pair.type, others)).Definition;

    /// <summary>As it applies to one type: without the branches that begin with the name of another.</summary>
    internal SearchParameterDefinition For(string type) => Definition with { Expression = string.Join(" | ", BranchesOf(Definition.Expression!, type)) };

    internal static string ToJson(IReadOnlyList<CustomSearchParameter> parameters) => JsonSerializer.Serialize(parameters);

    internal static IReadOnlyList<CustomSearchParameter> FromJson(string json) => JsonSerializer.Deserialize<CustomSearchParameter[]>(json) ?? [];

    private static bool IsSimple(string url, string type, IReadOnlyList<CustomSearchParameter> custom)
        => R4Definitions.SearchParameters(type).Concat(custom.Where(parameter => parameter.Types.Contains(type)).Select(parameter => parameter.Definition))
            .Any(definition => definition.Url == url && definition.Type is not (SearchParameterType.Composite or SearchParameterType.Special) && definition.Code is not ("_id" or "_lastUpdated"));

    private static string? CompositeFault(List<string> types, string expression, List<SearchParameterComponent> components)
    {
        if (components.Count < 2)
        {
            return "a composite needs at least two components.";
        }

        foreach (var type in types)
        {
            foreach (var outer in BranchesOf(expression, type))
            {
                if (!CompositeCompiler.IsOuter(outer))
                {
                    return $"the expression {outer} of a composite has to be the resource, or an element directly below it.";
                }

                var wrong = components.Where(component => !component.Expression.StartsWith('%')).SelectMany(component => component.Expression.Length == 0 ? [""] : CompositeCompiler.Below(outer, component.Expression))
                    .FirstOrDefault(branch => !FhirPathExpression.Compile(branch, R4Definitions.Find(type), FhirPathUse.Definition).Succeeded);
                if (wrong is not null)
                {
                    return $"the component expression {wrong} does not apply to {type}.";
                }
            }
        }

        return null;
    }

    private static string[] BranchesOf(string expression, string type)
    {
        string[] all = [.. ExpressionBranches.Split(expression)];
        string[] own = [.. all.Where(branch => branch == type || branch.TrimStart('(').StartsWith(type + ".", StringComparison.Ordinal))];
        return own.Length > 0 ? own : all;
    }

    private static Failure Refuse(string url, string text) => new(FailureKind.Unprocessable, IssueCode.NotSupported, $"SearchParameter {url}: {text}");
}
