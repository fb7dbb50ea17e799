using System.Diagnostics;
using System.Text.Json;
using System.Text.Unicode;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.R4.Documents;

/// <summary>
/// A FHIR resource as it travels: immutable UTF-8 JSON and a flat tape of its elements over it. Bytes that came in are kept as they are;
/// decimals keep their text. Built in one pass that also checks structure, cardinality, primitive formats and required codes
/// (<see cref="Issues"/>). <see href="https://hl7.org/fhir/R4/json.html"/>
/// </summary>
public sealed partial class ResourceDocument : IDisposable
{
    private readonly int resourceTypeEnd;
    private TapeRow[] rows;

    private ResourceDocument(ReadOnlyMemory<byte> utf8, TapeRow[] rows, int count, int resourceTypeEnd, StructureFindings findings)
    {
        (Utf8, this.rows, NodeCount, this.resourceTypeEnd) = (utf8, rows, count, resourceTypeEnd);
        IsWellFormed = findings.IsEmpty;
        Issues = findings.ToIssues(this);
    }

    /// <summary>The JSON text. Of a document that came as XML: its JSON form.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    /// <summary>The resource itself; its <see cref="Node.Type"/> is the resource type.</summary>
    public Node Root => new(this, 0);

    /// <summary>"Observation".</summary>
    public string ResourceType => Root.Type.Name;

    /// <summary>The logical id, or null.</summary>
    public string? Id => Root.Child("id").Text;

    /// <summary>meta.versionId, or null.</summary>
    public string? VersionId => Root.Child("meta").Child("versionId").Text;

    /// <summary>What the structure check found, by position; empty for a well-formed resource. With an error among them the tape holds what could be read.</summary>
    public IReadOnlyList<Issue> Issues { get; init; }

    /// <summary>True when the structure check found nothing.</summary>
    public bool IsWellFormed { get; init; }

    public int NodeCount { get; }

    public Node NodeAt(int index) => new(this, index);

    internal ReadOnlySpan<TapeRow> Rows
    {
        get
        {
            CountLook();
            return rows;
        }
    }

    /// <summary>How often this thread has looked at a tape: work that is counted, not timed. Debug builds only; tests compare what small and large input cost.</summary>
    internal static long Looks => looks;

    [ThreadStatic]
    private static long looks;

    [Conditional("DEBUG")]
    internal static void CountLook() => looks++;

    /// <summary>
    /// Reads JSON. Fails (<see cref="FailureKind.Malformed"/>, or <see cref="FailureKind.TooLarge"/>) only when it cannot be read as a FHIR resource at all;
    /// every other fault is one of <see cref="Issues"/>. The memory must not change afterwards.
    /// </summary>
    public static Result<ResourceDocument> Parse(ReadOnlyMemory<byte> utf8, DocumentLimits? limits = null)
    {
        limits ??= DocumentLimits.Default;
        if (utf8.Length > limits.MaxBytes)
        {
            return Fail(FailureKind.TooLarge, StructureRule.TooLarge, $"The resource has {utf8.Length} bytes; at most {limits.MaxBytes} are read.");
        }

        if (utf8.Span.StartsWith("\uFEFF"u8))
        {
            utf8 = utf8[3..];
        }

        if (!System.Text.Unicode.Utf8.IsValid(utf8.Span))
        {
            return Fail(FailureKind.Malformed, StructureRule.NotUtf8, "The text is not UTF-8; FHIR JSON is always UTF-8.");
        }

        var findings = new StructureFindings(limits.MaxIssues);
        var builder = new TapeBuilder(utf8.Span, limits.MaxDepth, findings);
        try
        {
            return builder.Build() is { } reason
                ? Fail(FailureKind.Malformed, StructureRule.NotAResource, reason)
                : new ResourceDocument(utf8, builder.Rows, builder.Count, builder.ResourceTypeEnd, findings);
        }
        catch (JsonException)
        {
            return NotJson(utf8.Span, limits);
        }
        catch (InvalidOperationException)
        {
            return Fail(FailureKind.Malformed, StructureRule.NotJson, "A property name contains half of a surrogate pair (\\ud800 to \\udfff).");
        }
    }

    /// <summary>Gives the tape back for reuse; no node of this document may be used afterwards. Optional: without it the garbage collector does it.</summary>
    public void Dispose()
    {
        if (rows.Length > 0)
        {
            System.Buffers.ArrayPool<TapeRow>.Shared.Return(rows);
            rows = [];
        }
    }

    /// <summary>Where the text ceases to be JSON, as the reader of the framework sees it; null when it sees nothing.</summary>
    private static JsonException? Fault(ReadOnlySpan<byte> utf8, DocumentLimits limits)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = limits.MaxDepth });
        try
        {
            while (reader.Read())
            {
            }

            return null;
        }
        catch (JsonException e)
        {
            return e;
        }
    }

    private static Failure NotJson(ReadOnlySpan<byte> utf8, DocumentLimits limits)
    {
        // The reader's own message may quote the text; ours says what and where without it.
        var e = Fault(utf8, limits) ?? new JsonException();
        var line = (int)(e.LineNumber ?? 0);
        var isClosed = !e.Message.Contains("Expected depth to be zero", StringComparison.Ordinal) && e.BytePositionInLine is not null;
        var isDepth = isClosed && e.Message.Contains("depth", StringComparison.Ordinal);
        var isCut = !isClosed || utf8.TrimEnd(" \t\r\n"u8) is [.., (byte)',' or (byte)':' or (byte)'{' or (byte)'['];
        var text = isDepth
            ? $"The JSON is nested deeper than {limits.MaxDepth} levels."
            : utf8.IndexOfAnyExcept(" \t\r\n"u8) < 0 ? "There is nothing here; a resource is a JSON object."
            : isCut ? "The JSON ends too early." : "The text is not JSON from here on.";
        var rule = isDepth ? StructureRule.TooLarge : StructureRule.NotJson;
        var issue = new Issue(IssueSeverity.Fatal, rule.IssueCode, text) { Rule = rule.Id, Line = line + 1, Column = ColumnAt(utf8, line, (int)(e.BytePositionInLine ?? 0)) };
        return new Failure(FailureKind.Malformed, [issue]);
    }

    private static int ColumnAt(ReadOnlySpan<byte> utf8, int line, int byteInLine)
    {
        for (var i = 0; i < line; i++)
        {
            utf8 = utf8[(utf8.IndexOf((byte)'\n') + 1)..];
        }

        return new TextPositions(utf8[..Math.Min(byteInLine, utf8.Length)]).At(byteInLine).Column;
    }

    private static Failure Fail(FailureKind kind, StructureRule rule, string text)
        => new(kind, [new Issue(IssueSeverity.Fatal, rule.IssueCode, text) { Rule = rule.Id, Line = 1, Column = 1 }]);
}
