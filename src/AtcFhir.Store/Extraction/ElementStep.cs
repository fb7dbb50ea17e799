using System.Text.RegularExpressions;
using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;

namespace AtcFhir.Store.Extraction;

/// <summary>One step of a plain path: an element and perhaps the one type that its value must have.</summary>
internal readonly partial record struct ElementStep(string Name, ElementSchema? Element, TypeSchema? Cast)
{
    public NodeChildren Of(Node parent) => Element is not null ? parent.ChildrenOf(Element) : parent.ChildrenOf(Name);

    public bool Admits(Node node) => Cast is null || ReferenceEquals(node.Type, Cast);

    /// <summary>Understands <c>Type.a.b</c>, <c>(Type.a as T)</c>, <c>Type.a.as(T).b</c>, and nothing else.</summary>
    public static bool TryParse(TypeSchema resourceType, string branch, out ElementStep[] steps, out string elementPath)
    {
        (steps, elementPath) = ([], "");
        var text = branch;
        if (OuterCast().Match(text) is { Success: true } cast)
        {
            text = $"{cast.Groups["path"].Value}.as({cast.Groups["type"].Value}){cast.Groups["rest"].Value}";
        }

        if (!PlainPath().IsMatch(text))
        {
            return false;
        }

        var parsed = new List<ElementStep>();
        TypeSchema? type = resourceType;
        var names = text.Split('.');
        foreach (var name in names.Skip(1))
        {
            if (name.StartsWith("as(", StringComparison.Ordinal))
            {
                type = R4Definitions.Find(name[3..^1]);
                if (type is null || parsed.Count == 0)
                {
                    return false;
                }

                parsed[^1] = parsed[^1] with { Cast = type };
            }
            else
            {
                var element = type?.Find(name);
                parsed.Add(new ElementStep(name, element, null));
                type = element?.Types is [var only] ? only.Type : null;
            }
        }

        steps = [.. parsed];
        elementPath = string.Join('.', parsed.Select(step => step.Name));
        return true;
    }

    [GeneratedRegex(@"^\((?<path>[A-Za-z]+(\.[A-Za-z]+)+) as (?<type>[A-Za-z]+)\)(?<rest>(\.[A-Za-z]+)*)$")]
    private static partial Regex OuterCast();

    [GeneratedRegex(@"^[A-Z][A-Za-z]*(\.(as\([A-Za-z]+\)|[a-z][A-Za-z]*))+$")]
    private static partial Regex PlainPath();
}
