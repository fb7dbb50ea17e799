using System.Text.Json;
using System.Text.Json.Nodes;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Server.Fhir;

/// <summary>JSON Patch on the JSON of a resource. Numbers keep their text. <see href="https://www.rfc-editor.org/rfc/rfc6902"/></summary>
internal static class JsonPatch
{
    /// <summary>Reads the patch; 400 when it is none.</summary>
    public static Result<IReadOnlyList<JsonPatchOperation>> Parse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            if (JsonNode.Parse(utf8.Span, nodeOptions: null, Json.Strict) is not JsonArray array)
            {
                return Malformed("A JSON Patch is an array of operations.");
            }

            var operations = new List<JsonPatchOperation>();
            foreach (var item in array)
            {
                if (item is not JsonObject operation || TextOf(operation, "op") is not { } op || Pointer(operation, "path") is not { } path)
                {
                    return Malformed("Each operation of a JSON Patch is an object with op and path.");
                }

                var from = Pointer(operation, "from");
                if (op is not ("add" or "remove" or "replace" or "move" or "copy" or "test")
                    || (op is "move" or "copy" && from is null) || (op is "add" or "replace" or "test" && !operation.ContainsKey("value")))
                {
                    return Malformed("An operation of a JSON Patch is add, remove, replace, move, copy or test, with from or value where it needs one.");
                }

                operations.Add(new JsonPatchOperation(op, path, from, operation["value"]));
            }

            return operations;
        }
        catch (Exception broken) when (broken is JsonException or ArgumentException or InvalidOperationException)
        {
            return Malformed("The JSON Patch is not JSON.");
        }
    }

    /// <summary>Applies all operations, or none: 422 names the one that cannot be.</summary>
    public static Result<ReadOnlyMemory<byte>> Apply(ReadOnlyMemory<byte> resource, IReadOnlyList<JsonPatchOperation> operations)
    {
        JsonNode? root = JsonNode.Parse(resource.Span, nodeOptions: null, Json.Options);
        for (var i = 0; i < operations.Count; i++)
        {
            if (!Apply(ref root, operations[i]))
            {
                var what = operations[i].Op == "test" ? "does not hold" : "cannot be applied";
                return new Failure(FailureKind.Unprocessable, IssueCode.Processing, string.Create(CultureInfo.InvariantCulture, $"Operation {i + 1} of the JSON Patch ({operations[i].Op}) {what}."));
            }
        }

        return root is null
            ? new Failure(FailureKind.Unprocessable, IssueCode.Processing, "The JSON Patch removes the whole resource.")
            : new ReadOnlyMemory<byte>(JsonSerializer.SerializeToUtf8Bytes(root, RelaxedJson.Options));
    }

    private static bool Apply(ref JsonNode? root, JsonPatchOperation operation)
    {
        switch (operation.Op)
        {
            case "add":
                return Add(ref root, operation.Path, operation.Value?.DeepClone());
            case "remove":
                return Remove(root, operation.Path, out _);
            case "replace" when operation.Path.Count == 0:
                return Add(ref root, operation.Path, operation.Value?.DeepClone());
            case "replace":
                return Replace(root, operation.Path, operation.Value?.DeepClone());
            case "move":
                return !IsPrefix(operation.From!, operation.Path) && Remove(root, operation.From!, out var moved) && Add(ref root, operation.Path, moved);
            case "copy":
                return Find(root, operation.From!, out var copied) && Add(ref root, operation.Path, copied?.DeepClone());
            default:
                return Find(root, operation.Path, out var actual) && JsonNode.DeepEquals(actual, operation.Value);
        }
    }

    private static bool Find(JsonNode? node, IReadOnlyList<string> path, out JsonNode? found)
    {
        found = node;
        foreach (var token in path)
        {
            switch (found)
            {
                case JsonObject parent when parent.TryGetPropertyValue(token, out found):
                    break;
                case JsonArray items when IndexOf(token) is { } index && index < items.Count:
                    found = items[index];
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    private static bool Add(ref JsonNode? root, IReadOnlyList<string> path, JsonNode? value)
    {
        if (path.Count == 0)
        {
            root = value;
            return true;
        }

        if (!Find(root, [.. path.SkipLast(1)], out var parent))
        {
            return false;
        }

        switch (parent)
        {
            case JsonObject owner:
                owner[path[^1]] = value;
                return true;
            case JsonArray items when path[^1] == "-":
                items.Add(value);
                return true;
            case JsonArray items when IndexOf(path[^1]) is { } index && index <= items.Count:
                items.Insert(index, value);
                return true;
            default:
                return false;
        }
    }

    /// <summary>In its place: a remove and an add would make it the last of its object.</summary>
    private static bool Replace(JsonNode? root, IReadOnlyList<string> path, JsonNode? value)
    {
        if (!Find(root, path, out _) || !Find(root, [.. path.SkipLast(1)], out var parent))
        {
            return false;
        }

        if (parent is JsonObject owner)
        {
            owner[path[^1]] = value;
            return true;
        }

        ((JsonArray)parent!)[IndexOf(path[^1])!.Value] = value;
        return true;
    }

    private static bool Remove(JsonNode? root, IReadOnlyList<string> path, out JsonNode? removed)
    {
        removed = null;
        if (path.Count == 0 || !Find(root, path, out removed) || !Find(root, [.. path.SkipLast(1)], out var parent))
        {
            return false;
        }

        if (parent is JsonObject owner)
        {
            return owner.Remove(path[^1]);
        }

        ((JsonArray)parent!).RemoveAt(IndexOf(path[^1])!.Value);
        return true;
    }

    private static bool IsPrefix(IReadOnlyList<string> from, IReadOnlyList<string> path) => from.Count < path.Count && path.Take(from.Count).SequenceEqual(from);

    private static int? IndexOf(string token)
        => (token == "0" || !token.StartsWith('0')) && int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;

    private static string? TextOf(JsonObject operation, string name)
        => operation[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static List<string>? Pointer(JsonObject operation, string name) => TextOf(operation, name) switch
    {
        "" => [],
        ['/', .. var rest] => [.. rest.Split('/').Select(token => token.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))],
        _ => null,
    };

    private static Failure Malformed(string text) => new(FailureKind.Malformed, IssueCode.Invalid, text);
}

/// <summary>One operation; pointers are lists of unescaped tokens.</summary>
internal sealed record JsonPatchOperation(string Op, IReadOnlyList<string> Path, IReadOnlyList<string>? From, JsonNode? Value);
