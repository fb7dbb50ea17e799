using AtcFhir.Tests.Validation.Profiles;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Tests.Validation.Questionnaires;

/// <summary>When an item is enabled: every operator, on every type that it is for, and both ways to join conditions. <see href="https://hl7.org/fhir/R4/valueset-questionnaire-enable-operator.html"/></summary>
public class EnableWhenTests
{
    private static bool IsEnabled(string type, string conditions, string behaviour, params string[] answers)
    {
        var questionnaire = ProfileFixture.Read($$$"""
            {"resourceType":"Questionnaire","url":"http://example.org/Questionnaire/q","status":"active","item":[
             {"linkId":"q","type":"{{{type}}}","repeats":true},{"linkId":"other","type":"boolean"},{"linkId":"d","type":"string"{{{behaviour}}},"enableWhen":[{{{conditions}}}]}]}
            """);
        var answered = answers.Length == 0 ? "" : $$$"""{"linkId":"q","answer":[{{{string.Join(',', answers)}}}]},""";
        var issues = new Validator(ConformanceSource.Official.With(questionnaire)).Validate(ProfileFixture.Read(
            $$$"""{"resourceType":"QuestionnaireResponse","questionnaire":"http://example.org/Questionnaire/q","status":"completed","item":[{{{answered}}}{"linkId":"d","answer":[{"valueString":"x"}]}]}""")).Issues;
        var errors = issues.Where(issue => issue.IsError).Select(issue => issue.Rule).ToList();
        Assert.True(errors is [] or ["ATC-V116"], string.Join(' ', issues));
        return errors.Count == 0;
    }

    private static bool Holds(string type, string given, string relation, string wanted)
        => IsEnabled(type, $$"""{"question":"q","operator":"{{relation}}",{{wanted}}}""", "", $"{{{given}}}");

    [Theory]
    [InlineData("decimal", "\"valueDecimal\":1.0", "\"answerDecimal\":1.00", 0)]
    [InlineData("decimal", "\"valueDecimal\":1.01", "\"answerDecimal\":1.00", 1)]
    [InlineData("integer", "\"valueInteger\":-2", "\"answerInteger\":3", -1)]
    [InlineData("date", "\"valueDate\":\"2026-02-01\"", "\"answerDate\":\"2026-01-31\"", 1)]
    [InlineData("dateTime", "\"valueDateTime\":\"2026-01-01T12:00:00+02:00\"", "\"answerDateTime\":\"2026-01-01T10:00:00Z\"", 0)]
    [InlineData("time", "\"valueTime\":\"08:00:00\"", "\"answerTime\":\"09:00:00\"", -1)]
    [InlineData("quantity", "\"valueQuantity\":{\"value\":1,\"system\":\"http://unitsofmeasure.org\",\"code\":\"g\"}", "\"answerQuantity\":{\"value\":900,\"system\":\"http://unitsofmeasure.org\",\"code\":\"mg\"}", 1)]
    public void WhatHasAnOrderIsCompared(string type, string given, string wanted, int order)
    {
        Assert.Equal(order == 0, Holds(type, given, "=", wanted));
        Assert.Equal(order != 0, Holds(type, given, "!=", wanted));
        Assert.Equal(order > 0, Holds(type, given, ">", wanted));
        Assert.Equal(order < 0, Holds(type, given, "<", wanted));
        Assert.Equal(order >= 0, Holds(type, given, ">=", wanted));
        Assert.Equal(order <= 0, Holds(type, given, "<=", wanted));
    }

