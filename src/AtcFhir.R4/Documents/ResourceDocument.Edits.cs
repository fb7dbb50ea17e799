using System.Buffers;
using System.Text;
using System.Text.Json;

namespace AtcFhir.R4.Documents;

// Edits make new documents; what they do not touch stays byte for byte.
public sealed partial class ResourceDocument
{
    /// <summary>Line and column of a byte offset; of a document that came as XML, in the XML text.</summary>
    internal (int Line, int Column) PositionAt(int offset) => SourcePosition is { } source ? source(offset) : new TextPositions(Utf8.Span).At(offset);

    /// <summary>Set for a document that came as XML: from a JSON offset to the line and column of the XML.</summary>
    internal Func<int, (int Line, int Column)>? SourcePosition { get; init; }

    /// <summary>
    /// The document with another logical id (null leaves it as it is), meta.versionId and meta.lastUpdated (null removes them).
    /// </summary>
    public ResourceDocument WithIdentity(string? id, string? versionId, DateTimeOffset? lastUpdated)
    {
        List<(int Start, int End, string Json)> edits = [];
        var inserted = "";
        if (id is not null)
        {
            var node = Root.Child("id");
            if (node.HasValue)
            {
                edits.Add((node.JsonRange.Start.Value, node.JsonRange.End.Value, Quote(id)));
            }
            else
            {
                inserted = ",\"id\":" + Quote(id);
            }
        }

        var meta = Root.Child("meta");
        var stamp = StampOf(versionId, lastUpdated);
        if (meta.Exists)
        {
            var inner = string.Join(',', new[] { stamp, MetaWithoutStamp(meta) }.Where(part => part.Length > 0));
            var (start, end) = inner.Length > 0 ? (meta.JsonRange.Start.Value, meta.JsonRange.End.Value) : PropertyRange(meta);
            edits.Add((start, end, inner.Length > 0 ? "{" + inner + "}" : ""));
        }
        else if (stamp.Length > 0)
        {
            inserted += ",\"meta\":{" + stamp + "}";
        }

        edits.Add((resourceTypeEnd, resourceTypeEnd, inserted));
        return Reparse(Splice(edits));
    }

    /// <summary>The document with other JSON (already encoded) in the place of some values. Each node must have a JSON span of its own, and none may lie within another.</summary>
    public ResourceDocument Replace(IReadOnlyList<(Node Node, string Json)> replacements)
        => Reparse(Splice([.. replacements.Select(replacement => (replacement.Node.JsonRange.Start.Value, replacement.Node.JsonRange.End.Value, replacement.Json))]));

    /// <summary>
    /// The body as the store keeps it, cut so that only the version and the time are missing: what stands between head and tail is
    /// <c>VERSION","lastUpdated":"INSTANT</c>.
    /// </summary>
    public StoredBody ToStored(string id)
    {
        const string mark = "\u0001";
        List<(int Start, int End, string Json)> edits = [];
        var inserted = "";
        var idNode = Root.Child("id");
        if (idNode.HasValue)
        {
            edits.Add((idNode.JsonRange.Start.Value, idNode.JsonRange.End.Value, Quote(id)));
        }
        else
        {
            inserted = ",\"id\":" + Quote(id);
        }

        var meta = Root.Child("meta");
        if (meta.Exists)
        {
            var rest = MetaWithoutStamp(meta);
            edits.Add((meta.JsonRange.Start.Value, meta.JsonRange.End.Value, "{\"versionId\":\"" + mark + "\"" + (rest.Length > 0 ? "," + rest : "") + "}"));
        }
        else
        {
            inserted += ",\"meta\":{\"versionId\":\"" + mark + "\"}";
        }

        // In front: resourceType is written first as a rule, and what is in order need not be sorted.
        edits.Insert(0, (resourceTypeEnd, resourceTypeEnd, inserted));

        // A raw U+0001 is no JSON, so the mark cannot occur in the text itself.
        var body = Splice(edits);
        var cut = body.AsSpan().IndexOf((byte)1);
        return new StoredBody(body.AsMemory(0, cut), body.AsMemory(cut + 1));
    }

    /// <summary>The bytes of a whole property of the root: its name, its value, and one of the commas beside it.</summary>
    private (int Start, int End) PropertyRange(Node node)
    {
        var utf8 = Utf8.Span;
        var start = utf8[..node.JsonRange.Start.Value].LastIndexOf((byte)':');
        start = utf8[..utf8[..start].LastIndexOf((byte)'"')].LastIndexOf((byte)'"');
        var before = utf8[..start].LastIndexOfAnyExcept(" \t\r\n"u8);
        if (utf8[before] == (byte)',')
        {
            return (before, node.JsonRange.End.Value);
        }

        // The first property: resourceType follows, so there is a comma behind.
        var end = node.JsonRange.End.Value;
        return (start, end + utf8[end..].IndexOf((byte)',') + 1);
    }

    /// <summary>The text with other JSON in some places; they do not overlap, and what stands at one place comes in the order given.</summary>
    private byte[] Splice(List<(int Start, int End, string Json)> edits)
    {
        var length = Utf8.Length;
        foreach (var (start, end, json) in edits)
        {
            length += Encoding.UTF8.GetByteCount(json) - (end - start);
        }

        var output = new byte[length];
        var (from, to) = (0, 0);
        foreach (var (start, end, json) in InOrder(edits))
        {
            Utf8.Span[from..start].CopyTo(output.AsSpan(to));
            to += start - from;
            to += Encoding.UTF8.GetBytes(json, output.AsSpan(to));
            from = end;
        }

        Utf8.Span[from..].CopyTo(output.AsSpan(to));
        return output;
    }

    private static List<(int Start, int End, string Json)> InOrder(List<(int Start, int End, string Json)> edits)
    {
        for (var i = 1; i < edits.Count; i++)
        {
            if ((edits[i].Start, edits[i].End).CompareTo((edits[i - 1].Start, edits[i - 1].End)) < 0)
            {
                return [.. edits.OrderBy(edit => edit.Start).ThenBy(edit => edit.End)];
            }
        }

        return edits;
    }

    private static ResourceDocument Reparse(byte[] utf8) => Parse(utf8, new DocumentLimits(int.MaxValue)).Value;

    private static string StampOf(string? versionId, DateTimeOffset? lastUpdated)
    {
        var version = versionId is null ? "" : "\"versionId\":" + Quote(versionId);
        var updated = lastUpdated is { } time ? $"\"lastUpdated\":\"{StoredBody.Instant(time)}\"" : "";
        return version.Length > 0 && updated.Length > 0 ? version + "," + updated : version + updated;
    }

    /// <summary>The properties of meta other than versionId and lastUpdated (and their _names), as written, joined by commas.</summary>
    private static string MetaWithoutStamp(Node meta)
    {
        var json = meta.JsonSpan;
        var reader = new Utf8JsonReader(json);
        reader.Read();
        var kept = new StringBuilder();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)reader.TokenStartIndex;
            var drop = reader.GetString() is "versionId" or "lastUpdated" or "_versionId" or "_lastUpdated";
            reader.Read();
            reader.Skip();
            if (!drop)
            {
                kept.Append(kept.Length > 0 ? "," : "").Append(Encoding.UTF8.GetString(json[start..(int)reader.BytesConsumed]));
            }
        }

        return kept.ToString();
    }

    private static string Quote(string text) => "\"" + System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text) + "\"";
}
