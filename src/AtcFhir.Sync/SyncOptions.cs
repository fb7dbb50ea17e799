namespace AtcFhir.Sync;

/// <summary>How often and how the sync runs: section <c>Sync</c> of the configuration.</summary>
public sealed class SyncOptions
{
    /// <summary>False: the server serves, but neither pulls nor pushes by itself; the command line still can.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Seconds between the end of a pass and the start of the next one of the same hospital; up to a tenth is added at random.</summary>
    public double IntervalSeconds { get; set; } = 30;

    /// <summary>Names this installation in the identifiers of what it pushes: <c>urn:atcfhir:{instance}</c>. Never change it once something was pushed.</summary>
    public string Instance { get; set; } = "default";

    /// <summary>Hours after which each stream is listed as a whole again, to find what was deleted or changed without a newer time.</summary>
    public double SweepHours { get; set; } = 24;

    /// <summary>Days before consent from which on data are taken as baseline: the diagnosis and the last results before treatment.</summary>
    public int BaselineDays { get; set; } = 180;

    /// <summary>How long a pass may hold a hospital without a sign of life before another process may take it over.</summary>
    public int LeaseSeconds { get; set; } = 30;

    /// <summary>Under which URL hospitals reach the trial's FHIR base, with a slash at its end; from <c>Server:PublicUrl</c>. Null: references that stay with the trial are sent without URL.</summary>
    public Uri? PublicBase { get; set; }

    /// <summary>The identifier system of what this installation pushes.</summary>
    public string IdentifierSystem => "urn:atcfhir:" + Instance;
}

/// <summary>Where the keys lie: section <c>Keys</c>.</summary>
public sealed class KeysOptions
{
    /// <summary>The key store's own SQLite database. Who holds it and <see cref="KeyFile"/> can tell which hospital patient a subject is.</summary>
    public string ConnectionString { get; set; } = "Data Source=data/keys.db";

    /// <summary>32 random bytes, made with mode 0600 at the first start.</summary>
    public string KeyFile { get; set; } = "data/keys.key";
}
