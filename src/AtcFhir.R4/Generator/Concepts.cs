using System.Text.Json;

namespace AtcFhir.R4.Generator;

/// <summary>One concept of a code system, flat: its parents by nesting, by a child property or by the v3 way of naming them.</summary>
internal sealed record Concept(string Code, string? Display, bool IsAbstract, bool IsInactive, List<string> Parents);

/// <summary>The concepts of a code system, in its order.</summary>
internal static class Concepts
{
    public static Dictionary<string, Concept> Of(JsonElement system)
    {
        var all = new Dictionary<string, Concept>(StringComparer.Ordinal);
        Add(system, null, all);
        foreach (var (code, child) in Children(system).ToList())
        {
            if (all.TryGetValue(child, out var concept) && !concept.Parents.Contains(code))
            {
                concept.Parents.Add(code);
            }
        }

        return all;
    }

    public static bool IsA(Dictionary<string, Concept> concepts, string code, string ancestor)
        => code == ancestor || (concepts.TryGetValue(code, out var concept) && concept.Parents.Exists(parent => IsA(concepts, parent, ancestor)));

    private static void Add(JsonElement owner, string? parent, Dictionary<string, Concept> all)
    {
        foreach (var item in owner.Items("concept"))
        {
            var code = item.Required("code");
            if (!all.TryGetValue(code, out var concept))
            {
                all.Add(code, concept = new Concept(code, item.Text("display"), HasProperty(item, "notSelectable"), IsInactive(item), []));
            }

            if (parent is not null && !concept.Parents.Contains(parent))
            {
                concept.Parents.Add(parent);
            }

            Add(item, code, all);
        }
    }

    private static IEnumerable<(string Parent, string Child)> Children(JsonElement owner)
    {
        foreach (var item in owner.Items("concept"))
        {
            foreach (var property in item.Items("property").Where(property => property.Text("code") == "child"))
            {
                yield return (item.Required("code"), property.Required("valueCode"));
            }

            foreach (var pair in Children(item))
            {
                yield return pair;
            }
        }
    }

    private static bool HasProperty(JsonElement concept, string code)
        => concept.Items("property").Any(property => property.Text("code") == code && property.True("valueBoolean"));

    private static bool IsInactive(JsonElement concept) => HasProperty(concept, "inactive")
        || concept.Items("property").Any(property => property.Text("code") == "status" && property.Text("valueCode") is "retired" or "inactive" or "deprecated");
}
