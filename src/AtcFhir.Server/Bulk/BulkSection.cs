namespace AtcFhir.Server.Bulk;

/// <summary>Section <c>Bulk</c>: exports and imports of many resources.</summary>
internal sealed class BulkSection
{
    /// <summary>Where jobs keep their state and files; it holds trial data and needs the protection of the store.</summary>
    public string Folder { get; set; } = "data/bulk";

    /// <summary>How long the files of a finished job can be fetched.</summary>
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromHours(24);

    /// <summary>A file that has grown to this size is followed by another.</summary>
    public long FileBytes { get; set; } = 256 * 1024 * 1024;

    /// <summary>Jobs that may wait; one more is refused with 503.</summary>
    public int QueueLimit { get; set; } = 100;
}
