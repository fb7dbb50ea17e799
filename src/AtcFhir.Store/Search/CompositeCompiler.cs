using System.Text.RegularExpressions;
using AtcFhir.R4.Definitions;
using AtcFhir.Store.Extraction;

namespace AtcFhir.Store.Search;

/// <summary>
/// Composite parameters need no rows of their own: their components are parameters that are indexed anyway, and rows carry the repetition of the outer
/// element they stand in. A component is looked up by its definition, not its expression: R4's DocumentReference-relationship has the two expressions
/// exchanged. <see href="https://hl7.org/fhir/R4/search.html#composite"/>
/// </summary>
internal static partial class CompositeCompiler
{
    public static IReadOnlyList<CompositeBranch> Compile(SearchParameterDefinition composite, IReadOnlyDictionary<string, SearchParameter> byUrl)
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

                components.Add(Component(component, parameter, element));
            }

            var isSameElement = element.Length > 0 && components.Count(component => component.IsGrouped) > 1;
            branches.Add(new CompositeBranch(isSameElement, components));
        }

        return branches;
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
