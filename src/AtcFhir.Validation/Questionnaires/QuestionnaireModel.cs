using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using AtcFhir.R4.Definitions;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Validation.Questionnaires;

/// <summary>A Questionnaire as its responses need it: items by linkId, with their limits. <see href="https://hl7.org/fhir/R4/questionnaire.html"/></summary>
internal sealed class QuestionnaireModel
{
    private readonly Dictionary<string, QuestionItem> byLinkId = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<QuestionItem[], Dictionary<string, int>> places = new();

    public QuestionnaireModel(JsonElement root)
    {
        Root = root;
        Url = root.Text("url");
        Items = ReadItems(root, null);
    }

    public string? Url { get; }

    public JsonElement Root { get; }

    public QuestionItem[] Items { get; }

    public QuestionItem? Find(string linkId) => byLinkId.GetValueOrDefault(linkId);

    /// <summary>Where among sibling items that linkId stands, the first time; -1 where it does not.</summary>
    public int Place(QuestionItem[] siblings, string linkId)
        => places.GetOrAdd(siblings, PlacesOf).GetValueOrDefault(linkId, -1);

    private static Dictionary<string, int> PlacesOf(QuestionItem[] siblings)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < siblings.Length; i++)
        {
            places.TryAdd(siblings[i].LinkId, i);
        }

        return places;
    }

    private QuestionItem[] ReadItems(JsonElement parent, QuestionItem? above)
    {
        var items = new List<QuestionItem>();
        foreach (var json in parent.Items("item"))
        {
            if (json.Text("linkId") is { } linkId)
            {
                var item = new QuestionItem(linkId, json, above);
                item.Items = ReadItems(json, item);
                byLinkId.TryAdd(linkId, item);
                items.Add(item);
            }
        }

        return [.. items];
    }

    /// <summary>A resource contained in the Questionnaire: "#id".</summary>
    public JsonElement? Contained(string reference)
    {
        foreach (var contained in Root.Items("contained"))
        {
            if (contained.Text("id") == reference.TrimStart('#'))
            {
                return contained;
            }
        }

        return null;
    }
}

/// <summary>One item of a Questionnaire: a group, a display, or a question.</summary>
internal sealed class QuestionItem(string linkId, JsonElement json, QuestionItem? parent)
{
    private const string Extensions = "http://hl7.org/fhir/StructureDefinition/";
    private const string Sdc = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-";

    private static readonly string[] AnyChoice = ["Coding", "string", "integer", "date", "time"];

    private static readonly Dictionary<string, string[]> TypesOfAnswers = new(StringComparer.Ordinal)
    {
        ["boolean"] = ["boolean"],
        ["decimal"] = ["decimal"],
        ["integer"] = ["integer"],
        ["date"] = ["date"],
        ["dateTime"] = ["dateTime"],
        ["time"] = ["time"],
        ["string"] = ["string"],
        ["text"] = ["string"],
        ["url"] = ["uri"],
        ["attachment"] = ["Attachment"],
        ["reference"] = ["Reference"],
        ["quantity"] = ["Quantity"],
        ["choice"] = ["Coding"],
    };

    public string LinkId { get; } = linkId;

    public byte[] LinkIdUtf8 { get; } = Encoding.UTF8.GetBytes(linkId);

    public QuestionItem? Parent { get; } = parent;

    public string Type { get; } = json.Text("type") ?? "group";

    public byte[]? Text { get; } = json.Text("text") is { } text ? Encoding.UTF8.GetBytes(text) : null;

    public bool IsRequired { get; } = json.Flag("required") == true;

    public bool Repeats { get; } = json.Flag("repeats") == true;

    public int? MaxLength { get; } = json.Integer("maxLength");

    public int? MinLength { get; } = json.ExtensionValue(Extensions + "minLength")?.AsInteger();

    public int? MaxDecimalPlaces { get; } = json.ExtensionValue(Extensions + "maxDecimalPlaces")?.AsInteger();

    public string? Regex { get; } = json.ExtensionValue(Extensions + "regex") is { ValueKind: JsonValueKind.String } regex ? regex.GetString() : null;

    /// <summary>Of an attachment; empty for any.</summary>
    public IReadOnlyList<string> MimeTypes { get; } = [.. json.ExtensionValues(Extensions + "mimeType").Where(e => e.ValueKind == JsonValueKind.String).Select(e => e.GetString()!)];

    public decimal? MaxSizeMegabytes { get; } = json.ExtensionValue(Extensions + "maxSize") is { ValueKind: JsonValueKind.Number } size && size.TryGetDecimal(out var megabytes) ? megabytes : null;

