using System.Text.RegularExpressions;
using AtcFhir.R4.Definitions;
using AtcFhir.Store.Extraction;

namespace AtcFhir.Store.Search;

/// <summary>
/// Composite parameters need no rows of their own: their components are parameters that are indexed anyway, and rows carry the repetition of the outer
/// element they stand in. A component is looked up by its definition, not its expression: R4's DocumentReference-relationship has the two expressions
/// exchanged. Those that others define are taken by their word: what the component's expression selects is indexed as the type of its definition, unless it is
/// already. <see href="https://hl7.org/fhir/R4/search.html#composite"/>
/// </summary>
internal static partial class CompositeCompiler
{
    /// <summary>Whether the expression (one branch) is the resource itself or an element directly below it: only of these the index knows the repetition.</summary>
    public static bool IsOuter(string branch) => OuterElement().IsMatch(branch);

    /// <param name="pathOf">The indexed path of a branch, made when there is none yet; null compiles an official parameter.</param>
    public static IReadOnlyList<CompositeBranch> Compile(
        SearchParameterDefinition composite, IReadOnlyDictionary<string, SearchParameter> byUrl, Func<SearchParameterDefinition, string, IndexedPath>? pathOf)
    {
        var branches = new List<CompositeBranch>();
        foreach (var (outer, _) in ExpressionBranches.Of(composite.Expression!))
        {
            var path = OuterElement().Match(outer);
            if (!path.Success)
            {
                return [];
            }

            var element = path.Groups["element"].Value;
            var components = new List<CompositeComponent>();
            foreach (var component in composite.Components)
            {
                if (!byUrl.TryGetValue(component.Definition, out var parameter))
                {
                    return [];
                }

                components.Add(pathOf is null || component.Expression.StartsWith('%')
                    ? Component(component, parameter, element)
                    : Custom(parameter, Below(outer, component.Expression).Select(branch => pathOf(parameter.Definition, branch)), element));
            }

            var isSameElement = element.Length > 0 && components.Count(component => component.IsGrouped) > 1;
            branches.Add(new CompositeBranch(isSameElement, components));
        }

        return branches;
    }

    /// <summary>The branches of a component's expression, which begins at the outer element, from the resource on.</summary>
    public static IEnumerable<string> Below(string outer, string expression) => ExpressionBranches.Split(expression).Select(branch => $"{outer}.{branch}");

    private static CompositeComponent Custom(SearchParameter parameter, IEnumerable<IndexedPath> paths, string element)
    {
        IndexedPath[] all = [.. paths];
        foreach (var path in all.Where(_ => element.Length > 0))
        {
            path.IsGrouped = true;
        }

        return new CompositeComponent(parameter, all, IsGrouped: element.Length > 0);
    }

    private static CompositeComponent Component(SearchParameterComponent component, SearchParameter parameter, string element)
    {
        var all = parameter.Sources.Select(source => source.Path).ToList();
        if (component.Expression.StartsWith('%'))
        {
            return new CompositeComponent(parameter, all, IsGrouped: false);
        }

        var prefix = element.Length > 0 ? element + "." : "";
        var below = all.Where(path => path.ElementPath.StartsWith(prefix, StringComparison.Ordinal) && !path.ElementPath.AsSpan(prefix.Length).Contains('.')).ToList();
        if (below.Count == 0)
        {
            return new CompositeComponent(parameter, all, IsGrouped: false);
        }

        if (element.Length > 0)
        {
            below.ForEach(path => path.IsGrouped = true);
        }

        return new CompositeComponent(parameter, below, IsGrouped: element.Length > 0);
    }

    [GeneratedRegex(@"^[A-Z][A-Za-z]*(\.(?<element>[A-Za-z]+))?$")]
    private static partial Regex OuterElement();
}
