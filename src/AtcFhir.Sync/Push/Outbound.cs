using System.Text.Json;
using System.Text.Json.Nodes;
using AtcFhir.R4.Documents;

namespace AtcFhir.Sync.Push;

/// <summary>What a reference of the trial becomes at a hospital; closed.</summary>
internal abstract record Target
{
    private Target() { }

    /// <summary>The same thing at the hospital: "Patient/123".</summary>
    internal sealed record There(string Reference) : Target;

    /// <summary>It stays with the trial: an absolute URL, or nothing but its description.</summary>
    internal sealed record Here(string? Absolute) : Target;

    /// <summary>It is on its way: what refers to it waits.</summary>
    internal sealed record Waiting : Target;

    /// <summary>It cannot be named to the hospital at all, such as a patient who is not this hospital's.</summary>
    internal sealed record Never : Target;
}

/// <summary>
/// A trial resource as the hospital is to have it: without the trial's id, meta and pseudonyms' references, with an identifier by which it
/// is found again, spelled as the hospital's terminology spells it. A pure function; null when a reference says that it has to wait.
/// </summary>
internal static class Outbound
{
    private const string SeriousnessSystem = "http://terminology.hl7.org/CodeSystem/adverse-event-seriousness";

    public static byte[]? Write(ResourceDocument local, string identifierSystem, string identifierValue, string serious, Func<string, Target> resolve)
    {
        var root = JsonNode.Parse(local.Utf8.Span)!.AsObject();
        root.Remove("id");
        root.Remove("meta");
        AddIdentifier(root, local.ResourceType, identifierSystem, identifierValue);
        if (!RewriteReferences(root, resolve))
        {
            return null;
        }

        if (local.ResourceType == "AdverseEvent")
        {
            SpellSeriousness(root, serious);
        }

        return JsonSerializer.SerializeToUtf8Bytes(root);
    }

    /// <summary>The value of our identifier for a trial resource: the same after any crash, and for any copy of this installation's store.</summary>
    public static string IdentifierOf(string type, string id) => type + "-" + id;

    private static void AddIdentifier(JsonObject root, string type, string system, string value)
    {
        var identifier = new JsonObject { ["system"] = system, ["value"] = value };
        if (type is "AdverseEvent" or "QuestionnaireResponse")
        {
            root["identifier"] = identifier; // 0..1 in R4
            return;
        }

        if (root["identifier"] is not JsonArray list)
        {
            root["identifier"] = list = [];
        }

        list.Add(identifier);
    }

    private static bool RewriteReferences(JsonNode? node, Func<string, Target> resolve)
    {
        switch (node)
        {
            case JsonArray array:
                return array.All(item => RewriteReferences(item, resolve));
            case JsonObject element:
                if (element["reference"] is JsonValue value && value.TryGetValue<string>(out var reference) && !Rewrite(element, reference, resolve))
                {
                    return false;
                }

                return element.All(property => RewriteReferences(property.Value, resolve));
            default:
                return true;
        }
    }

    private static bool Rewrite(JsonObject element, string reference, Func<string, Target> resolve)
    {
        if (reference.StartsWith('#') || Uri.TryCreate(reference, UriKind.Absolute, out _))
        {
            return true;
        }

        switch (resolve(reference))
        {
            case Target.There there:
                element["reference"] = there.Reference;
                return true;
            case Target.Here { Absolute: { } absolute }:
                element["reference"] = absolute;
                return true;
            case Target.Here:
                element.Remove("reference");
                if (element["identifier"] is null && element["display"] is null)
                {
                    element["display"] = reference.Split('/')[0] + " of the trial";
                }

                return true;
            default:
                return false;
        }
    }

    private static void SpellSeriousness(JsonObject root, string serious)
    {
        foreach (var coding in root["seriousness"]?["coding"]?.AsArray() ?? [])
        {
            if (coding?["system"]?.GetValue<string>() == SeriousnessSystem && coding["code"]?.GetValue<string>() is { Length: > 0 } code)
            {
                // "Serious"/"Non-serious" in R4 4.0.1, "serious"/"non-serious" in HL7's terminology: the same URL, both case-sensitive.
                coding["code"] = char.IsUpper(serious[0]) ? char.ToUpperInvariant(code[0]) + code[1..] : code.ToLowerInvariant();
            }
        }
    }
}
