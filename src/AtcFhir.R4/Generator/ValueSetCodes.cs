using System.Text.Json;

namespace AtcFhir.R4.Generator;

/// <summary>The codes of a value set that can be listed from the definitions alone; abstract concepts are not for use and left out.</summary>
internal sealed class ValueSetCodes(DefinitionSource source)
{
    private readonly Dictionary<string, JsonElement> valueSets = source.ValueSets.ToDictionary(set => set.Required("url"), StringComparer.Ordinal);
    private readonly Dictionary<string, JsonElement> codeSystems = source.CodeSystems.ToDictionary(system => system.Required("url"), StringComparer.Ordinal);

    /// <summary>Null when the value set or a system of it is not here, is incomplete or is chosen by a filter that needs more than the hierarchy.</summary>
    public IReadOnlyList<string>? Of(string canonical)
    {
        if (!valueSets.TryGetValue(canonical.Split('|')[0], out var set) || !set.TryGetProperty("compose", out var compose))
        {
            return null;
        }

        var included = Collect(compose.Items("include"));
        var excluded = Collect(compose.Items("exclude"));
        return included is null || excluded is null ? null : [.. included.Except(excluded).Distinct()];
    }

    private List<string>? Collect(IEnumerable<JsonElement> parts)
    {
        var all = new List<string>();
        foreach (var part in parts)
        {
            if (Part(part) is not { } codes)
            {
                return null;
            }

            all.AddRange(codes);
        }

        return all;
    }

    private IReadOnlyList<string>? Part(JsonElement part)
    {
        IReadOnlyList<string>? codes = null;
        if (part.Text("system") is { } system)
        {
            codes = part.TryGetProperty("concept", out var listed) ? [.. listed.EnumerateArray().Select(concept => concept.Required("code"))] : OfSystem(system, part);
            if (codes is null)
            {
                return null;
            }
        }

        foreach (var import in part.Texts("valueSet"))
        {
            if (Of(import) is not { } imported)
            {
                return null;
            }

            codes = codes is null ? imported : [.. codes.Intersect(imported)];
        }

        return codes;
    }

    private List<string>? OfSystem(string url, JsonElement part)
    {
        if (!codeSystems.TryGetValue(url, out var system) || system.Text("content") != "complete")
        {
            return null;
        }

        var concepts = Concepts.Of(system);
        var chosen = concepts.Values.Where(concept => !concept.IsAbstract).Select(concept => concept.Code).ToList();
        foreach (var filter in part.Items("filter"))
        {
            var (property, op, value) = (filter.Required("property"), filter.Required("op"), filter.Required("value"));
            if (property != "concept" || op is not ("is-a" or "descendent-of" or "is-not-a"))
            {
                return null;
            }

            chosen.RemoveAll(code => op switch
            {
                "is-a" => !Concepts.IsA(concepts, code, value),
                "descendent-of" => !Concepts.IsA(concepts, code, value) || code == value,
                _ => Concepts.IsA(concepts, code, value),
            });
        }

        return chosen;
    }
}
