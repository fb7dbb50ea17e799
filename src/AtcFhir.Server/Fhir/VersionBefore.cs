using AtcFhir.Store;

namespace AtcFhir.Server.Fhir;

/// <summary>The version of a resource that another one replaced: versions are numbered from 1 without a gap.</summary>
internal static class VersionBefore
{
    /// <summary>Perhaps a deletion; null before the first.</summary>
    public static async ValueTask<StoredResource?> Of(IResourceStore store, StoredResource version, CancellationToken cancel)
        => long.Parse(version.VersionId, CultureInfo.InvariantCulture) - 1 is > 0 and var before
            ? await store.ReadVersion(version.Type, version.Id, before.ToString(CultureInfo.InvariantCulture), cancel)
            : null;
}
