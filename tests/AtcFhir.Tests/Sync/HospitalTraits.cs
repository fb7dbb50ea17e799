namespace AtcFhir.Tests.Sync;

/// <summary>How a hospital model differs from the standard.</summary>
internal sealed record HospitalTraits
{
    public static HospitalTraits Plain { get; } = new();

    /// <summary>As a large EHR vendor's server: read-only research types, no versions, no times, no conditional create, no bodies on create, no identifiers kept.</summary>
    public static HospitalTraits EpicLike { get; } = new()
    {
        ReadOnlyTypes = new HashSet<string> { "ResearchStudy", "ResearchSubject", "AdverseEvent", "Organization", "Location", "Basic" },
        Versions = "none",
        HasLastUpdated = false,
        HonoursIfMatch = false,
        HonoursIfNoneExist = false,
        EmptyBodies = true,
        KeepsIdentifiers = false,
    };

    /// <summary>As a small in-memory server: opaque versions, offset paging, no history, no CapabilityStatement, deleted reads as 404.</summary>
    public static HospitalTraits Small { get; } = new() { Versions = "opaque", DeletedReadsAs = 404, HasMetadata = false, MaxPage = 2, OffsetPaging = true, HasHistory = false };

    public IReadOnlySet<string> ReadOnlyTypes { get; init; } = new HashSet<string>();

    /// <summary>Types that can be created but not changed.</summary>
    public IReadOnlySet<string> NoUpdateTypes { get; init; } = new HashSet<string>();

    /// <summary>integer, opaque or none.</summary>
    public string Versions { get; init; } = "integer";

    public bool HasLastUpdated { get; init; } = true;

    public bool HonoursIfMatch { get; init; } = true;

    public bool HonoursIfNoneExist { get; init; } = true;

    public bool KeepsIdentifiers { get; init; } = true;

    public bool EmptyBodies { get; init; }

    public int DeletedReadsAs { get; init; } = 410;

    public bool HasMetadata { get; init; } = true;

    public bool HasHistory { get; init; } = true;

    public int MaxPage { get; init; } = 1000;

    public bool OffsetPaging { get; init; } = true;

    /// <summary>Adds a narrative and makes references absolute.</summary>
    public bool Normalises { get; init; }

    /// <summary>Leaves the patient parameter out of account and says so in the self link.</summary>
    public bool IgnoresPatient { get; init; }

    /// <summary>Time between the lastUpdated of a write by the ward and its becoming visible.</summary>
    public TimeSpan CommitLag { get; init; }

    /// <summary>Time between a commit and its appearance in searches; until then the resource is not found at all.</summary>
    public TimeSpan IndexLag { get; init; }

    /// <summary>The code of a serious adverse event that its terminology knows; null takes any.</summary>
    public string? Serious { get; init; }

    /// <summary>The hospital's clock minus true time.</summary>
    public TimeSpan Skew { get; init; }

    /// <summary>lastUpdated is cut to multiples of this.</summary>
    public TimeSpan Granularity { get; init; } = TimeSpan.FromMilliseconds(1);
}
