using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AtcFhir.R4.Documents;

namespace AtcFhir.R4.Canonical;

/// <summary>What came of a merge.</summary>
/// <param name="Merged">The JSON with the edits of both sides; null when they disagree somewhere.</param>
/// <param name="Conflicts">FHIRPaths of the elements that both sides changed in different ways.</param>
public sealed record MergeResult(byte[]? Merged, IReadOnlyList<string> Conflicts);

/// <summary>
/// Brings two edits of one resource together, element by element. Resources and their backbone elements are merged inside; a value of a data
/// type (a Quantity, a CodeableConcept, a HumanName, a Dosage) is one thing and never mixed from two sides, and so is a choice element with all its types, and a
/// primitive with its extensions. Lists whose items have keys of their own (id; system and value; system and code) are merged item by item, others
/// are one thing. meta.versionId and meta.lastUpdated belong to each server and are left out.
/// </summary>
public static class ThreeWayMerge
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static MergeResult Merge(ResourceDocument @base, ResourceDocument local, ResourceDocument remote)
    {
        if (@base.ResourceType != local.ResourceType || @base.ResourceType != remote.ResourceType)
        {
            return new MergeResult(null, [@base.ResourceType]);
        }

        using var common = JsonDocument.Parse(CanonicalForm.WithoutStamp(@base.Utf8));
        using var ours = JsonDocument.Parse(CanonicalForm.WithoutStamp(local.Utf8));
        using var theirs = JsonDocument.Parse(CanonicalForm.WithoutStamp(remote.Utf8));
        var run = new MergeRun();
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            run.Object(json, new Three(common.RootElement, ours.RootElement, theirs.RootElement), @base.Root.Type, @base.ResourceType);
        }

        return run.Conflicts.Count == 0 ? new MergeResult(buffer.WrittenSpan.ToArray(), []) : new MergeResult(null, run.Conflicts);
    }
}

/// <summary>One place in the three versions; a version that has nothing there is null.</summary>
internal readonly record struct Three(JsonElement? Base, JsonElement? Local, JsonElement? Remote)
{
    /// <summary>Where the sides agree or only one of them changed something: what stands there now.</summary>
    public bool IsSettled(out JsonElement? result)
    {
        result = Json.Same(Base, Local) ? Remote : Local;
        return Json.Same(Local, Remote) || Json.Same(Base, Local) || Json.Same(Base, Remote);
    }

    public Three Property(string name) => new(Json.Get(Base, name), Json.Get(Local, name), Json.Get(Remote, name));

    public bool All(JsonValueKind kind) => Base?.ValueKind == kind && Local?.ValueKind == kind && Remote?.ValueKind == kind;

    /// <summary>Names of the properties of all three, in the order of the base, then of the other two, sorted.</summary>
    public IEnumerable<string> Names()
        => Json.Names(Base).Concat(Json.Names(Local).Concat(Json.Names(Remote)).Order(StringComparer.Ordinal)).Distinct(StringComparer.Ordinal);
}
