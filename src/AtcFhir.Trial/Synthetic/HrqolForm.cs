using AtcFhir.Trial.Concepts;

namespace AtcFhir.Trial.Synthetic;

/// <summary>Answers to the study's questionnaire, group by group as the form has them.</summary>
internal static class HrqolForm
{
    public const string Canonical = "https://example.org/atcfhir/Questionnaire/atc-hrqol|0.1.0";

    private const string AnswerSystem = "https://example.org/atcfhir/CodeSystem/hrqol-answer";

    private static readonly (string Group, string[] Questions)[] Groups =
    [
        ("neck", ["neck-swallowing", "neck-breathing", "neck-voice", "neck-pain"]),
        ("body", ["body-energy", "body-appetite", "body-sleep"]),
        ("day", ["day-care", "day-house", "day-out", "day-people"]),
    ];

    private static readonly string[] Answers = ["none", "some", "much", "extreme"];

    public static void Write(ResourceWriter writer, PatientCourse course, int day)
        => writer.Objects<Action>("item", [.. Groups.Select<(string Group, string[] Questions), Action>(group => () => WriteGroup(writer, course, day, group.Group, group.Questions)), () => WriteMark(writer, course, day)], body => body());

    private static void WriteGroup(ResourceWriter writer, PatientCourse course, int day, string name, string[] questions)
    {
        writer.Text("linkId", name);
        writer.Objects("item", [.. questions.Where(question => !course.Dice.Chance(0.05, "left out " + question, day))], question =>
        {
            writer.Text("linkId", question);
            writer.Objects("answer", [Trouble(course, day, question)], answer => writer.Object("valueCoding", () => writer.CodingBody(new ConceptCode(AnswerSystem, Answers[answer]))));
        });
    }

    private static void WriteMark(ResourceWriter writer, PatientCourse course, int day)
    {
        writer.Text("linkId", "whole");
        writer.Objects("answer", [Math.Clamp((int)Math.Round(7 - (5 * course.Decline(day)) + course.Dice.Normal("whole", day)), 0, 10)], mark => writer.Number("valueInteger", mark));
    }

    private static int Trouble(PatientCourse course, int day, string question)
        => Math.Clamp((int)Math.Round(0.6 + (2.2 * course.Decline(day)) + (0.7 * course.Dice.Normal(question, day))), 0, 3);
}
