using AtcFhir.Store;
using AtcFhir.Sync;

namespace AtcFhir.Server.Hosting;

/// <summary>Section <c>Server</c>.</summary>
internal sealed class ServerOptions
{
    /// <summary>How the outside reaches this server, without <c>/fhir</c>: <c>https://trial.example</c>. Empty takes it from each request.</summary>
    public Uri? PublicUrl { get; set; }

    /// <summary>The resource types that are served; empty serves every R4 type.</summary>
    public string[] Types { get; set; } = [];

    /// <summary>Origins whose pages a browser lets read and write here, such as <c>https://app.example</c>; empty for none.</summary>
    public string[] AllowedOrigins { get; set; } = [];

    /// <summary>The largest body that is read, in bytes.</summary>
    public int MaxBodyBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Requests that are worked on at the same time at most; who comes later is told to try again.</summary>
    public int MaxRequests { get; set; } = 1000;

    /// <summary>Bytes of bodies and answers that are held in memory at the same time at most; who brings more is told to try again.</summary>
    public long MaxHeldBytes { get; set; } = 64 * 1024 * 1024;
}

/// <summary>Section <c>Store</c>.</summary>
internal sealed class StoreSection
{
    /// <summary><c>sqlite</c> or <c>postgres</c>.</summary>
    public StoreEngine Engine { get; set; }

    /// <summary><c>Data Source=…</c> for SQLite, <c>Host=…;Database=…;Username=…;Password=…</c> for PostgreSQL.</summary>
    public string ConnectionString { get; set; } = TrialStore.UsualConnectionString;

    /// <summary>How long a write, and on PostgreSQL a read, waits for a lock that somebody else holds before it is answered 503.</summary>
    public TimeSpan BusyTimeout { get; set; } = StoreOptions.UsualBusyTimeout;
}

/// <summary>Section <c>Study</c>.</summary>
internal sealed class StudySection
{
    /// <summary>A FHIR package (<c>.tgz</c> or folder) with another study and its profiles; empty takes the built-in one.</summary>
    public string? Package { get; set; }
}
