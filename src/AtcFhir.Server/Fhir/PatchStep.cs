using System.Text.Json.Nodes;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Server.Fhir;

/// <summary>One operation of a FHIRPath Patch as it is written.</summary>
/// <param name="Value">The part named value: an object with value[x], resource or part.</param>
internal sealed record PatchStep(string Type, string Path, string? Name, JsonObject? Value, int? Index, int? Source, int? Destination)
{
    public static Result<PatchStep> Read(JsonObject parameter)
    {
        var parts = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var part in parameter["part"]?.AsArray() ?? [])
        {
            parts[part!["name"]?.GetValue<string>() ?? ""] = part.AsObject();
        }

        return parameter["name"]?.GetValue<string>() == "operation" && Text(parts, "type") is { } type && Text(parts, "path") is { } path
            ? new PatchStep(type, path, Text(parts, "name"), parts.GetValueOrDefault("value"), Number(parts, "index"), Number(parts, "source"), Number(parts, "destination"))
            : new Failure(FailureKind.Malformed, IssueCode.Invalid, "Each parameter of a FHIRPath Patch is named operation and has the parts type and path.");
    }

    private static string? Text(Dictionary<string, JsonObject> parts, string name)
        => (parts.GetValueOrDefault(name)?["valueCode"] ?? parts.GetValueOrDefault(name)?["valueString"]) is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static int? Number(Dictionary<string, JsonObject> parts, string name)
        => parts.GetValueOrDefault(name)?["valueInteger"] is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;
}
