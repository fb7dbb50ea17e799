using AtcFhir.R4.Definitions;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.R4.Documents;

/// <summary>
/// A FHIR resource as it travels: immutable UTF-8 JSON and a flat tape of its elements over it. Bytes that came in are kept as they are;
/// decimals keep their text. Built in one pass that also checks structure, cardinality, primitive formats and required codes
/// (<see cref="Issues"/>). <see href="https://hl7.org/fhir/R4/json.html"/>
/// </summary>
public sealed partial class ResourceDocument
{
    /// <summary>The JSON text. Of a document that came as XML: its JSON form.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    /// <summary>The resource itself; its <see cref="Node.Type"/> is the resource type.</summary>
    public Node Root => new(this, 0);

    /// <summary>"Observation".</summary>
    public string ResourceType => Root.Type.Name;

    /// <summary>The logical id, or null.</summary>
    public string? Id => Root.Child("id").Text;

    /// <summary>What the structure check found, by position; empty for a well-formed resource. With an error among them the tape holds what could be read.</summary>
    public IReadOnlyList<Issue> Issues { get; }

    /// <summary>True when <see cref="Issues"/> has no error.</summary>
    public bool IsWellFormed { get; }
}

/// <summary>Bounds on what is read at all.</summary>
/// <param name="MaxBytes">Longer input is refused before it is parsed.</param>
/// <param name="MaxDepth">Deepest nesting of JSON objects and arrays.</param>
/// <param name="MaxIssues">The issues beyond are counted, not listed.</param>
public sealed record DocumentLimits(int MaxBytes = 64 * 1024 * 1024, int MaxDepth = 64, int MaxIssues = 200)
{
    public static DocumentLimits Default { get; } = new();
}
