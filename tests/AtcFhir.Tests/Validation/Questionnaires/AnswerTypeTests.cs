using System.Text.Json;
using AtcFhir.Tests.Validation.Profiles;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Tests.Validation.Questionnaires;

/// <summary>Every type of item takes the answers that it is for and no others. <see href="https://hl7.org/fhir/R4/codesystem-item-type.html"/></summary>
public class AnswerTypeTests
{
    private const string Quantity = "{\"value\":1,\"system\":\"http://unitsofmeasure.org\",\"code\":\"mg\"}";

    /// <summary>One answer of each type.</summary>
    private static readonly Dictionary<string, string> Answers = new(StringComparer.Ordinal)
    {
        ["Boolean"] = "true",
        ["Decimal"] = "1.5",
        ["Integer"] = "1",
        ["Date"] = "\"2026-01-01\"",
        ["DateTime"] = "\"2026-01-01T00:00:00Z\"",
        ["Time"] = "\"08:00:00\"",
        ["String"] = "\"x\"",
        ["Uri"] = "\"http://example.org\"",
        ["Attachment"] = "{\"contentType\":\"text/plain\",\"data\":\"QQ==\"}",
        ["Coding"] = "{\"system\":\"http://example.org/s\",\"code\":\"a\"}",
        ["Quantity"] = Quantity,
        ["Reference"] = "{\"reference\":\"Patient/1\"}",
    };

    private static readonly Dictionary<string, string> Takes = new(StringComparer.Ordinal)
    {
        ["boolean"] = "Boolean",
        ["decimal"] = "Decimal",
        ["integer"] = "Integer",
        ["date"] = "Date",
        ["dateTime"] = "DateTime",
        ["time"] = "Time",
        ["string"] = "String",
        ["text"] = "String",
        ["url"] = "Uri",
        ["choice"] = "Coding",
        ["open-choice"] = "Coding String Integer Date Time",
        ["attachment"] = "Attachment",
        ["reference"] = "Reference",
        ["quantity"] = "Quantity",
        ["group"] = "",
        ["display"] = "",
        ["question"] = "",
    };

    public static TheoryData<string> Types => [.. Takes.Keys.Where(type => type != "question")];

    private static string Errors(string type, string answer)
    {
        var questionnaire = ProfileFixture.Read($$"""{"resourceType":"Questionnaire","url":"http://example.org/Questionnaire/q","status":"active","item":[{"linkId":"q","text":"x","type":"{{type}}"}]}""");
        return string.Join(' ', new Validator(ConformanceSource.Official.With(questionnaire)).Validate(ProfileFixture.Read(
            $$$"""{"resourceType":"QuestionnaireResponse","questionnaire":"http://example.org/Questionnaire/q","status":"completed","item":[{"linkId":"q","answer":[{"value{{{answer}}}":{{{Answers[answer]}}}}]}]}"""))
            .Issues.Where(issue => issue.IsError).Select(issue => issue.Rule));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void TakesItsAnswersOnly(string type)
    {
        var taken = Takes[type].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            Answers.Keys.Select(answer => $"{answer} {(taken.Contains(answer) ? "" : "ATC-V117")}"),
            Answers.Keys.Select(answer => $"{answer} {Errors(type, answer)}"));
    }

    /// <summary>"question" is abstract: an item is of one of its kinds.</summary>
    [Fact]
    public void NoTypeIsLeftOut()
    {
        using var set = JsonDocument.Parse(new AtcFhir.Validation.Terminology.Operations.TerminologyOperations(new Validator(ConformanceSource.Official), TimeProvider.System)
            .Expand(new("http://hl7.org/fhir/ValueSet/item-type"), new() { ExcludeNested = true }).Value);
        Assert.Equal(Takes.Keys.Order(StringComparer.Ordinal), set.RootElement.GetProperty("expansion").GetProperty("contains").EnumerateArray().Select(code => code.GetProperty("code").GetString()).Order(StringComparer.Ordinal));
    }
}
