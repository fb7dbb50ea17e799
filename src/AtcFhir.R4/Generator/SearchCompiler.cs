using System.Text.Json;
using System.Text.RegularExpressions;
using AtcFhir.R4.Definitions;

namespace AtcFhir.R4.Generator;

/// <summary>Compiles search parameters, one entry for each resource type that has them, and compartments; <see cref="SearchLoader"/> reads them.</summary>
internal static partial class SearchCompiler
{
    /// <summary>Stands in a compartment for the resource that it is named after, which no parameter links.</summary>
    private const string Itself = "{def}";

    public static byte[] Compile(DefinitionSource source)
    {
        var writer = new CompactWriter();
        var targets = source.Types.SelectMany(structure => structure.GetProperty("differential").Items("element")).Where(element => element.TryGetProperty("type", out _))
            .ToLookup(element => element.Required("path"), element => element.Items("type").SelectMany(type => type.Texts("targetProfile")).Select(profile => profile[(profile.LastIndexOf('/') + 1)..]).ToList(), StringComparer.Ordinal);
        var uses = source.SearchParameters.SelectMany(parameter => parameter.Texts("base").Select(type => (Type: type, Parameter: parameter)));
        writer.List(uses.GroupBy(use => use.Type, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal), group =>
        {
            writer.Text(group.Key);
            writer.List(group.OrderBy(use => use.Parameter.Required("code"), StringComparer.Ordinal), use => Write(writer, use.Type, use.Parameter, targets));
        });
        writer.List(source.Compartments.OrderBy(compartment => compartment.Required("code"), StringComparer.Ordinal), compartment =>
        {
            writer.Text(compartment.Required("code"));
            writer.List(compartment.Items("resource").Where(resource => resource.TryGetProperty("param", out _)), resource =>
            {
                writer.Text(resource.Required("code"));
                writer.Texts(resource.Texts("param").Where(param => param != Itself));
            });
        });
        return writer.ToArray();
    }

    private static void Write(CompactWriter writer, string type, JsonElement parameter, ILookup<string, List<string>> targets)
    {
        var expression = parameter.Text("expression") is { } published ? Cut(published, type, [.. parameter.Texts("base")]) : null;
        writer.Text(parameter.Required("code"));
        writer.Text(parameter.Required("url"));
        writer.Number((int)Enum.Parse<SearchParameterType>(parameter.Required("type"), ignoreCase: true));
        writer.Text(expression);
        writer.Texts(Narrow([.. parameter.Texts("target")], targets[expression ?? ""].FirstOrDefault()));
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

    /// <summary>A parameter that many types share lists the targets of all of them; where it is one element of this type, those of that element stay.</summary>
    private static List<string> Narrow(List<string> published, List<string>? ofElement)
        => ofElement is not null && published.Intersect(ofElement).ToList() is { Count: > 0 } both ? both : published;

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
