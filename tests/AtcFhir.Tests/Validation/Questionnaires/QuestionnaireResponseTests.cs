using AtcFhir.R4.Documents;
using AtcFhir.Tests.Validation.Profiles;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Tests.Validation.Questionnaires;

/// <summary>Responses against their Questionnaire.</summary>
public class QuestionnaireResponseTests
{
    private const string Questionnaire =
        """
        {"resourceType":"Questionnaire","url":"http://example.org/Questionnaire/q","status":"active","item":[
         {"linkId":"pain","type":"boolean","required":true},
         {"linkId":"where","type":"choice","repeats":true,"enableWhen":[{"question":"pain","operator":"=","answerBoolean":true}],
          "answerOption":[{"valueCoding":{"system":"http://example.org/s","code":"neck"}},{"valueCoding":{"system":"http://example.org/s","code":"back"}},
           {"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/questionnaire-optionExclusive","valueBoolean":true}],"valueCoding":{"system":"http://example.org/s","code":"nowhere"}}]},
         {"linkId":"score","type":"integer","extension":[{"url":"http://hl7.org/fhir/StructureDefinition/minValue","valueInteger":0},{"url":"http://hl7.org/fhir/StructureDefinition/maxValue","valueInteger":5}]},
         {"linkId":"remark","type":"string","maxLength":5},
         {"linkId":"family","type":"group","repeats":false,"item":[{"linkId":"mother","type":"string"}]},
         {"linkId":"thanks","type":"display"}]}
        """;

    private const string Pain = """{"linkId":"pain","answer":[{"valueBoolean":true}]}""";
    private const string NoPain = """{"linkId":"pain","answer":[{"valueBoolean":false}]}""";
    private const string Neck = """{"linkId":"where","answer":[{"valueCoding":{"system":"http://example.org/s","code":"neck"}}]}""";

    private static readonly Lazy<Validator> Validator = new(() => new Validator(ConformanceSource.Official.With(ProfileFixture.Read(Questionnaire))));

    private static IReadOnlyList<string> Errors(string status, params string[] items)
    {
        var list = items.Length > 0 ? $",\"item\":[{string.Join(',', items)}]" : "";
        ResourceDocument response = ProfileFixture.Read($$"""{"resourceType":"QuestionnaireResponse","questionnaire":"http://example.org/Questionnaire/q","status":"{{status}}"{{list}}}""");
        return [.. Validator.Value.Validate(response).Issues.Where(issue => issue.IsError).Select(issue => $"{issue.Rule} {issue.Expression}")];
    }

    [Fact]
    public void ACompleteOneIsValid()
        => Assert.Empty(Errors("completed", Pain, Neck, """{"linkId":"score","answer":[{"valueInteger":5}]}""", """{"linkId":"family","item":[{"linkId":"mother","answer":[{"valueString":"well"}]}]}"""));

    [Fact]
    public void ARequiredAnswerMayLackOnlyWhileItIsInProgress()
    {
        Assert.Equal(["ATC-V113 QuestionnaireResponse"], Errors("completed"));
        Assert.Empty(Errors("in-progress"));
    }

    [Fact]
    public void WhatIsNotEnabledHasNoAnswer() => Assert.Equal(["ATC-V116 QuestionnaireResponse.item[1]"], Errors("completed", NoPain, Neck));

    [Theory]
    [InlineData("""{"linkId":"where","answer":[{"valueCoding":{"system":"http://example.org/s","code":"foot"}}]}""", "ATC-V118 QuestionnaireResponse.item[1].answer[0]")]
    [InlineData("""{"linkId":"where","answer":[{"valueCoding":{"system":"http://example.org/s","code":"neck"}},{"valueCoding":{"system":"http://example.org/s","code":"nowhere"}}]}""", "ATC-V118 QuestionnaireResponse.item[1].answer[1]")]
    [InlineData("""{"linkId":"score","answer":[{"valueInteger":7}]}""", "ATC-V119 QuestionnaireResponse.item[1].answer[0].value")]
    [InlineData("""{"linkId":"score","answer":[{"valueString":"7"}]}""", "ATC-V117 QuestionnaireResponse.item[1].answer[0].value")]
    [InlineData("""{"linkId":"score","answer":[{"valueInteger":1},{"valueInteger":2}]}""", "ATC-V114 QuestionnaireResponse.item[1]")]
    [InlineData("""{"linkId":"remark","answer":[{"valueString":"too long"}]}""", "ATC-V119 QuestionnaireResponse.item[1].answer[0].value")]
    [InlineData("""{"linkId":"thanks","answer":[{"valueString":"x"}]}""", "ATC-V117 QuestionnaireResponse.item[1]")]
    [InlineData("""{"linkId":"nobody","answer":[{"valueString":"x"}]}""", "ATC-V112 QuestionnaireResponse")]
    [InlineData("""{"linkId":"mother","answer":[{"valueString":"x"}]}""", "ATC-V112 QuestionnaireResponse")]
    public void ABadItemIsReported(string item, string expected) => Assert.Equal([expected], Errors("completed", Pain, item));

    [Fact]
    public void ItemsFollowTheOrderOfTheQuestionnaire() => Assert.Equal(["ATC-V115 QuestionnaireResponse.item[1]"], Errors("completed", """{"linkId":"score","answer":[{"valueInteger":1}]}""", Pain));
}
