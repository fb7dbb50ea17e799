using AtcFhir.R4.Documents;
using AtcFhir.Store.Records;

namespace AtcFhir.Store;

/// <summary>A resource that is ready to be written; made by <see cref="IResourceStore.Prepare"/> on the thread of the request, so that the one writer has little left to do.</summary>
public sealed class PreparedResource
{
    internal PreparedResource(ResourceDocument document, IReadOnlyList<RecordRow> records)
        => (Document, Records) = (document, records);

    public ResourceDocument Document { get; }

    public string ResourceType => Document.ResourceType;

    /// <summary>The records of trial concepts that this resource carries.</summary>
    public IReadOnlyList<RecordRow> Records { get; }
}
