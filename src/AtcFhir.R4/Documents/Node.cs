using AtcFhir.R4.Definitions;

namespace AtcFhir.R4.Documents;

/// <summary>
/// One element of a <see cref="ResourceDocument"/>: an occurrence in the FHIR sense, so each item of a JSON array is a node of its own,
/// and a primitive's <c>_name</c> sibling (id, extensions) is merged into it. A value type of 16 bytes; navigating allocates nothing.
/// The default value is "no node": its children are empty and its text is null.
/// </summary>
public readonly partial struct Node : IEquatable<Node>
{
    internal Node(ResourceDocument document, int index) => (Document, Index) = (document, index);

    public ResourceDocument Document { get; }

    /// <summary>Position on the tape; the root has 0, and it grows in document order.</summary>
    public int Index { get; }

    /// <summary>False for the default value.</summary>
    public bool Exists => Document is not null;

    public bool Equals(Node other) => ReferenceEquals(Document, other.Document) && Index == other.Index;

    public override bool Equals(object? obj) => obj is Node other && Equals(other);

    public override int GetHashCode() => Index;

    public static bool operator ==(Node left, Node right) => left.Equals(right);

    public static bool operator !=(Node left, Node right) => !left.Equals(right);
}
