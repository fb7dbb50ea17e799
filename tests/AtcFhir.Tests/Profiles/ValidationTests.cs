using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;
using static AtcFhir.Tests.Profiles.ProfilePackage;

namespace AtcFhir.Tests.Profiles;

/// <summary>The profiles as our own validator applies them: everything in the package is valid, every counter-example fails by its rule.</summary>
public class ValidationTests
{
    private static readonly Validator Validator = new(ConformanceSource.Official.With(FhirPackage.Open(Folder).Value));

    public static TheoryData<string> Files => [.. Resources.Select(resource => resource.File)];

    public static TheoryData<string> ProfileUrls => [.. ProfileDefinitions.Concat(ExtensionDefinitions).Select(profile => Text(profile, "url"))];

    public static TheoryData<string> Broken => [.. CounterExampleIndex.Select(row => row.File)];

    [Theory]
    [MemberData(nameof(Files))]
    public void EveryResourceOfThePackageIsValid(string file)
        => Assert.Empty(Validate(Path.Combine(Folder, file)).Where(issue => issue.IsError).Select(Words));

    [Theory]
    [MemberData(nameof(ProfileUrls))]
    public void EveryProfileCompilesWholly(string url) => Assert.Empty(Validator.Lint(url).Select(Words));

    [Theory]
    [MemberData(nameof(Broken))]
    public void ACounterExampleFailsByItsRule(string file)
    {
        var row = CounterExampleIndex.Single(row => row.File == file);
        var severity = row.Kind == "invariant-warning" ? IssueSeverity.Warning : IssueSeverity.Error;

        var issues = Validate(Path.Combine(CounterExamples, file));

        Assert.Contains(issues, issue => issue.Severity == severity
            && (issue.Expression == row.Expression || issue.Expression?.StartsWith(row.Expression + ".", StringComparison.Ordinal) == true)
            && $"{issue.Rule} {issue.Text} {issue.Diagnostics}".Contains(row.Rule.Split(':')[^1], StringComparison.Ordinal));
    }

    private static IReadOnlyList<Issue> Validate(string path) => Validator.Validate(ResourceDocument.Parse(File.ReadAllBytes(path)).Value).Issues;

    private static string Words(Issue issue) => $"{issue.Rule} {issue.Expression}: {issue.Text} ({issue.Diagnostics})";
}
