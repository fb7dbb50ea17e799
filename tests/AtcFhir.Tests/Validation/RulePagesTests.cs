using System.Text;
using System.Text.RegularExpressions;
using AtcFhir.Cli.Validation;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Tests.Validation;

/// <summary>
/// One page a rule, and each page is true: its example, validated as its command line says, breaks the rule, with the words that the page quotes.
/// With ATCFHIR_WRITE_GOLDEN=1 the quotations are written anew; read them before you commit.
/// </summary>
public partial class RulePagesTests
{
    private static readonly string Folder = Path.Combine(Trial.Repository.Root, "docs", "validation", "rules");

    public static TheoryData<string> Ids => [.. RulePage.Rules.Select(rule => rule.Id)];

    [Fact]
    public void EveryRuleHasItsPageAndEveryPageItsRule()
        => Assert.Equal(
            RulePage.Rules.Select(rule => rule.Id).Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(Folder).Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Ids))]
    public void ThePageSaysWhatTheTableSays(string id)
    {
        var page = RulePage.Of(id)!;
        var structure = StructureRule.All.FirstOrDefault(rule => rule.Id == id);
        var rule = Rules.All.FirstOrDefault(rule => rule.Id == id);
        Assert.StartsWith($"# {id}: {structure?.Meaning ?? rule!.Meaning}\n", page, StringComparison.Ordinal);
        Assert.Contains($"\nSeverity {(rule?.Severity ?? IssueSeverity.Error).ToString().ToLowerInvariant()}, issue code `{structure?.IssueCode ?? rule!.IssueCode}`.", page, StringComparison.Ordinal);
        Assert.Contains("](https://hl7.org/fhir/R4/", page, StringComparison.Ordinal);
        Assert.Matches("## How to mend it\n\n.{10}", page);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void TheExampleFailsAsThePageSays(string id)
    {
        var file = Path.Combine(Folder, id + ".md");
        var page = File.ReadAllText(file);
        var issue = Validate(page).FirstOrDefault(issue => issue.Rule == id);
        Assert.True(issue is not null, $"{id}: the example yields {string.Join("; ", Validate(page).Select(found => $"{found.Rule} {found.Text}"))}");
        var said = $"> {issue.Expression ?? "-"}: {issue.Text}";
        if (Environment.GetEnvironmentVariable("ATCFHIR_WRITE_GOLDEN") == "1")
        {
            File.WriteAllText(file, Quotation().Replace(page, _ => said));
        }

        Assert.Contains("\n" + said + "\n", File.ReadAllText(file), StringComparison.Ordinal);
    }

    private static IReadOnlyList<Issue> Validate(string page)
    {
        var with = With().Matches(page).Select(block => ResourceDocument.Parse(Encoding.UTF8.GetBytes(block.Groups[1].Value)).Value);
        var validator = new Validator(ConformanceSource.Official.With([.. with]));
        var example = Example().Match(page);
        var text = Repetition().Replace(example.Groups[2].Value, part => new string(part.Groups[1].Value[0], int.Parse(part.Groups[2].Value, CultureInfo.InvariantCulture)));
        var bytes = example.Groups[1].Value == "base64" ? Convert.FromBase64String(text) : Encoding.UTF8.GetBytes(text);
        if (!(example.Groups[1].Value == "xml" ? ResourceDocument.ParseXml(bytes) : ResourceDocument.Parse(bytes)).TryGet(out var document, out var failure))
        {
            return failure.Issues;
        }

        return validator.Validate(document, Request(Command().Match(page).Groups[1].Value)).Issues;
    }

    private static ValidateRequest Request(string command)
    {
        string? One(string option) => Values(command, option).FirstOrDefault();
        return ValidateSettings.Of(
            ["example.json"],
            Values(command, "profile"),
            [],
            Values(command, "with"),
            new RuleChoices(One("best-practice") ?? "off", One("mode"), Values(command, "suppress"), command.Contains("--must-support", StringComparison.Ordinal), int.Parse(One("max-issues") ?? "500", CultureInfo.InvariantCulture))).Value.Request;
    }

    private static List<string> Values(string command, string option)
        => [.. Regex.Matches(command, $"--{option} (?:\"([^\"]*)\"|(\\S+))").Select(match => match.Groups[1].Value + match.Groups[2].Value)];

    [GeneratedRegex("```json with\n(.*?)\n```\n", RegexOptions.Singleline)]
    private static partial Regex With();

    [GeneratedRegex("```(json|xml|base64) example\n(.*?)\n```\n", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex("\natcfhir validate (.*)\n")]
    private static partial Regex Command();

    [GeneratedRegex("^> .*$", RegexOptions.Multiline)]
    private static partial Regex Quotation();

    /// <summary>What is too long for a page: {{x*1048577}}.</summary>
    [GeneratedRegex(@"\{\{(.)\*(\d+)\}\}")]
    private static partial Regex Repetition();
}
