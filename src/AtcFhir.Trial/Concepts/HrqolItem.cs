using AtcFhir.R4.Documents;
using AtcFhir.R4.Values;
using AtcFhir.Trial.Study;

namespace AtcFhir.Trial.Concepts;

/// <summary>A question or group of a questionnaire, answered.</summary>
public sealed record HrqolItem(string LinkId, ValueList<HrqolAnswer> Answers, ValueList<HrqolItem> Items)
{
    /// <summary>The item and those within it.</summary>
    public IEnumerable<HrqolItem> Flat() => Items.SelectMany(item => item.Flat()).Prepend(this);

    /// <summary>The answered items below a response or an item; with a form, only what that form offers.</summary>
    internal static ValueList<HrqolItem> Read(Node parent, QuestionnaireForm? form)
    {
        List<HrqolItem> items = [];
        foreach (var node in parent.ChildrenOf("item"))
        {
            if (node.Child("linkId").Text is not { } linkId || (form is not null && !form.HasItem(linkId)))
                continue;

            ValueList<HrqolAnswer> answers =
                [.. node.ChildrenOf("answer").ToList().Select(answer => HrqolAnswer.Read(answer.Child("value"))).OfType<HrqolAnswer>().Where(answer => form is null || form.Offers(linkId, answer))];
            var nested = Read(node, form);
            if (answers.Count > 0 || nested.Count > 0)
                items.Add(new HrqolItem(linkId, answers, nested));
        }

        return [.. items];
    }

    internal void Write(ResourceWriter writer)
    {
        writer.Text("linkId", LinkId);
        writer.Objects("answer", Answers, answer => answer.Write(writer));
        writer.Objects("item", Items, item => item.Write(writer));
    }
}

/// <summary>One answer: exactly one of the three is set.</summary>
/// <param name="Choice">An answer that the questionnaire offers.</param>
/// <param name="Number">A number as written.</param>
/// <param name="IsInteger">Whether the number is an integer answer.</param>
/// <param name="YesNo">Yes or no.</param>
public sealed record HrqolAnswer(ConceptCode? Choice = null, FhirDecimal? Number = null, bool IsInteger = false, bool? YesNo = null)
{
    internal static HrqolAnswer? Read(Node value) => value.Exists ? value.Type.Name switch
    {
        "Coding" when value.Child("system").Text is { } system && value.Child("code").Text is { } code => new HrqolAnswer(new ConceptCode(system, code)),
        "integer" when RecordedNumber.Of(value) is { } number => new HrqolAnswer(Number: number, IsInteger: true),
        "decimal" when RecordedNumber.Of(value) is { } number => new HrqolAnswer(Number: number),
        "boolean" => new HrqolAnswer(YesNo: value.TextEquals("true"u8)),
        _ => null,
    } : null;

    internal void Write(ResourceWriter writer)
    {
        if (Choice is { } choice)
            writer.Object("valueCoding", () => writer.CodingBody(choice));
        writer.Number(IsInteger ? "valueInteger" : "valueDecimal", Number);
        writer.Flag("valueBoolean", YesNo);
    }

    internal RecordValue ToValue(string linkId)
        => new(linkId, Number?.ToString(), System: Choice?.System, Code: Choice?.Code ?? YesNo switch { true => "true", false => "false", _ => null });
}