    /// <summary>Options that exclude every other answer.</summary>
    public AnswerOptions ExclusiveOptions { get; } = new([.. json.Items("answerOption")
        .Where(option => option.ExtensionValue(Extensions + "questionnaire-optionExclusive") is { ValueKind: JsonValueKind.True }).Select(option => Value(option, "value")).OfType<ExpectedValue>().Select(AnswerOption.Of)]);

    public ExpectedValue? MinValue { get; } = Limit(json, Extensions + "minValue") ?? Limit(json, Sdc + "minQuantity");

    public ExpectedValue? MaxValue { get; } = Limit(json, Extensions + "maxValue") ?? Limit(json, Sdc + "maxQuantity");

    public int? MinOccurs { get; } = json.ExtensionValue(Extensions + "questionnaire-minOccurs")?.AsInteger();

    public int? MaxOccurs { get; } = json.ExtensionValue(Extensions + "questionnaire-maxOccurs")?.AsInteger();

    /// <summary>Of a reference; empty for any.</summary>
    public IReadOnlyList<string> ReferenceTypes { get; } = [.. json.ExtensionValues(Extensions + "questionnaire-referenceResource").Where(e => e.ValueKind == JsonValueKind.String).Select(e => e.GetString()!)];

    /// <summary>Codings of the units that a quantity may have; empty for any.</summary>
    public IReadOnlyList<JsonElement> UnitOptions { get; } = [.. json.ExtensionValues(Extensions + "questionnaire-unitOption")];

    public string? UnitValueSet { get; } = json.ExtensionValue(Extensions + "questionnaire-unitValueSet") is { ValueKind: JsonValueKind.String } units ? units.GetString() : null;

    public string? AnswerValueSet { get; } = json.Text("answerValueSet");

    public AnswerOptions Options { get; } = new([.. json.Items("answerOption").Select(option => Value(option, "value")).OfType<ExpectedValue>().Select(AnswerOption.Of)]);

    /// <summary>The FHIR types that an answer may have.</summary>
    public string[] AnswerTypes => field ??= Type == "choice" && Options.TypeNames is { Length: > 0 } types ? types : AnswerTypesOf(Type);

    /// <summary>Those of a question of that type which has no options.</summary>
    public static string[] AnswerTypesOf(ReadOnlySpan<char> type) => TypesOfAnswers.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(type, out var types) ? types : AnyChoice;

    /// <summary>True when the text of an answer has to be looked at.</summary>
    public bool RestrictsText => MaxLength is not null || MinLength is not null || MaxDecimalPlaces is not null || Regex is not null;

    /// <summary>Enabled by an expression of Structured Data Capture besides, which is not evaluated here: it may say no where R4 says yes.</summary>
    public bool HasEnablingExpression { get; } = json.ExtensionValue(Sdc + "enableWhenExpression") is not null;

    public bool EnableAny { get; } = json.Text("enableBehavior") == "any";

    public IReadOnlyList<EnableWhen> EnableWhen { get; } =
        [.. json.Items("enableWhen").Select(when => new EnableWhen(when.Text("question") ?? "", when.Text("operator") ?? "=", Value(when, "answer")))];

    public QuestionItem[] Items { get; set; } = [];

    public bool IsQuestion => Type is not ("group" or "display");

    private static ExpectedValue? Limit(JsonElement json, string url)
    {
        foreach (var extension in json.Items("extension"))
        {
            if (extension.Text("url") == url)
            {
                return Value(extension, "value");
            }
        }

        return null;
    }

    private static ExpectedValue? Value(JsonElement json, string prefix)
    {
        foreach (var property in json.EnumerateObject())
        {
            if (property.Name.Length > prefix.Length && property.Name.StartsWith(prefix, StringComparison.Ordinal) && char.IsUpper(property.Name[prefix.Length]))
            {
                var name = property.Name[prefix.Length..];
                var lower = char.ToLowerInvariant(name[0]) + name[1..];
                return new ExpectedValue(R4Definitions.Find(lower) is { IsPrimitive: true } ? lower : name, property.Value);
            }
        }

        return null;
    }
}

/// <param name="Operator">exists, =, !=, &gt;, &lt;, &gt;=, &lt;=.</param>
internal sealed record EnableWhen(string Question, string Operator, ExpectedValue? Answer)
{
    /// <summary>The same for conditions that ask the same.</summary>
    public string Key { get; } = $"{Question}\n{Operator}\n{Answer?.TypeName}\n{Answer?.Json.GetRawText()}";
}
