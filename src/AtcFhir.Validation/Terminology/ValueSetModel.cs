using System.Text.Json;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Validation.Terminology;

/// <summary>A value set as written. <see href="https://hl7.org/fhir/R4/valueset.html"/></summary>
/// <param name="Name">For people: the title, or the name.</param>
/// <param name="Expansion">Codes of an expansion, used when there is no compose; null when there is none.</param>
internal sealed record ValueSetModel(
    string Url,
    string? Version,
    string Name,
    IReadOnlyList<ComposeModel> Includes,
    IReadOnlyList<ComposeModel> Excludes,
    IReadOnlyList<(string? System, ListedCode Code)>? Expansion)
{
    /// <summary>PublicationStatus; "unknown" where it was not kept.</summary>
    public string Status { get; init; } = "unknown";

    /// <summary>compose.inactive: false leaves inactive codes out.</summary>
    public bool? TakesInactive { get; init; }

    public static ValueSetModel? Read(JsonElement root)
    {
        if (root.Text("resourceType") != "ValueSet")
        {
            return null;
        }

        List<(string? System, ListedCode Code)>? expansion = null;
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
            expansion)
        {
            Status = root.Text("status") ?? "unknown",
            TakesInactive = compose.Flag("inactive"),
        };
    }

    private static ComposeModel ReadCompose(JsonElement item) => new(
        item.Text("system"),
        item.Text("version"),
        item.Property("concept") is not null ? [.. item.Items("concept").Select(Listed).OfType<ListedCode>()] : null,
        [.. item.Items("filter").Select(f => new FilterModel(f.Text("property") ?? "", f.Text("op") ?? "", f.Text("value") ?? ""))],
        item.Texts("valueSet"));

    private static ListedCode? Listed(JsonElement item) => item.Text("code") is { } code
        ? new ListedCode(code, item.Text("display"), [.. item.Items("designation").Select(CodeSystemReader.Designation).OfType<Designation>()])
        : null;

    private static void ReadExpansion(JsonElement parent, List<(string? System, ListedCode Code)> codes)
    {
        foreach (var item in parent.Items("contains"))
        {
            if (Listed(item) is { } code && item.Flag("abstract") != true)
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
    IReadOnlyList<ListedCode>? Codes,
    IReadOnlyList<FilterModel> Filters,
    IReadOnlyList<string> ValueSets);

/// <summary>A code that a value set names.</summary>
/// <param name="Display">How it is shown there; null for the word of the code system.</param>
/// <param name="Designations">Other words that the value set has for it.</param>
internal sealed record ListedCode(string Code, string? Display, IReadOnlyList<Designation> Designations);

/// <param name="Operation">=, is-a, descendent-of, is-not-a, regex, in, not-in, generalizes, exists.</param>
internal sealed record FilterModel(string Property, string Operation, string Value);
