namespace AtcFhir.Store;

/// <summary>One version of a resource as it is stored.</summary>
/// <param name="VersionId">"1", "2", … per resource, deletions included.</param>
/// <param name="LastUpdated">UTC, whole milliseconds; never the same for two versions of a resource, and never behind one that a reader could see before.</param>
/// <param name="Seq">The place in the store's feed of changes.</param>
/// <param name="Interaction">What made this version.</param>
/// <param name="Body">JSON with id, meta.versionId and meta.lastUpdated in place; empty of a deletion.</param>
public sealed record StoredResource(
    string Type,
    string Id,
    string VersionId,
    DateTimeOffset LastUpdated,
    long Seq,
    WriteKind Interaction,
    ReadOnlyMemory<byte> Body)
{
    /// <summary>Set of a match that is contained in this resource: its id there; <see cref="Body"/> is then what is contained. <see href="https://hl7.org/fhir/R4/search.html#contained"/></summary>
    public string? ContainedId { get; init; }

    public bool IsDeleted => Interaction == WriteKind.Delete;

    /// <summary>The version that made the resource.</summary>
    public bool IsFirst => VersionId == "1";

    /// <summary>The version before it is a deletion; told of histories and of the feed of changes.</summary>
    public bool FollowsDeletion { get; init; }

    /// <summary>What made it was answered 201: the resource was not there before, or not any more.</summary>
    public bool IsCreation => Interaction == WriteKind.Create || (Interaction == WriteKind.Update && (IsFirst || FollowsDeletion));

    /// <summary>The weak entity tag, <c>W/"3"</c>. <see href="https://hl7.org/fhir/R4/http.html#versioning"/></summary>
    public string ETag => $"W/\"{VersionId}\"";
}
