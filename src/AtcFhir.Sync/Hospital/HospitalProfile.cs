using System.Text.Json;
using System.Text.Json.Serialization;

namespace AtcFhir.Sync.Hospital;

/// <summary>How a hospital's version ids look.</summary>
public enum VersionForm
{
    /// <summary>Resources carry none.</summary>
    None,

    /// <summary>Whole numbers that grow.</summary>
    Integer,

    /// <summary>Anything else: equal or not equal, no order.</summary>
    Opaque,
}

/// <summary>What a hospital's server does, found out by trying. Nothing in it comes from a product name.</summary>
/// <param name="Versions">Form of meta.versionId.</param>
/// <param name="HasLastUpdated">Resources carry meta.lastUpdated.</param>
/// <param name="SearchesLastUpdated">A search narrowed by _lastUpdated gives only what is that new.</param>
/// <param name="SearchTried">There was data to try that on.</param>
/// <param name="IfMatch">A wrong If-Match is refused with 412; null when nothing could be tried.</param>
/// <param name="IfNoneExist">A second conditional create gives the first resource; null when nothing could be tried.</param>
/// <param name="History">An instance's _history is served.</param>
/// <param name="DeletedIsGone">A deleted resource reads as 410; false: as 404.</param>
/// <param name="KeepsIdentifiers">An identifier that was sent is found by search.</param>
/// <param name="CanCreate">By resource type, where it is known (from the CapabilityStatement, or since it was refused); what is not listed is tried.</param>
/// <param name="Serious">How the hospital's terminology spells the seriousness of an adverse event: "serious" or "Serious".</param>
/// <param name="ClockSkew">The hospital's clock minus ours, in seconds.</param>
public sealed record HospitalProfile(
    VersionForm Versions = VersionForm.Opaque,
    bool HasLastUpdated = false,
    bool SearchesLastUpdated = false,
    bool SearchTried = false,
    bool? IfMatch = null,
    bool? IfNoneExist = null,
    bool History = false,
    bool DeletedIsGone = false,
    bool KeepsIdentifiers = true,
    IReadOnlyDictionary<string, bool>? CanCreate = null,
    string Serious = "serious",
    double ClockSkew = 0)
{
    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };

    /// <summary>True when a stream may be read from a cursor on; otherwise each pass reads the patient as a whole and compares content.</summary>
    public bool ReadsChanges => HasLastUpdated && SearchesLastUpdated;

    public bool? Creates(string type) => CanCreate is not null && CanCreate.TryGetValue(type, out var can) ? can : null;

    public HospitalProfile WithCreate(string type, bool can)
        => this with { CanCreate = new Dictionary<string, bool>(CanCreate ?? new Dictionary<string, bool>(), StringComparer.Ordinal) { [type] = can } };

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    public static HospitalProfile? FromJson(string? json) => json is null ? null : JsonSerializer.Deserialize<HospitalProfile>(json, Json);
}
