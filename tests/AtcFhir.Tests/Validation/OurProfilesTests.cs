using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Tests.Profiles;
using AtcFhir.Tests.Trial;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Tests.Validation;

/// <summary>The trial's own profiles: they compile wholly, every example is valid, every counter-example fails by its rule and at its element.</summary>
public class OurProfilesTests
{
    private static readonly Lazy<Validator> Ours = new(() => new Validator(ConformanceSource.Official.With(FhirPackage.Open(ProfilePackage.Folder).Value)));

    public static TheoryData<string> Profiles => [.. ProfilePackage.OfType("StructureDefinition").Select(definition => ProfilePackage.Text(definition, "url"))];

    public static TheoryData<string> Examples => [.. ProfilePackage.Resources.Select(resource => resource.File)];

    public static TheoryData<string> CounterExamples => [.. ProfilePackage.CounterExampleIndex.Select(row => row.File)];

    [Theory]
    [MemberData(nameof(Profiles))]
    public void EveryProfileCompilesWholly(string canonical) => Assert.Empty(Ours.Value.Lint(canonical));

    [Theory]
    [MemberData(nameof(Examples))]
    public void EveryResourceOfThePackageIsValid(string file)
    {
        var document = ResourceDocument.Parse(File.ReadAllBytes(Path.Combine(ProfilePackage.Folder, file))).Value;
        Assert.DoesNotContain(Ours.Value.Validate(document).Issues, issue => issue.IsError);
    }

    [Theory]
    [MemberData(nameof(CounterExamples))]
    public void EveryCounterExampleFailsByItsRule(string file)
    {
        var row = ProfilePackage.CounterExampleIndex.Single(other => other.File == file);
        var document = ResourceDocument.Parse(File.ReadAllBytes(Path.Combine(ProfilePackage.CounterExamples, file))).Value;
        var issues = Ours.Value.Validate(document).Issues;
        Assert.Contains(issues, issue => issue.Expression == row.Expression && Fits(row, issue.Rule, $"{issue.Text} {issue.Diagnostics}"));
        Assert.Equal(!row.Kind.EndsWith("-warning", StringComparison.Ordinal), issues.Any(issue => issue.IsError));
    }

    [Fact]
    public void MessagesUseTheWordsOfTheTrial()
        => Golden.CheckText(
            Path.Combine("..", "Profiles", "counter-examples", "messages.tsv"),
            string.Concat(ProfilePackage.CounterExampleIndex.Select(row => row.File).Distinct().Order(StringComparer.Ordinal).SelectMany(MessagesOf)));

    private static IEnumerable<string> MessagesOf(string file)
        => Ours.Value.Validate(ResourceDocument.Parse(File.ReadAllBytes(Path.Combine(ProfilePackage.CounterExamples, file))).Value).Issues
            .Where(issue => issue.Severity != IssueSeverity.Information)
            .Select(issue => $"{file}\t{issue.Expression}\t{issue.Text}\n");

    private static bool Fits(CounterExample row, string? rule, string text) => row.Kind switch
    {
        "invariant" or "invariant-warning" => rule == Rules.Invariant.Id && text.Contains(row.Rule + ":", StringComparison.Ordinal),
        "binding" => rule == Rules.RequiredBinding.Id && text.Contains(row.Rule, StringComparison.Ordinal),
        "binding-warning" => rule == Rules.ExtensibleBinding.Id && text.Contains(row.Rule, StringComparison.Ordinal),
        "cardinality" => (rule == Rules.Min.Id || rule == Rules.Max.Id || rule == "ATC-S013") && text.Contains(row.Rule.Replace("[x]", "", StringComparison.Ordinal), StringComparison.Ordinal),
        "slice" => rule is "ATC-V030" or "ATC-V031" or "ATC-V032",
        "pattern" => rule == Rules.Pattern.Id || rule == Rules.Fixed.Id,
        "type" => rule == Rules.Type.Id,
        _ => false,
    };
}
