using AtcFhir.Tests.Validation.Profiles;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Tests.Validation.Questionnaires;

/// <summary>A Questionnaire by itself: its conditions can be met, its initial values are answers.</summary>
public class QuestionnaireTests
{
    private static readonly Lazy<Validator> Official = new(() => new Validator(ConformanceSource.Official));

    private static IReadOnlyList<string> Found(params string[] items)
        => [.. Official.Value.Validate(ProfileFixture.Read($$"""{"resourceType":"Questionnaire","status":"active","item":[{{string.Join(',', items)}}]}""")).Issues
            .Where(issue => issue.Rule == "ATC-V110").Select(issue => $"{issue.Severity} {issue.Expression}")];

    private static string Dependent(string condition) => $$"""{"linkId":"dependent","type":"string","enableWhen":[{{condition}}]}""";

    /// <summary>R4, Questionnaire.item.initial: "The data type of initial[x] must agree with the item.type".</summary>
    [Theory]
    [InlineData("integer", "\"valueInteger\":7", true)]
    [InlineData("integer", "\"valueString\":\"7\"", false)]
    [InlineData("text", "\"valueString\":\"7\"", true)]
    [InlineData("url", "\"valueUri\":\"http://example.org\"", true)]
    [InlineData("choice", "\"valueCoding\":{\"code\":\"x\"}", true)]
    [InlineData("choice", "\"valueString\":\"x\"", false)]
    [InlineData("open-choice", "\"valueString\":\"x\"", true)]
    [InlineData("quantity", "\"valueDecimal\":7.5", false)]
    public void AnInitialValueHasTheTypeOfItsItem(string type, string value, bool isRight)
        => Assert.Equal(
            isRight ? 0 : 1,
            Found($$"""{"linkId":"a","type":"{{type}}","initial":[{ {{value}} }]}""").Count(found => found.StartsWith("Error Questionnaire.item[0].initial[0].value", StringComparison.Ordinal)));

    [Theory]
    [InlineData("integer", "\"operator\":\">\",\"answerInteger\":7", true)]
    [InlineData("integer", "\"operator\":\">\",\"answerDecimal\":7.5", false)]
    [InlineData("integer", "\"operator\":\"exists\",\"answerBoolean\":true", true)]
    [InlineData("choice", "\"operator\":\"=\",\"answerString\":\"yes\"", false)]
    [InlineData("choice", "\"operator\":\"=\",\"answerCoding\":{\"code\":\"yes\"}", true)]
    public void AConditionComparesWithWhatTheQuestionCanAnswer(string type, string condition, bool isRight)
        => Assert.Equal(
            isRight ? [] : ["Warning Questionnaire.item[1].enableWhen[0]"],
            Found($$"""{"linkId":"a","type":"{{type}}"}""", Dependent($$"""{"question":"a",{{condition}}}""")));

    [Fact]
    public void AConditionAsksAQuestion()
        => Assert.Equal(["Warning Questionnaire.item[1].enableWhen[0]"], Found("""{"linkId":"a","type":"display"}""", Dependent("""{"question":"a","operator":"=","answerString":"x"}""")));

    [Fact]
    public void AConditionRefersToAnItemThatIsThere()
        => Assert.Equal(["Error Questionnaire.item[0]"], Found(Dependent("""{"question":"absent","operator":"=","answerString":"x"}""")));
}
