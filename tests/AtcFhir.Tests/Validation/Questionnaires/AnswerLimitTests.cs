using AtcFhir.Tests.Validation.Profiles;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Tests.Validation.Questionnaires;

/// <summary>The limits that a question sets to its answers by extensions. <see href="https://hl7.org/fhir/R4/questionnaire-profiles.html#extensions"/></summary>
public class AnswerLimitTests
{
    private const string Standard = "http://hl7.org/fhir/StructureDefinition/";
    private const string Mg = "\"system\":\"http://unitsofmeasure.org\",\"code\":\"mg\"";
    private const string Gram = "\"system\":\"http://unitsofmeasure.org\",\"code\":\"g\"";

    [Theory]
    [InlineData("string", "minLength", "\"valueInteger\":3", "\"valueString\":\"abc\"", "\"valueString\":\"ab\"")]
    [InlineData("string", "regex", "\"valueString\":\"[0-9]{4}|x\"", "\"valueString\":\"1234\"", "\"valueString\":\"12345\"")]
    [InlineData("string", "regex", "\"valueString\":\"[0-9]{4}|x\"", "\"valueString\":\"x\"", "\"valueString\":\"xy\"")]
    [InlineData("decimal", "maxDecimalPlaces", "\"valueInteger\":1", "\"valueDecimal\":2.5", "\"valueDecimal\":2.50")]
    [InlineData("decimal", "minValue", "\"valueDecimal\":0.5", "\"valueDecimal\":0.50", "\"valueDecimal\":0.49")]
    [InlineData("date", "maxValue", "\"valueDate\":\"2026-01-31\"", "\"valueDate\":\"2026-01-31\"", "\"valueDate\":\"2026-02-01\"")]
    [InlineData("attachment", "mimeType", "\"valueCode\":\"application/pdf\"", "\"valueAttachment\":{\"contentType\":\"application/pdf\",\"url\":\"http://example.org/a\"}", "\"valueAttachment\":{\"contentType\":\"image/png\",\"url\":\"http://example.org/a\"}")]
    [InlineData("attachment", "maxSize", "\"valueDecimal\":1", "\"valueAttachment\":{\"contentType\":\"image/png\",\"url\":\"http://example.org/a\",\"size\":1048576}", "\"valueAttachment\":{\"contentType\":\"image/png\",\"url\":\"http://example.org/a\",\"size\":1048577}")]
    [InlineData("quantity", "minValue", "\"valueQuantity\":{\"value\":1," + Gram + "}", "\"valueQuantity\":{\"value\":1000," + Mg + "}", "\"valueQuantity\":{\"value\":999," + Mg + "}")]
    public void AnAnswerKeepsToTheLimit(string type, string extension, string limit, string within, string beyond)
    {
        Assert.Equal("", Errors(type, extension, limit, within));
        Assert.Equal("ATC-V119", Errors(type, extension, limit, beyond));
    }

    [Theory]
    [InlineData("questionnaire-unitOption", "\"valueCoding\":{" + Mg + "}")]
    [InlineData("questionnaire-unitValueSet", "\"valueCanonical\":\"http://hl7.org/fhir/ValueSet/age-units\"", "\"valueQuantity\":{\"value\":1,\"system\":\"http://unitsofmeasure.org\",\"code\":\"a\"}")]
    public void AUnitIsOneOfThoseThatTheQuestionOffers(string extension, string units, string offered = "\"valueQuantity\":{\"value\":1," + Mg + "}")
    {
        Assert.Equal("", Errors("quantity", extension, units, offered));
        Assert.Equal("ATC-V118", Errors("quantity", extension, units, "\"valueQuantity\":{\"value\":1," + Gram + "}"));
    }

    [Theory]
    [InlineData("questionnaire-minOccurs", 2, 2, 1)]
    [InlineData("questionnaire-maxOccurs", 2, 2, 3)]
    public void TheNumberOfAnswersKeepsToTheLimit(string extension, int limit, int within, int beyond)
    {
        Assert.Equal("", Errors("string", extension, $"\"valueInteger\":{limit}", [.. Enumerable.Repeat("\"valueString\":\"a\"", within)]));
        Assert.Equal("ATC-V114", Errors("string", extension, $"\"valueInteger\":{limit}", [.. Enumerable.Repeat("\"valueString\":\"a\"", beyond)]));
    }

    [Fact]
    public void APairOfSurrogatesIsOneCharacter() => Assert.Equal("", Errors("string", "minLength", "\"valueInteger\":1", "\"valueString\":\"\ud83d\ude00\"", maxLength: 1));

    private static string Errors(string type, string extension, string value, string answer, int maxLength) => Errors(type, extension, value, [answer], $",\"maxLength\":{maxLength}");

    private static string Errors(string type, string extension, string value, params string[] answers) => Errors(type, extension, value, answers, "");

    private static string Errors(string type, string extension, string value, string[] answers, string more)
    {
        var questionnaire = ProfileFixture.Read(
            $$"""{"resourceType":"Questionnaire","url":"http://example.org/Questionnaire/q","status":"active","item":[{"linkId":"q","text":"x","type":"{{type}}","repeats":true,"extension":[{"url":"{{Standard}}{{extension}}",{{value}}}]{{more}}}]}""");
        var response = ProfileFixture.Read(
            $$"""{"resourceType":"QuestionnaireResponse","questionnaire":"http://example.org/Questionnaire/q","status":"completed","item":[{"linkId":"q","answer":[{{string.Join(',', answers.Select(answer => $"{{{answer}}}"))}}]}]}""");
        return string.Join(' ', new Validator(ConformanceSource.Official.With(questionnaire)).Validate(response).Issues.Where(issue => issue.IsError).Select(issue => issue.Rule));
    }
}
