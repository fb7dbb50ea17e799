using System.Text.Json;
using System.Text.Json.Nodes;
using AtcFhir.R4.Documents;
using AtcFhir.Trial.Concepts;

namespace AtcFhir.Sync.Push;

/// <summary>
/// A trial record for a hospital that takes it only as a form (<see href="https://hl7.org/fhir/R4/questionnaireresponse.html"/>) or as a
/// document (<see href="https://hl7.org/fhir/R4/documentreference.html"/>). Both name the record inside, by the value of our identifier, since
/// some servers drop identifiers. A form claims no Questionnaire: there is none that has the values of every concept, and without one R4 takes the
/// answers as a description.
/// </summary>
internal static class DocumentBody
{
    /// <summary>The item that names the record.</summary>
    private const string RecordItem = "record.reference";

    private const string EnteredInError = "entered-in-error";

    public static bool IsDocument(DeliveryRoute route) => route is DeliveryRoute.QuestionnaireResponse or DeliveryRoute.DocumentReference;

    /// <summary>Null when a reference cannot be named to the hospital, or the record cannot be read.</summary>
    public static byte[]? Write(DeliveryRoute route, Outgoing outgoing, string identifierSystem, string identifierValue, string serious, Func<string, Target> resolve, Uri hospitalBase)
    {
        if (outgoing.Lane is not { } lane || resolve("Patient/" + lane.PatientId) is not Target.There subject
            || outgoing.Concept is not { } concept || !concept.Extract(outgoing.Document).TryGet(out var record, out _)
            || (outgoing.Document.Root.Child("meta").Child("lastUpdated").Text ?? Instant(record.Time?.ToDateTimeOffset())) is not { } at)
        {
            return null;
        }

        var status = outgoing.Document.Root.Child("status").Text == EnteredInError ? EnteredInError : null;
        var identifier = new JsonObject { ["system"] = identifierSystem, ["value"] = identifierValue };
        if (route == DeliveryRoute.QuestionnaireResponse)
        {
            return JsonSerializer.SerializeToUtf8Bytes(new JsonObject
            {
                ["resourceType"] = "QuestionnaireResponse",
                ["identifier"] = identifier,
                ["status"] = status ?? "completed",
                ["subject"] = new JsonObject { ["reference"] = subject.Reference },
                ["authored"] = at,
                ["item"] = Items(concept, record, identifierValue),
            });
        }

        // Inside a document nothing is relative: the patient is the hospital's, all else is the trial's.
        var inside = Outbound.Write(outgoing.Document, identifierSystem, identifierValue, serious, reference => resolve(reference) is Target.There there ? new Target.Here(new Uri(hospitalBase, there.Reference).AbsoluteUri) : resolve(reference));
        if (inside is null)
        {
            return null;
        }

        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["resourceType"] = "DocumentReference",
            ["identifier"] = new JsonArray(identifier),
            ["status"] = status ?? "current",
            ["type"] = new JsonObject { ["text"] = concept.Title },
            ["subject"] = new JsonObject { ["reference"] = subject.Reference },
            ["date"] = at,
            ["content"] = new JsonArray(new JsonObject
            {
                ["attachment"] = new JsonObject
                {
                    ["contentType"] = "application/fhir+json",
                    ["data"] = Convert.ToBase64String(inside),
                    ["title"] = identifierValue,
                },
            }),
        });
    }

    /// <summary>Whether a form or document names our record inside.</summary>
    public static bool Names(ResourceDocument document, string identifierValue) => document.ResourceType switch
    {
        "QuestionnaireResponse" => document.Root.ChildrenOf("item").ToList().Any(item => item.Child("linkId").Text == RecordItem && item.Child("answer").Child("value").Text == identifierValue),
        "DocumentReference" => document.Root.ChildrenOf("content").ToList().Any(content => content.Child("attachment").Child("title").Text == identifierValue),
        _ => false,
    };

    private static JsonArray Items(TrialConcept concept, TrialRecord record, string identifierValue)
    {
        var items = new JsonArray
        {
            Item(RecordItem, concept.Title + " (record of the trial)", [new JsonObject { ["valueString"] = identifierValue }]),
        };
        Add("record.status", "Status", "valueString", record.Status);
        Add("record.time", "Time", "valueDateTime", record.Time?.ToString());
        Add("record.until", "Until", "valueDateTime", record.Until?.ToString());
        foreach (var values in record.Values.GroupBy(value => value.Name))
        {
            // One item an item id, however many answers it has.
            items.Add(Item(values.Key, TextOf(values.Key), values.Select(Answer).OfType<JsonObject>()));
        }

        return items;

        void Add(string linkId, string text, string name, string? value)
        {
            if (value is not null)
            {
                items.Add(Item(linkId, text, [new JsonObject { [name] = value }]));
            }
        }
    }

    private static JsonObject Item(string linkId, string text, IEnumerable<JsonObject> answers)
    {
        var item = new JsonObject { ["linkId"] = linkId, ["text"] = text };
        if (answers.ToArray<JsonNode>() is { Length: > 0 } given)
        {
            item["answer"] = new JsonArray(given);
        }

        return item;
    }

    private static JsonObject? Answer(RecordValue value) => value switch
    {
        { Number: { } number, Unit: null, Comparator: null } => new JsonObject { ["valueDecimal"] = JsonNode.Parse(number) },
        { Number: { } number } => new JsonObject { ["valueQuantity"] = Quantity(value, number) },
        { Code: { } code, System: { } system } => new JsonObject { ["valueCoding"] = new JsonObject { ["system"] = system, ["code"] = code } },
        { Code: "true" or "false" } => new JsonObject { ["valueBoolean"] = value.Code == "true" },
        { Code: { } code } => new JsonObject { ["valueString"] = code },
        { Text: { Length: > 0 } text } => new JsonObject { ["valueString"] = text },
        _ => null,
    };

    private static JsonObject Quantity(RecordValue value, string number)
    {
        var quantity = new JsonObject { ["value"] = JsonNode.Parse(number) };
        if (value.Comparator is { } comparator)
        {
            quantity["comparator"] = comparator;
        }

        if (value.Unit is { } unit)
        {
            quantity["unit"] = unit;
            quantity["system"] = "http://unitsofmeasure.org";
            quantity["code"] = unit;
        }

        return quantity;
    }

    /// <summary>"subject-number": "Subject number".</summary>
    private static string TextOf(string name) => char.ToUpperInvariant(name[0]) + name[1..].Replace('-', ' ');

    private static string? Instant(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
