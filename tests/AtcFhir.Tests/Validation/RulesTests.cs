using AtcFhir.R4.Documents;
using AtcFhir.Validation;

namespace AtcFhir.Tests.Validation;

/// <summary>The list of rules and its page.</summary>
public class RulesTests
{
    [Fact]
    public void TheListHoldsEveryRuleOnce()
    {
        var declared = typeof(Rules).GetFields().Where(field => field.FieldType == typeof(ValidationRule)).Select(field => ((ValidationRule)field.GetValue(null)!).Id);
        Assert.Equal(declared.Order(StringComparer.Ordinal), Rules.All.Select(rule => rule.Id).Order(StringComparer.Ordinal));
        Assert.Equal(Rules.All.Count, Rules.All.Select(rule => rule.Id).Distinct().Count());
    }

    [Fact]
    public void TheListOfTheStructureCheckHoldsEveryRuleOnce()
        => Assert.Equal(
            typeof(StructureRule).GetFields().Where(field => field.FieldType == typeof(StructureRule)).Select(field => ((StructureRule)field.GetValue(null)!).Id).Order(StringComparer.Ordinal),
            StructureRule.All.Select(rule => rule.Id).Order(StringComparer.Ordinal));

    [Fact]
    public void ThePageListsTheSame()
    {
        var page = File.ReadAllText(Path.Combine(Trial.Repository.Root, "docs", "validation", "rules.md"));
        var rows = StructureRule.All.Select(rule => $"| [{rule.Id}](rules/{rule.Id}.md) | error | `{rule.IssueCode}` | {rule.Meaning} |")
            .Concat(Rules.All.Select(rule => $"| [{rule.Id}](rules/{rule.Id}.md) | {rule.Severity.ToString().ToLowerInvariant()} | `{rule.IssueCode}` | {rule.Meaning} |"));
        Assert.All(rows, row => Assert.Contains(row, page, StringComparison.Ordinal));
    }
}
