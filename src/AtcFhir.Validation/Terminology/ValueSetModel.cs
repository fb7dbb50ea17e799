using System.Text.Json;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Validation.Terminology;

/// <summary>A value set as written. <see href="https://hl7.org/fhir/R4/valueset.html"/></summary>
/// <param name="Expansion">Codes of an expansion, used when there is no compose; null when there is none.</param>
internal sealed record ValueSetModel(
    string Url,
    string? Version,
    string Name,
    IReadOnlyList<ComposeModel> Includes,
    IReadOnlyList<ComposeModel> Excludes,
    IReadOnlyList<(string? System, string Code)>? Expansion)
{
    public static ValueSetModel? Read(JsonElement root)
    {
        if (root.Text("resourceType") != "ValueSet")
        {
            return null;
        }

        List<(string? System, string Code)>? expansion = null;
        if (root.TryGetProperty("expansion", out var expanded))
        {
            expansion = [];
            ReadExpansion(expanded, expansion);
        }

        var compose = root.TryGetProperty("compose", out var stated) ? stated : default;
        return new ValueSetModel(
            root.Text("url") ?? "",
            root.Text("version"),
            root.Text("title") ?? root.Text("name") ?? "",
            [.. compose.Items("include").Select(ReadCompose)],
            [.. compose.Items("exclude").Select(ReadCompose)],
            expansion);
    }

    private static ComposeModel ReadCompose(JsonElement item) => new(
        item.Text("system"),
        item.Text("version"),
        item.TryGetProperty("concept", out _) ? [.. item.Items("concept").Select(c => c.Text("code")).OfType<string>()] : null,
        [.. item.Items("filter").Select(f => new FilterModel(f.Text("property") ?? "", f.Text("op") ?? "", f.Text("value") ?? ""))],
        item.Texts("valueSet"));

    private static void ReadExpansion(JsonElement parent, List<(string? System, string Code)> codes)
    {
        foreach (var item in parent.Items("contains"))
        {
            if (item.Text("code") is { } code && item.Flag("abstract") != true)
            {
                codes.Add((item.Text("system"), code));
            }

            ReadExpansion(item, codes);
        }
    }
}

/// <summary>One include or exclude; its parts must all hold.</summary>
/// <param name="Codes">The listed codes; null for all codes that the filters let through.</param>
internal sealed record ComposeModel(
    string? System,
    string? Version,
    IReadOnlyList<string>? Codes,
    IReadOnlyList<FilterModel> Filters,
    IReadOnlyList<string> ValueSets);

/// <param name="Operation">=, is-a, descendent-of, is-not-a, regex, in, not-in, generalizes, exists.</param>
internal sealed record FilterModel(string Property, string Operation, string Value);
