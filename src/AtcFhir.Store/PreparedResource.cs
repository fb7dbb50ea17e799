using AtcFhir.R4.Documents;
using AtcFhir.Store.Extraction;
using AtcFhir.Store.Records;

namespace AtcFhir.Store;

/// <summary>
/// A resource that is ready to be written; made by <see cref="IResourceStore.Prepare"/> on the thread of the request, so that the one writer has little left to do.
/// The document may be disposed once it is prepared, unless a condition can lead to another id.
/// </summary>
public sealed class PreparedResource
{
    private readonly ResourceDocument document;
    private readonly StoredBody body;

    internal PreparedResource(ResourceDocument document, string id, IReadOnlyList<SearchRow> rows, byte[]? packedRows, IReadOnlyList<RecordRow> records)
    {
        (this.document, ResourceType, Id) = (document, document.ResourceType, id);
        (Rows, PackedRows, Records) = (packedRows is null ? rows : [], packedRows, records);
        body = document.ToStored(id);
    }

    public string ResourceType { get; }

    /// <summary>The id under which it will be stored, unless a condition leads to another.</summary>
    public string Id { get; }

    /// <summary>The records of trial concepts that this resource carries.</summary>
    public IReadOnlyList<RecordRow> Records { get; }

    /// <summary>Empty when they are packed: a queue of large Bundles shall not hold them twice.</summary>
    internal IReadOnlyList<SearchRow> Rows { get; }

    /// <summary>The rows as the database keeps them; null when they hold a name that it meets for the first time.</summary>
    internal byte[]? PackedRows { get; }

    internal StoredBody BodyFor(string id) => id == Id ? body : document.ToStored(id);
}
