using System.Text.Json;
using System.Text.Json.Nodes;
using AtcFhir.R4.Documents;
using AtcFhir.Sync.Planning;
using AtcFhir.Trial.Concepts;

namespace AtcFhir.Sync.Push;

/// <summary>
/// The trial's record with an edit that the hospital made to what we delivered: the way back of <see cref="Outbound"/>, by the same rule as at the
/// border. Only elements that the concept takes come in, and only when both sides say the same afterwards; everything else is for a person.
/// </summary>
internal static class Inbound
{
    /// <summary>The record that says what <paramref name="agreed"/> says, or the path of the element that cannot be taken over.</summary>
    /// <param name="local">The trial's record.</param>
    /// <param name="ours">The same as it is sent to the hospital.</param>
    /// <param name="agreed">What is to stand at the hospital, in our spelling.</param>
    /// <param name="write">Outbound, for this hospital.</param>
    /// <param name="resolve">A reference of the hospital ("Patient/1") as the trial's; null when it has none.</param>
    public static (ResourceDocument? Taken, string Path) Take(TrialConcept concept, ResourceDocument local, byte[] ours, byte[] agreed, Func<ResourceDocument, byte[]?> write, Func<string, string?> resolve)
    {
        var changed = HospitalEdit.Differing(ours, agreed);
        var root = JsonNode.Parse(local.WithIdentity(null, null, null).Utf8.Span)!.AsObject();
        var theirs = JsonNode.Parse(agreed)!.AsObject();
        foreach (var name in changed)
        {
            if (name is "identifier" or "resourceType" or "contained" or "extension" or "modifierExtension")
            {
                return (null, Path(local, name));
            }

            var value = theirs[name]?.DeepClone();
            if (HasNewText(value, TextsOf(root[name])) || !Rename(value, resolve))
            {
                return (null, Path(local, name));
            }

            Put(root, name, value);
        }

        // By way of the concept: what it does not take is gone then, and the codes are spelled as the trial spells them.
        if (Parse(root) is not { } edited || !concept.RoundTrip(edited).TryGet(out var record, out _))
        {
            return (null, Path(local, changed.Count == 0 ? "" : changed[0]));
        }

        var plain = JsonNode.Parse(record)!.AsObject();
        foreach (var name in changed)
        {
            Put(root, name, plain[name]?.DeepClone());
        }

        if (Parse(root) is not { } taken || write(taken) is not { } said)
        {
            return (null, local.ResourceType);
        }

        var rest = HospitalEdit.Differing(said, agreed);
        return rest.Count == 0 ? (taken, "") : (null, Path(local, rest[0]));
    }

    /// <summary>Less serious than before: a hospital alone does not make it so.</summary>
    public static bool IsMilder(TrialConcept concept, ResourceDocument before, ResourceDocument after)
        => concept.Extract(before).TryGet(out var was, out _) && concept.Extract(after).TryGet(out var now, out _)
            && ((IsSerious(was) && !IsSerious(now)) || Grade(now) < Grade(was));

    /// <summary>Words that somebody typed in may say who the patient is: they are never taken over without a person.</summary>
    private static bool HasNewText(JsonNode? node, HashSet<string> known, string name = "") => node switch
    {
        JsonArray array => array.Any(item => HasNewText(item, known, name)),
        JsonObject element => element.Any(property => HasNewText(property.Value, known, property.Key)),
        JsonValue value => value.TryGetValue<string>(out var text) && !known.Contains(text)
            && (name is "text" or "display" or "title" or "description" or "comment" or "div" || text.Any(char.IsWhiteSpace)),
        _ => false,
    };

    private static HashSet<string> TextsOf(JsonNode? node)
    {
        var texts = new HashSet<string>(StringComparer.Ordinal);
        Collect(node);
        return texts;

        void Collect(JsonNode? inner)
        {
            switch (inner)
            {
                case JsonArray array:
                    foreach (var item in array)
                    {
                        Collect(item);
                    }

                    break;
                case JsonObject element:
                    foreach (var property in element)
                    {
                        Collect(property.Value);
                    }

                    break;
                case JsonValue value when value.TryGetValue<string>(out var text):
                    texts.Add(text);
                    break;
            }
        }
    }

    private static bool IsSerious(TrialRecord record) => record.Values.Any(value => value is { Name: "serious", Code: "true" });

    private static decimal Grade(TrialRecord record)
        => record.Values.FirstOrDefault(value => value.Name == "grade")?.Number is { } number && decimal.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var grade) ? grade : 0;

    private static string Path(ResourceDocument local, string name) => name.Length == 0 ? local.ResourceType : local.ResourceType + "." + name;

    private static void Put(JsonObject root, string name, JsonNode? value)
    {
        root.Remove(name);
        if (value is not null)
        {
            root[name] = value;
        }
    }

    private static ResourceDocument? Parse(JsonObject root) => ResourceDocument.Parse(JsonSerializer.SerializeToUtf8Bytes(root)).TryGet(out var document, out _) ? document : null;

    private static bool Rename(JsonNode? node, Func<string, string?> resolve)
    {
        switch (node)
        {
            case JsonArray array:
                return array.All(item => Rename(item, resolve));
            case JsonObject element:
                if (element["reference"] is JsonValue value && value.TryGetValue<string>(out var reference))
                {
                    if (resolve(reference) is not { } renamed)
                    {
                        return false;
                    }

                    element["reference"] = renamed;
                }

                return element.All(property => Rename(property.Value, resolve));
            default:
                return true;
        }
    }
}
