using System.Text.Json;
using AtcFhir.R4.Documents;
using AtcFhir.Validation.Conformance;
using AtcFhir.Validation.Questionnaires;

namespace AtcFhir.Tests.Validation.Questionnaires;

/// <summary>Many options are looked up; the answer is the one that comparing with each would give.</summary>
public class AnswerOptionsTests
{
    private static readonly string[] Values =
    [
        .. from system in (string[])["", "\"system\":\"http://example.org/a\",", "\"system\":\"http://example.org/b\","] from code in (string[])["x", "y", "z"] select $$"""Coding {{{system}}"code":"{{code}}"}""",
        """Coding {"system":"http://example.org/a"}""",
        """Coding {"display":"x"}""",
        "String \"x\"", "String \"y\"", "Integer 1", "Integer 2", "Date \"2020\"", "Time \"10:00:00\"",
        """Reference {"reference":"Patient/1"}""", """Reference {"reference":"Patient/2"}""", """Reference {"display":"x"}""",
    ];

    [Fact]
    public void LookingUpAnswersAsComparingDoes()
    {
        for (var taken = 0; taken < Values.Length; taken++)
        {
            // Of every third value there is no option; the rest is padded beyond what is compared one by one.
            AnswerOption[] options = [.. Values.Where((_, i) => i % 3 != taken % 3).Select(Option), .. Enumerable.Range(0, 20).Select(i => Option($"String \"pad{i}\""))];
            var value = Answer(Values[taken]);
            Assert.Equal(Array.Exists(options, option => option.Is(value)), new AnswerOptions(options).Contain(value));
        }
    }

    private static AnswerOption Option(string value) => AnswerOption.Of(new ExpectedValue(TypeOf(value), JsonDocument.Parse(value[value.IndexOf(' ', StringComparison.Ordinal)..]).RootElement));

    private static string TypeOf(string value) => value.Split(' ')[0] switch { "String" => "string", "Integer" => "integer", "Date" => "date", "Time" => "time", var other => other };

    private static Node Answer(string value)
        => ResourceDocument.Parse(System.Text.Encoding.UTF8.GetBytes($$$"""{"resourceType":"QuestionnaireResponse","status":"completed","item":[{"linkId":"l","answer":[{"value{{{value.Split(' ')[0]}}}":{{{value[value.IndexOf(' ', StringComparison.Ordinal)..]}}}}]}]}"""))
            .Value.Root.Child("item").Child("answer").Child("value");
}
