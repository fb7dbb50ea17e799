using System.Text.Json;
using System.Text.RegularExpressions;
using AtcFhir.R4.Definitions;

namespace AtcFhir.R4.Generator;

/// <summary>Compiles search parameters, one entry for each resource type that has them, and compartments; <see cref="SearchLoader"/> reads them.</summary>
internal static partial class SearchCompiler
{
    public static byte[] Compile(DefinitionSource source)
    {
        var writer = new CompactWriter();
        var uses = source.SearchParameters.SelectMany(parameter => parameter.Texts("base").Select(type => (Type: type, Parameter: parameter)));
        writer.List(uses.GroupBy(use => use.Type, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal), group =>
        {
            writer.Text(group.Key);
            writer.List(group.OrderBy(use => use.Parameter.Required("code"), StringComparer.Ordinal), use => Write(writer, use.Type, use.Parameter));
        });
        writer.List(source.Compartments.OrderBy(compartment => compartment.Required("code"), StringComparer.Ordinal), compartment =>
        {
            writer.Text(compartment.Required("code"));
            writer.List(compartment.Items("resource").Where(resource => resource.TryGetProperty("param", out _)), resource =>
            {
                writer.Text(resource.Required("code"));
                writer.Texts(resource.Texts("param"));
            });
        });
        return writer.ToArray();
    }

    private static void Write(CompactWriter writer, string type, JsonElement parameter)
    {
        writer.Text(parameter.Required("code"));
        writer.Text(parameter.Required("url"));
        writer.Number((int)Enum.Parse<SearchParameterType>(parameter.Required("type"), ignoreCase: true));
        writer.Text(parameter.Text("expression") is { } expression ? Cut(expression, type, [.. parameter.Texts("base")]) : null);
        writer.Texts(parameter.Texts("target"));
        writer.List(parameter.Items("component"), component =>
        {
            writer.Text(component.Required("definition"));
            writer.Text(component.Required("expression"));
        });
    }

    /// <summary>Only those branches of a union that start at the type; with one base type everything stays.</summary>
    private static string Cut(string expression, string type, IReadOnlyList<string> bases)
    {
        if (bases.Count == 1)
        {
            return expression;
        }

        var branches = Branches(expression).Where(branch => FirstName().Match(branch).Groups[1].Value == type).ToList();
        return branches.Count > 0 ? string.Join(" | ", branches) : throw new InvalidDataException($"No branch for {type} in {expression}");
    }

    private static IEnumerable<string> Branches(string expression)
    {
        var (start, depth, quoted) = (0, 0, false);
        for (var at = 0; at < expression.Length; at++)
        {
            quoted ^= expression[at] == '\'';
            depth += quoted ? 0 : expression[at] switch { '(' => 1, ')' => -1, _ => 0 };
            if (expression[at] == '|' && depth == 0 && !quoted)
            {
                yield return expression[start..at].Trim();
                start = at + 1;
            }
        }

        yield return expression[start..].Trim();
    }

    [GeneratedRegex(@"^\(*([A-Za-z]+)")]
    private static partial Regex FirstName();
}