    [Theory]
    [InlineData("boolean", "\"valueBoolean\":true", "\"answerBoolean\":true", true)]
    [InlineData("boolean", "\"valueBoolean\":true", "\"answerBoolean\":false", false)]
    [InlineData("string", "\"valueString\":\"a\"", "\"answerString\":\"a\"", true)]
    [InlineData("string", "\"valueString\":\"a\"", "\"answerString\":\"A\"", false)]
    [InlineData("choice", "\"valueCoding\":{\"system\":\"http://example.org/s\",\"code\":\"a\"}", "\"answerCoding\":{\"system\":\"http://example.org/s\",\"code\":\"a\",\"display\":\"A\"}", true)]
    [InlineData("choice", "\"valueCoding\":{\"system\":\"http://example.org/s\",\"code\":\"a\"}", "\"answerCoding\":{\"system\":\"http://example.org/t\",\"code\":\"a\"}", false)]
    [InlineData("reference", "\"valueReference\":{\"reference\":\"Patient/1\"}", "\"answerReference\":{\"reference\":\"Patient/1\"}", true)]
    [InlineData("reference", "\"valueReference\":{\"reference\":\"Patient/1\"}", "\"answerReference\":{\"reference\":\"Patient/2\"}", false)]
    public void WhatHasNoneIsEqualOrNot(string type, string given, string wanted, bool isEqual)
    {
        Assert.Equal(isEqual, Holds(type, given, "=", wanted));
        Assert.Equal(!isEqual, Holds(type, given, "!=", wanted));
    }

    [Theory]
    [InlineData("true", true, true)]
    [InlineData("true", false, false)]
    [InlineData("false", true, false)]
    [InlineData("false", false, true)]
    public void ExistenceIsAsked(string wanted, bool isAnswered, bool expected)
        => Assert.Equal(expected, IsEnabled("string", $$"""{"question":"q","operator":"exists","answerBoolean":{{wanted}}}""", "", isAnswered ? ["""{"valueString":"x"}"""] : []));

    [Fact]
    public void OfSeveralAnswersOneIsEnoughAndForUnequalNoneMayBeEqual()
    {
        const string Equal = """{"question":"q","operator":"=","answerInteger":2}""";
        string[] answers = ["""{"valueInteger":1}""", """{"valueInteger":2}"""];

        Assert.True(IsEnabled("integer", Equal, "", answers));
        Assert.False(IsEnabled("integer", Equal.Replace("\"=\"", "\"!=\"", StringComparison.Ordinal), "", answers));
        Assert.True(IsEnabled("integer", Equal.Replace("\"=\"", "\">=\"", StringComparison.Ordinal), "", answers));
        Assert.False(IsEnabled("integer", Equal.Replace("\"=\"", "\">\"", StringComparison.Ordinal), "", answers));
    }

    [Theory]
    [InlineData("any", true)]
    [InlineData("all", false)]
    public void TheBehaviourJoinsThem(string behaviour, bool expected)
        => Assert.Equal(expected, IsEnabled(
            "integer",
            """{"question":"q","operator":"=","answerInteger":1},{"question":"other","operator":"exists","answerBoolean":true}""",
            $",\"enableBehavior\":\"{behaviour}\"",
            """{"valueInteger":1}"""));

    /// <summary>
    /// Structured Data Capture, not R4, has an expression that enables an item. It is not evaluated: a required item without an answer may be right, and that this was
    /// not checked is said.
    /// </summary>
    [Theory]
    [InlineData("")]
    [InlineData(""","item":[{"linkId":"d","answer":[{"valueString":"x"}]}]""")]
    public void AnItemThatAnExpressionEnablesIsNotJudged(string items)
    {
        var questionnaire = ProfileFixture.Read("""
            {"resourceType":"Questionnaire","url":"http://example.org/Questionnaire/q","status":"active","item":[{"linkId":"d","type":"string","required":true,
             "extension":[{"url":"http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression","valueExpression":{"language":"text/fhirpath","expression":"%resource.item.where(linkId='a').exists()"}}]}]}
            """);
        var issues = new Validator(ConformanceSource.Official.With(questionnaire)).Validate(ProfileFixture.Read(
            $$"""{"resourceType":"QuestionnaireResponse","questionnaire":"http://example.org/Questionnaire/q","status":"completed"{{items}}}""")).Issues;
        Assert.Equal(["Information ATC-V003 QuestionnaireResponse"], issues.Select(issue => $"{issue.Severity} {issue.Rule} {issue.Expression}"));
    }
}
