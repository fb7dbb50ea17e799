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
    public static bool IsOfficial(ResourceDocument resource) => resource.Root.Child("url").Text?.StartsWith(OfficialPrefix, StringComparison.Ordinal) ?? false;

    /// <summary>Reads the resource; a failure says why it cannot be searched by.</summary>
    public static Result<CustomSearchParameter> Of(ResourceDocument resource)
    {
        var root = resource.Root;
        var types = root.ChildrenOf("base").ToList().Select(node => node.Text ?? "").ToList();
        if (root.Child("code").Text is not { Length: > 0 } code || root.Child("url").Text is not { Length: > 0 } url || code.StartsWith('_'))
        {
            return Refuse("url", "it needs a url, and a code that does not start with an underscore.");
        }

        if (!Enum.TryParse<SearchParameterType>(root.Child("type").Text, ignoreCase: true, out var type) || type is SearchParameterType.Composite or SearchParameterType.Special)
        {
            return Refuse(url, "only parameters of the types number, date, string, token, reference, quantity and uri can be added.");
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

        var targets = root.ChildrenOf("target").ToList().Select(node => node.Text).OfType<string>().ToList();
        return new CustomSearchParameter(types, new SearchParameterDefinition(code, url, type, expression, targets, []));
    }

    /// <summary>As it applies to one type: without the branches that begin with the name of another.</summary>
    internal SearchParameterDefinition For(string type) => Definition with { Expression = string.Join(" | ", BranchesOf(Definition.Expression!, type)) };

    internal static string ToJson(IReadOnlyList<CustomSearchParameter> parameters) => JsonSerializer.Serialize(parameters);

    internal static IReadOnlyList<CustomSearchParameter> FromJson(string json) => JsonSerializer.Deserialize<CustomSearchParameter[]>(json) ?? [];

    private static string[] BranchesOf(string expression, string type)
    {
        string[] all = [.. ExpressionBranches.Split(expression)];
        string[] own = [.. all.Where(branch => branch.TrimStart('(').StartsWith(type + ".", StringComparison.Ordinal))];
        return own.Length > 0 ? own : all;
    }

    private static Failure Refuse(string url, string text) => new(FailureKind.Unprocessable, IssueCode.NotSupported, $"SearchParameter {url}: {text}");
}
