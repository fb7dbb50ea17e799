using AtcFhir.Store.Search;
using AtcFhir.Store.Side;

namespace AtcFhir.Store;

/// <summary>What is to be written, as data; all of it or nothing.</summary>
/// <param name="Audit">Who does it and why; needed when there are resource writes. Each version that is written becomes one audit row.</param>
public sealed record WriteBatch(IReadOnlyList<ResourceWrite> Writes, AuditEntry? Audit)
{
    /// <summary>Statements on the tables of others; they run in order before the resource writes, in the same transaction.</summary>
    public IReadOnlyList<SideStatement> Statements { get; init; } = [];

    /// <summary>The same after the resource writes; parameters may be a <see cref="ResultOf"/>.</summary>
    public IReadOnlyList<SideStatement> Followups { get; init; } = [];

    /// <summary>
    /// Resources whose index rows are derived again, without a new version; one that has another current version by then is passed over.
    /// </summary>
    public IReadOnlyList<ReindexedResource> Reindexed { get; init; } = [];

    public static WriteBatch Of(AuditEntry audit, params IReadOnlyList<ResourceWrite> writes) => new(writes, audit);
}

/// <param name="Resource">The content of that version, prepared.</param>
public sealed record ReindexedResource(PreparedResource Resource, string VersionId);

public enum WriteKind
{
    Create,
    /// <summary>Replaces the current version; makes the resource when there is none, or when it was deleted.</summary>
    Update,
    Delete,
}

/// <summary>
/// One write with its conditions.
/// <see href="https://hl7.org/fhir/R4/http.html#create"/>, <see href="https://hl7.org/fhir/R4/http.html#update"/>, <see href="https://hl7.org/fhir/R4/http.html#delete"/>
/// </summary>
public sealed record ResourceWrite
{
    public required WriteKind Kind { get; init; }

    public required string Type { get; init; }

    /// <summary>The logical id. Null takes that of <see cref="Resource"/>, or leaves it to <see cref="Condition"/>.</summary>
    public string? Id { get; init; }

    /// <summary>The content; null of a delete.</summary>
    public PreparedResource? Resource { get; init; }

    /// <summary>If-Match: the current version must be one of these.</summary>
    public IReadOnlyList<string>? IfMatch { get; init; }

    /// <summary>If-Match: * — there must be a living resource of that id.</summary>
    public bool IfMatchAny { get; init; }

    /// <summary>If-None-Match: the current version must be none of these.</summary>
    public IReadOnlyList<string>? IfNoneMatch { get; init; }

    /// <summary>If-None-Match: * — there must be no living resource of that id.</summary>
    public bool IfNoneMatchAny { get; init; }

    /// <summary>
    /// If-None-Exist of a create, the criteria of a conditional update or delete.
    /// Create: one match means that nothing is written and the match is the result. Update, delete: one match is the target; no match creates, or deletes nothing.
    /// More than one match fails.
    /// </summary>
    public SearchQuery? Condition { get; init; }

    /// <summary>
    /// The id that <see cref="Condition"/> must lead to, when other entries of the batch refer to it already; anything else is a conflict.
    /// </summary>
    public string? MustResolveTo { get; init; }

    /// <summary>Content that equals the current version (apart from id, versionId and lastUpdated) makes no new version: <see cref="WriteOutcome.Unchanged"/>.</summary>
    public bool SkipUnchanged { get; init; }

    /// <summary>Whether it is written depends on what is there.</summary>
    internal bool IsConditional => Condition is not null || IfMatch is not null || IfMatchAny || IfNoneMatch is not null || IfNoneMatchAny;

    /// <summary>Instead of the batch's entry, for this write.</summary>
    public AuditEntry? Audit { get; init; }

    /// <param name="resource">Prepared with the id that it shall have; only then its body need not be cut again.</param>
    public static ResourceWrite Create(PreparedResource resource, string? id = null)
        => new() { Kind = WriteKind.Create, Type = resource.ResourceType, Id = id ?? resource.Id, Resource = resource };

    /// <param name="resource">Prepared with the id of the resource; only then its body need not be cut again.</param>
    public static ResourceWrite Update(PreparedResource resource, string? id = null)
        => new() { Kind = WriteKind.Update, Type = resource.ResourceType, Id = id ?? resource.Id, Resource = resource };

    public static ResourceWrite Delete(string type, string id) => new() { Kind = WriteKind.Delete, Type = type, Id = id };
}
