namespace AtcFhir.Trial.Synthetic;

/// <summary>What happens to a resource of the hospital.</summary>
public enum HospitalChange
{
    Create,
    /// <summary>A new version under the same id: a correction, a status that changed, a death.</summary>
    Update,
}

/// <summary>One thing that happens at the synthetic hospital: a resource is made or changed.</summary>
/// <param name="Key">Unique and the same in every run with the same seed; an event whose key was applied before is not applied again.</param>
/// <param name="Day">Days since the start of the hospital's clock.</param>
/// <param name="At">When it happens, on that day.</param>
/// <param name="Change">Create or update.</param>
/// <param name="ResourceType">Type of the resource.</param>
/// <param name="Id">Logical id at the hospital, the same in every version and in references to it.</param>
/// <param name="Utf8">The whole resource, with id and without meta.versionId and meta.lastUpdated.</param>
public sealed record HospitalEvent(string Key, int Day, DateTimeOffset At, HospitalChange Change, string ResourceType, string Id, byte[] Utf8);
