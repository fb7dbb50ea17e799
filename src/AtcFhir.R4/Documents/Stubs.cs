using System.Text.Json;
using AtcFhir.R4.Definitions;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.R4.Documents;

public sealed partial class ResourceDocument
{
    private ResourceDocument(ReadOnlyMemory<byte> utf8, IReadOnlyList<Issue> issues, bool isWellFormed)
        => (Utf8, Issues, IsWellFormed) = (utf8, issues, isWellFormed);

    public string? VersionId => throw new NotImplementedException();

    public int NodeCount => throw new NotImplementedException();

    public Node NodeAt(int index) => new(this, index);

    /// <summary>Fails only when it cannot be read as a FHIR resource at all; structural faults are <see cref="Issues"/>.</summary>
    public static Result<ResourceDocument> Parse(ReadOnlyMemory<byte> utf8, DocumentLimits? limits = null) => throw new NotImplementedException();

    public ResourceDocument WithIdentity(string? id, string? versionId, DateTimeOffset? lastUpdated) => throw new NotImplementedException();

    public ResourceDocument Replace(IReadOnlyList<(Node Node, string Json)> replacements) => throw new NotImplementedException();
}

public readonly partial struct Node
{
    public TypeSchema Type => throw new NotImplementedException();

    public ElementSchema? Element => throw new NotImplementedException();

    public string Name => throw new NotImplementedException();

    public Node Parent => throw new NotImplementedException();

    public bool IsResource => throw new NotImplementedException();

    public bool IsPrimitive => throw new NotImplementedException();

    public Node Resource => throw new NotImplementedException();

    public NodeChildren Children => throw new NotImplementedException();

    public NodeChildren ChildrenOf(string name) => throw new NotImplementedException();

    public NodeChildren ChildrenOf(ElementSchema element) => throw new NotImplementedException();

    public Node Child(string name) => throw new NotImplementedException();

    public int Repetition => throw new NotImplementedException();

    public bool HasValue => throw new NotImplementedException();

    public ReadOnlySpan<byte> RawValue => throw new NotImplementedException();

    public bool IsEscaped => throw new NotImplementedException();

    public JsonTokenType ValueKind => throw new NotImplementedException();

    public string? Text => throw new NotImplementedException();

    public bool TextEquals(ReadOnlySpan<byte> utf8) => throw new NotImplementedException();

    public ReadOnlySpan<byte> JsonSpan => throw new NotImplementedException();

    public string Expression => throw new NotImplementedException();

    public (int Line, int Column) Position => throw new NotImplementedException();
}

/// <summary>Some children of a node, in document order; enumerate with foreach.</summary>
public readonly struct NodeChildren
{
    public Enumerator GetEnumerator() => throw new NotImplementedException();

    public bool IsEmpty => throw new NotImplementedException();

    public int Count => throw new NotImplementedException();

    public List<Node> ToList() => throw new NotImplementedException();

    public struct Enumerator
    {
        public Node Current => throw new NotImplementedException();

        public bool MoveNext() => throw new NotImplementedException();
    }
}
