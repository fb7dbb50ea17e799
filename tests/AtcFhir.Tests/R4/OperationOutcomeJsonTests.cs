using System.Text;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Tests.R4;

public class OperationOutcomeJsonTests
{
    [Fact]
    public void AnEmptyListSaysThatThereIsNothingToSay()
        => Assert.Equal(
            """{"resourceType":"OperationOutcome","issue":[{"severity":"information","code":"informational","details":{"text":"No issues."}}]}""",
            Encoding.UTF8.GetString(OperationOutcomeJson.ToUtf8([])));

    [Fact]
    public void AnIssueCarriesRuleExpressionLineAndColumn()
    {
        var issue = Issue.Error(IssueCode.Value, "Not a date.") with { Rule = "ATC-S001", Expression = "Patient.birthDate", Line = 3, Column = 5 };

        var json = Encoding.UTF8.GetString(OperationOutcomeJson.ToUtf8([issue]));

        Assert.Contains("\"expression\":[\"Patient.birthDate\"]", json, StringComparison.Ordinal);
        Assert.Contains("operationoutcome-issue-line\",\"valueInteger\":3", json, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"ATC-S001\"", json, StringComparison.Ordinal);
    }
}
