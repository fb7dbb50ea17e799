using System.Text.Json;
using System.Text.RegularExpressions;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Tests.Validation;

/// <summary>How our answer to a public case stands to the recorded answer of HL7's validator.</summary>
internal enum Agreement
{
    Right,
    FalseAlarm,
    Missed,
    /// <summary>Both say invalid, but no error of ours is at an element where the other has one.</summary>
    OtherPlace,
    /// <summary>A package or XML form that the case needs is not here.</summary>
    CannotRun,
}

/// <summary>One case of FHIR/fhir-test-cases, as ../shared/conformance/validator holds it.</summary>
internal sealed partial class PublicCase(JsonElement json, string folder)
{
    public string Id { get; } = json.GetProperty("id").GetString()!;

    /// <summary>"A": both reference validators agree and nothing else is needed; "B-java-only"; the others are informative.</summary>
    public string Tier { get; } = json.GetProperty("tier").GetString()!;

    public bool ShouldPass { get; } = json.GetProperty("java").GetProperty("pass").GetBoolean();

    public static IReadOnlyList<PublicCase> All(string folder)
    {
        var cases = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "cases.json")));
        return [.. cases.RootElement.GetProperty("cases").EnumerateArray().Select(one => new PublicCase(one, folder))];
    }

    /// <param name="knownExtensionsOnly">The recorded answers were made with the setting that refuses extensions whose definition is not known.</param>
    public Agreement Run(bool knownExtensionsOnly)
    {
        var source = ConformanceSource.Official;
        foreach (var package in Texts("localPackages"))
        {
            if (!FhirPackage.Open(Path.Combine(folder, package)).TryGet(out var opened, out _))
            {
                return Agreement.CannotRun;
            }

            source = source.With(opened);
        }

        var supporting = Texts("supporting").ToList();
        if (json.TryGetProperty("profileFile", out var profileFile) && profileFile.GetString() is { } file)
        {
            supporting.Add(file);
        }

        foreach (var other in supporting)
        {
            if (Read(other).TryGet(out var document, out _))
            {
                source = source.With(document);
            }
        }

        var profile = json.TryGetProperty("profileUrl", out var url) ? url.GetString() : null;
        IReadOnlyList<Issue> issues = Read(json.GetProperty("resource").GetString()!).TryGet(out var resource, out var failure)
            ? new Validator(source).Validate(resource, new ValidateRequest(profile is null ? null : [profile], KnownExtensionsOnly: knownExtensionsOnly)).Issues
            : failure.Issues;
        return Compare(issues);
    }

    private Agreement Compare(IReadOnlyList<Issue> issues)
    {
        var errors = issues.Where(issue => issue.IsError).ToList();
        if (ShouldPass || errors.Count == 0)
        {
            return ShouldPass == (errors.Count == 0) ? Agreement.Right : ShouldPass ? Agreement.FalseAlarm : Agreement.Missed;
        }

        var theirs = json.GetProperty("java").GetProperty("issues").EnumerateArray()
            .Where(issue => issue.GetProperty("severity").GetString() is "error" or "fatal")
            .Select(issue => issue.TryGetProperty("expression", out var expression) ? Normal(expression.GetString()) : "")
            .ToHashSet();
        return theirs.All(place => place.Length == 0) || errors.Any(issue => theirs.Contains(Normal(issue.Expression))) ? Agreement.Right : Agreement.OtherPlace;
    }

    /// <summary>The two write the same place in different ways: resource types as comments, ofType, [0], XML steps.</summary>
    private static string Normal(string? expression)
        => Decoration().Replace(expression ?? "", "").Replace("/f:", ".", StringComparison.Ordinal).Replace("[0]", "", StringComparison.Ordinal).TrimStart('.');

    private IEnumerable<string> Texts(string name) => json.GetProperty(name).EnumerateArray().Select(text => text.GetString()!);

    private Result<ResourceDocument> Read(string file)
    {
        var bytes = File.ReadAllBytes(Path.Combine(folder, file));
        return bytes.AsSpan().TrimStart("\uFEFF"u8).TrimStart(" \t\r\n"u8).StartsWith("<"u8) ? ResourceDocument.ParseXml(bytes) : ResourceDocument.Parse(bytes);
    }

    [GeneratedRegex(@"/\*.*?\*/|\.ofType\([^)]*\)|\[url='[^']*'\]")]
    private static partial Regex Decoration();
}
