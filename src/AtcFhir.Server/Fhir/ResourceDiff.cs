using System.Text.Json;
using System.Text.Json.Nodes;
using AtcFhir.R4.Definitions;

namespace AtcFhir.Server.Fhir;

/// <summary>
/// Two contents of a resource -> the FHIRPath Patch that makes the second of the first. Lists are compared from both ends; what stands between is changed in
/// place as far as both have items. <see href="https://hl7.org/fhir/R4/fhirpatch.html"/>
/// </summary>
internal sealed class ResourceDiff
{
    private readonly JsonArray operations = [];

    private ResourceDiff() { }

    /// <param name="withStamp">Also meta.versionId and meta.lastUpdated, which a patch could not set.</param>
    public static ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> after, bool withStamp = false)
    {
        var (old, fresh) = (Read(before, withStamp), Read(after, withStamp));
        var type = R4Definitions.Find((string)fresh["resourceType"]!)!;
        var diff = new ResourceDiff();
        diff.Compare(type.Name, type, old, fresh);
        var parameters = new JsonObject { ["resourceType"] = "Parameters" };
        if (diff.operations.Count > 0)
        {
            parameters["parameter"] = diff.operations;
        }

        return JsonSerializer.SerializeToUtf8Bytes(parameters, RelaxedJson.Options);
    }

    /// <summary>What is compared: everything but the id and, unless asked for, the stamp of the version.</summary>
    public static JsonObject Read(ReadOnlyMemory<byte> resource, bool withStamp)
    {
        var root = JsonNode.Parse(resource.Span, nodeOptions: null, Json.Options)!.AsObject();
        root.Remove("id");
        if (!withStamp && root["meta"] is JsonObject meta)
        {
            meta.Remove("versionId");
            meta.Remove("lastUpdated");
            if (meta.Count == 0)
            {
                root.Remove("meta");
            }
        }

        return root;
    }

    /// <summary>Removals come last: an element that is empty in between would be gone, and its place with it.</summary>
    private void Compare(string path, TypeSchema type, JsonObject before, JsonObject after)
    {
        var removals = new List<string>();
        foreach (var element in type.Elements)
        {
            var (old, fresh) = (new ElementValues(before, element).ToList(), new ElementValues(after, element).ToList());
            if (element.IsList)
            {
                CompareLists(path, element, old, fresh, removals);
            }
            else
            {
                CompareOne(path, element, old.FirstOrDefault(), fresh.FirstOrDefault(), removals);
            }
        }

        removals.ForEach(place => Note("delete", place));
    }

    private void CompareOne(string path, ElementSchema element, PatchValue? old, PatchValue? fresh, List<string> removals)
    {
        var place = $"{path}.{element.Name}";
        switch (old, fresh)
        {
            case (null, null):
                break;
            case (null, { } added):
                Note("add", path, PatchPart.Text("name", element.Name), PatchPart.Value(element, added));
                break;
            case ({ }, null):
                removals.Add(place);
                break;
            case ({ } one, { } other):
                Change(place, element, one, other);
                break;
        }
    }

    private void CompareLists(string path, ElementSchema element, List<PatchValue> old, List<PatchValue> fresh, List<string> removals)
    {
        var place = $"{path}.{element.Name}";
        var start = 0;
        while (start < old.Count && start < fresh.Count && Same(old[start], fresh[start]))
        {
            start++;
        }

        var (oldEnd, freshEnd) = (old.Count, fresh.Count);
        while (oldEnd > start && freshEnd > start && Same(old[oldEnd - 1], fresh[freshEnd - 1]))
        {
            (oldEnd, freshEnd) = (oldEnd - 1, freshEnd - 1);
        }

        var shared = Math.Min(oldEnd, freshEnd);
        for (var index = start; index < shared; index++)
        {
            Change(Item(place, index), element, old[index], fresh[index]);
        }

        // From the end, so that the numbers of those in front stay what they are.
        for (var index = oldEnd - 1; index >= shared; index--)
        {
            removals.Add(Item(place, index));
        }

        for (var index = shared; index < freshEnd; index++)
        {
            Note("insert", place, PatchPart.Number("index", index), PatchPart.Value(element, fresh[index]));
        }
    }

    private void Change(string place, ElementSchema element, PatchValue old, PatchValue fresh)
    {
        if (Same(old, fresh))
        {
            return;
        }

        // What has no name of its own as a type is changed part by part; so is a long object, since most of it stays.
        if (old.Value is JsonObject before && fresh.Value is JsonObject after && old.JsonName == fresh.JsonName && PatchPart.TypeOf(element, fresh) is { } type && type == PatchPart.TypeOf(element, old))
        {
            Compare(place, type, before, after);
        }
        else
        {
            Note("replace", place, PatchPart.Value(element, fresh));
        }
    }

    private void Note(string type, string path, params JsonObject[] more)
        => operations.Add(new JsonObject { ["name"] = "operation", ["part"] = new JsonArray([PatchPart.Code("type", type), PatchPart.Text("path", path), .. more]) });

    private static string Item(string place, int index) => string.Create(CultureInfo.InvariantCulture, $"{place}[{index}]");

    /// <summary>Numbers by their text, so that a change of precision is one.</summary>
    private static bool Same(PatchValue old, PatchValue fresh) => old.JsonName == fresh.JsonName && TextOf(old) == TextOf(fresh);

    private static string TextOf(PatchValue value) => $"{value.Value?.ToJsonString()}\n{value.Sibling?.ToJsonString()}";
}
