using System.Text.Json;
using System.Text.Json.Nodes;
using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Server.Fhir;

/// <summary>
/// FHIRPath Patch: a Parameters resource with operations, each of which finds its place with FHIRPath in what the one before made.
/// <see href="https://hl7.org/fhir/R4/fhirpatch.html"/>
/// </summary>
internal static class FhirPathPatch
{
    /// <summary>Applies all operations, or none: the failure names the one that cannot be.</summary>
    public static Result<ReadOnlyMemory<byte>> Apply(ReadOnlyMemory<byte> resource, ResourceDocument parameters)
    {
        if (parameters.ResourceType != "Parameters")
        {
            return new Failure(FailureKind.Malformed, IssueCode.Invalid, "A FHIRPath Patch is a Parameters resource.");
        }

        if (JsonNode.Parse(parameters.Utf8.Span, nodeOptions: null, Json.Options)!["parameter"] is not JsonArray operations)
        {
            return resource;
        }

        for (var i = 0; i < operations.Count; i++)
        {
            if (!Step(resource, operations[i]!.AsObject()).TryGet(out var next, out var failure))
            {
                var where = string.Create(CultureInfo.InvariantCulture, $"Parameters.parameter[{i}]");
                return failure with { Issues = [.. failure.Issues.Select(issue => issue with { Expression = where })] };
            }

            resource = next;
        }

        return resource;
    }

    private static Result<ReadOnlyMemory<byte>> Step(ReadOnlyMemory<byte> resource, JsonObject parameter)
    {
        if (!ResourceDocument.Parse(resource).TryGet(out var document, out var broken))
        {
            return broken;
        }

        if (!PatchStep.Read(parameter).TryGet(out var step, out var unclear))
        {
            return unclear;
        }

        var root = JsonNode.Parse(resource.Span, nodeOptions: null, Json.Options)!.AsObject();
        if (Change(document, root, step) is { } failure)
        {
            return failure;
        }

        JsonPlace.Prune(root);
        return new ReadOnlyMemory<byte>(JsonSerializer.SerializeToUtf8Bytes(root, RelaxedJson.Options));
    }

    /// <summary>Null when the tree was changed.</summary>
    private static Failure? Change(ResourceDocument document, JsonObject root, PatchStep step)
    {
        if (!Find(document, step.Path).TryGet(out var found, out var failure))
        {
            return failure;
        }

        switch (step.Type)
        {
            case "add":
                return found is [var owner]
                    ? owner.Type.Find(ElementName(owner.Type, step.Name)) is { } element
                        ? Added(root, owner, element, step, index: null)
                        : Refuse($"{owner.Type.Name} has no element of the name given.")
                    : Ambiguous(found.Count);
            case "insert" when found.Count > 0:
                return Added(root, found[0].Parent, found[0].Element!, step, step.Index);
            case "insert":
                return Split(document, step.Path).TryGet(out var place, out failure) ? Added(root, place.Owner, place.Element, step, step.Index) : failure;
            case "delete":
                return found.Count > 1 ? Ambiguous(found.Count) : found is [var gone] ? Edit(root, gone, values => values.RemoveAt(gone.Repetition)) : null;
            case "replace":
                return found is [var old] ? Replaced(root, old, step) : Ambiguous(found.Count);
            case "move":
                return found.Count > 0 && IsInside(step.Source, found.Count) && IsInside(step.Destination, found.Count)
                    ? Edit(root, found[0], values => values.Move(step.Source!.Value, step.Destination!.Value))
                    : Refuse("source and destination have to lie inside of the list.");
            default:
                return Refuse("The type of an operation is add, insert, delete, replace or move.");
        }
    }

    private static Failure? Added(JsonObject root, Node owner, ElementSchema element, PatchStep step, int? index)
    {
        if (!PatchValue.Of(step.Value, element).TryGet(out var value, out var failure))
        {
            return failure;
        }

        var values = new ElementValues(JsonPlace.ObjectOf(root, owner), element);
        if (!element.IsList && values.Count > 0)
        {
            return Refuse($"{element.Path} is there already and does not repeat.");
        }

        if (index is { } at && (at < 0 || at > values.Count))
        {
            return Refuse("index has to lie inside of the list, or at its end.");
        }

        values.Insert(index ?? values.Count, value);
        values.Write();
        return null;
    }

    private static Failure? Replaced(JsonObject root, Node old, PatchStep step)
    {
        if (old.Element is not { } element)
        {
            return Refuse("The resource itself cannot be replaced.");
        }

        return PatchValue.Of(step.Value, element).TryGet(out var value, out var failure)
            ? Edit(root, old, values => values[old.Repetition] = value)
            : failure;
    }

    private static Failure? Edit(JsonObject root, Node node, Action<ElementValues> edit)
    {
        if (node.Element is not { } element)
        {
            return Refuse("The resource itself cannot be removed or moved.");
        }

        var values = new ElementValues(JsonPlace.ObjectOf(root, node.Parent), element);
        edit(values);
        values.Write();
        return null;
    }

    private static Result<List<Node>> Find(ResourceDocument document, string path)
    {
        if (!FhirPathExpression.Compile(path).TryGet(out var expression, out var unclear))
        {
            return new Failure(FailureKind.Malformed, unclear.Issues);
        }

        if (!expression.TryEvaluate(document.Root).TryGet(out var items, out var failure))
        {
            return failure;
        }

        var nodes = new List<Node>();
        foreach (var item in items)
        {
            if (!item.IsNode)
            {
                return Refuse("path has to lead to elements of the resource.");
            }

            nodes.Add(item.Node);
        }

        return nodes;
    }

    /// <summary>The place of a list that has no items yet: what stands before the last dot, and the element after it.</summary>
    private static Result<(Node Owner, ElementSchema Element)> Split(ResourceDocument document, string path)
    {
        var dot = path.LastIndexOf('.');
        if (dot < 0 || !Find(document, path[..dot]).TryGet(out var owners, out _) || owners is not [var owner] || owner.Type.Find(path[(dot + 1)..]) is not { } element)
        {
            return Ambiguous(0);
        }

        return (owner, element);
    }

    /// <summary>"value" also when the name is given with its type, valueQuantity.</summary>
    private static string ElementName(TypeSchema type, string? name)
        => type.Elements.FirstOrDefault(element => element.Name == name || (name is not null && element.JsonNames.Contains(name)))?.Name ?? "";

    private static bool IsInside(int? index, int count) => index is { } at && at >= 0 && at < count;

    private static Failure Ambiguous(int count)
        => Refuse(string.Create(CultureInfo.InvariantCulture, $"path has to lead to one element; it leads to {count}."));

    private static Failure Refuse(string text) => new(FailureKind.Unprocessable, IssueCode.Processing, text);
}
