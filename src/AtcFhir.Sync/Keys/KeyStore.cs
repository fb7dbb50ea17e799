using System.Text;
using AtcFhir.Store;
using Microsoft.Data.Sqlite;

namespace AtcFhir.Sync.Keys;

/// <summary>
/// The one place that knows the hospital's ids: it maps them to random surrogates, keeps the identifiers by which a patient is
/// recognised, and the raw bodies of what is in quarantine. Its own database, apart from the trial's, sealed under <see cref="KeyRing"/>.
/// Everything here is minted first and referred to afterwards, so a row that nothing refers to is harmless.
/// </summary>
public sealed class KeyStore : IDisposable
{
    private const string Schema = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        CREATE TABLE IF NOT EXISTS surrogate (
            recognised BLOB PRIMARY KEY, surrogate TEXT NOT NULL, hospital TEXT NOT NULL, type TEXT NOT NULL, kind TEXT NOT NULL, sealed BLOB NOT NULL) STRICT;
        CREATE INDEX IF NOT EXISTS surrogate_surrogate ON surrogate (surrogate);
        CREATE TABLE IF NOT EXISTS identifier (
            recognised BLOB PRIMARY KEY, hospital TEXT NOT NULL, surrogate TEXT NOT NULL, sealed BLOB NOT NULL) STRICT;
        CREATE TABLE IF NOT EXISTS enrolment (
            surrogate TEXT NOT NULL, study TEXT NOT NULL, patient TEXT NOT NULL, subject TEXT NOT NULL, consent TEXT NOT NULL,
            PRIMARY KEY (surrogate, study)) STRICT;
        CREATE TABLE IF NOT EXISTS quarantine (id TEXT PRIMARY KEY, sealed BLOB NOT NULL, at INTEGER NOT NULL) STRICT;
        CREATE TABLE IF NOT EXISTS canary (one INTEGER PRIMARY KEY CHECK (one = 1), sealed BLOB NOT NULL) STRICT;
        """;

    private readonly string connectionString;
    private readonly KeyRing ring;

    public KeyStore(string connectionString, KeyRing ring)
    {
        this.connectionString = connectionString;
        this.ring = ring;
        var path = new SqliteConnectionStringBuilder(connectionString).DataSource;
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        // Made by hand first: SQLite would make it readable for everybody, and gives its journal the mode of the database.
        if (!OperatingSystem.IsWindows() && !File.Exists(path))
        {
            using var made = new FileStream(path, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.ReadWrite, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        }

        using var connection = Connect();
        Run(connection, Schema);
        Mark = ring.Fingerprint(CheckKey(connection));
    }

    /// <summary>Opens the store of the configuration, with its key file.</summary>
    /// <exception cref="UnusableStoreException">It cannot be used as it is configured.</exception>
    public static KeyStore Open(KeysOptions options)
    {
        if (!options.ConnectionString.StartsWith("Data Source=", StringComparison.OrdinalIgnoreCase))
        {
            throw new UnusableStoreException("Keys:ConnectionString has to start with 'Data Source=': the key store is a file of its own, also where the trial's data are on PostgreSQL.");
        }

        try
        {
            return new KeyStore(options.ConnectionString, new KeyRing(Keys.KeyFile.ReadOrCreate(options.KeyFile)));
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or SqliteException or ArgumentException)
        {
            throw new UnusableStoreException($"The key store (Keys:ConnectionString, Keys:KeyFile) cannot be opened: {wrong.Message}", wrong);
        }
    }

    /// <summary>The secrets, for fingerprints and new ids.</summary>
    public KeyRing Ring => ring;

    /// <summary>Tells this key store from every other, and says nothing else; its copies and backups have the same.</summary>
    public string Mark { get; }

    /// <summary>The surrogate of a hospital resource; the same one each time it is asked.</summary>
    public string Mint(HospitalKey key) => Mint([new HospitalName(key, null)])[0];

    /// <summary>
    /// The surrogates of some hospital resources, in order. A resource that was sent without an id is known by its natural key only, until
    /// the hospital's id comes with the same natural key; two ids are never one resource, whatever their natural keys say.
    /// </summary>
    internal IReadOnlyList<string> Mint(IReadOnlyList<HospitalName> names)
    {
        using var connection = Connect();
        using var transaction = connection.BeginTransaction(deferred: false);
        var surrogates = new string[names.Count];
        for (var i = 0; i < surrogates.Length; i++)
        {
            surrogates[i] = Mint(connection, names[i]);
        }

        transaction.Commit();
        return surrogates;
    }

    /// <summary>The surrogate of a hospital resource, or null when none was minted.</summary>
    public string? Find(HospitalKey key)
    {
        using var connection = Connect();
        return Find(connection, "id", key);
    }

    /// <summary>
    /// Ties an existing surrogate to the id that the hospital gave: for what the trial pushed, whose surrogate exists before the hospital's id does.
    /// Returns the surrogate that the hospital resource has then: the given one, or the one that was minted for it before.
    /// </summary>
    public string Bind(string surrogate, HospitalKey key)
    {
        using var connection = Connect();
        using var transaction = connection.BeginTransaction(deferred: false);
        var bound = Find(connection, "id", key);
        if (bound is null)
        {
            Insert(connection, "id", key, bound = surrogate);
        }

        transaction.Commit();
        return bound;
    }

    /// <summary>The hospital resource behind a surrogate, or null when the hospital's id is not known.</summary>
    public HospitalKey? Reveal(string surrogate)
    {
        using var connection = Connect();
        using var command = Command(connection, "SELECT hospital, type, sealed FROM surrogate WHERE surrogate = $s AND kind = 'id' ORDER BY rowid LIMIT 1", ("$s", surrogate));
        using var reader = command.ExecuteReader();
        return reader.Read()
            ? new HospitalKey(reader.GetString(0), reader.GetString(1), Encoding.UTF8.GetString(ring.Open(reader.GetFieldValue<byte[]>(2), "id")))
            : null;
    }

    /// <summary>Remembers that an identifier of the hospital means this patient. The first meaning stays.</summary>
    public void LearnIdentifier(string hospital, string system, string value, string surrogate)
    {
        using var connection = Connect();
        Run(connection, "INSERT INTO identifier (recognised, hospital, surrogate, sealed) VALUES ($r, $h, $s, $b) ON CONFLICT DO NOTHING",
            ("$r", ring.Recognise("identifier", hospital, system, value)), ("$h", hospital), ("$s", surrogate),
            ("$b", ring.Seal(Encoding.UTF8.GetBytes(system + "|" + value), "identifier")));
    }

    /// <summary>The surrogate of the patient with that identifier, or null.</summary>
    public string? FindByIdentifier(string hospital, string system, string value)
    {
        using var connection = Connect();
        return Scalar(connection, "SELECT surrogate FROM identifier WHERE recognised = $r", ("$r", ring.Recognise("identifier", hospital, system, value))) as string;
    }

    /// <summary>The trial ids of an enrolment; the same ones each time it is asked, so that an enrolment that was cut short is completed and not doubled.</summary>
    public EnrolmentIds MintEnrolment(string surrogate, string study)
    {
        using var connection = Connect();
        using var transaction = connection.BeginTransaction(deferred: false);
        Run(connection, "INSERT INTO enrolment (surrogate, study, patient, subject, consent) VALUES ($s, $t, $p, $u, $c) ON CONFLICT DO NOTHING",
            ("$s", surrogate), ("$t", study), ("$p", PatientOf(connection, surrogate) ?? ring.NewId()), ("$u", ring.NewId()), ("$c", ring.NewId()));
        using var command = Command(connection, "SELECT patient, subject, consent FROM enrolment WHERE surrogate = $s AND study = $t", ("$s", surrogate), ("$t", study));
        EnrolmentIds ids;
        using (var reader = command.ExecuteReader())
        {
            reader.Read();
            ids = new EnrolmentIds(reader.GetString(0), reader.GetString(1), reader.GetString(2));
        }

        transaction.Commit();
        return ids;
    }

    /// <summary>The hospital patient (surrogate) whose pseudonymous Patient has that id, or null.</summary>
    public string? SurrogateOfPatient(string patientId)
    {
        using var connection = Connect();
        return Scalar(connection, "SELECT surrogate FROM enrolment WHERE patient = $p", ("$p", patientId)) as string;
    }

    /// <summary>Id of the pseudonymous Patient of a hospital patient (surrogate), or null when no enrolment was minted.</summary>
    public string? PatientOf(string surrogate)
    {
        using var connection = Connect();
        return PatientOf(connection, surrogate);
    }

    /// <summary>Keeps the raw body of a quarantined resource, sealed.</summary>
    public void KeepBody(string id, ReadOnlySpan<byte> body, DateTimeOffset at)
    {
        using var connection = Connect();
        Run(connection, "INSERT INTO quarantine (id, sealed, at) VALUES ($i, $b, $a) ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed, at = excluded.at",
            ("$i", id), ("$b", ring.Seal(body, "quarantine " + id)), ("$a", at.ToUnixTimeMilliseconds()));
    }

    /// <summary>The raw body of a quarantined resource, or null.</summary>
    public byte[]? ReadBody(string id)
    {
        using var connection = Connect();
        return Scalar(connection, "SELECT sealed FROM quarantine WHERE id = $i", ("$i", id)) is byte[] box ? ring.Open(box, "quarantine " + id) : null;
    }

    /// <summary>Forgets a raw body: its resource was taken over, or the patient left.</summary>
    public void DropBody(string id)
    {
        using var connection = Connect();
        Run(connection, "DELETE FROM quarantine WHERE id = $i", ("$i", id));
    }

    public void Dispose()
    {
        ring.Dispose();
        using var connection = new SqliteConnection(connectionString);
        SqliteConnection.ClearPool(connection);
    }

    private string Mint(SqliteConnection connection, HospitalName name)
    {
        var byId = name.Key is { } key ? Find(connection, "id", key) : null;
        var byNature = name.NaturalKey is { } natural ? Find(connection, "natural", natural) : null;
        if (byId is null && byNature is not null && name.Key is not null && HasId(connection, byNature))
        {
            byNature = null;
        }

        var surrogate = byId ?? byNature ?? ring.NewId();
        if (byId is null && name.Key is not null)
        {
            Insert(connection, "id", name.Key, surrogate);
        }

        if (name.NaturalKey is not null)
        {
            Insert(connection, "natural", name.NaturalKey, surrogate);
        }

        return surrogate;
    }

    private string? Find(SqliteConnection connection, string kind, HospitalKey key)
        => Scalar(connection, "SELECT surrogate FROM surrogate WHERE recognised = $r", ("$r", Recognise(kind, key))) as string;

    private static bool HasId(SqliteConnection connection, string surrogate)
        => Scalar(connection, "SELECT 1 FROM surrogate WHERE surrogate = $s AND kind = 'id' LIMIT 1", ("$s", surrogate)) is not null;

    private void Insert(SqliteConnection connection, string kind, HospitalKey key, string surrogate)
        => Run(connection, "INSERT INTO surrogate (recognised, surrogate, hospital, type, kind, sealed) VALUES ($r, $s, $h, $t, $k, $b) ON CONFLICT DO NOTHING",
            ("$r", Recognise(kind, key)), ("$s", surrogate), ("$h", key.Hospital), ("$t", key.Type), ("$k", kind), ("$b", ring.Seal(Encoding.UTF8.GetBytes(key.Id), "id")));

    private byte[] Recognise(string kind, HospitalKey key) => ring.Recognise(kind, key.Hospital, key.Type, key.Id);

    private static string? PatientOf(SqliteConnection connection, string surrogate)
        => Scalar(connection, "SELECT patient FROM enrolment WHERE surrogate = $s LIMIT 1", ("$s", surrogate)) as string;

    /// <summary>A key store with a foreign key would answer "not known" to everything and mint all surrogates anew: better not to start.</summary>
    /// <returns>The sealed canary, which is no other key store's.</returns>
    private byte[] CheckKey(SqliteConnection connection)
    {
        Run(connection, "INSERT INTO canary (one, sealed) VALUES (1, $b) ON CONFLICT DO NOTHING", ("$b", ring.Seal("atcfhir"u8, "canary")));
        try
        {
            var canary = (byte[])Scalar(connection, "SELECT sealed FROM canary")!;
            ring.Open(canary, "canary");
            return canary;
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            throw new UnusableStoreException("The key file (Keys:KeyFile) is not the one of this key store (Keys:ConnectionString). Restore the two from the same backup.");
        }
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        Run(connection, "PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = ON");
        return connection;
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Every text is a constant of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }

    private static void Run(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(connection, sql, parameters);
        command.ExecuteNonQuery();
    }

    private static object? Scalar(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(connection, sql, parameters);
        return command.ExecuteScalar();
    }
}

/// <summary>A resource at a hospital, by the hospital's own id. Secret: never in a log, a URL of ours or the trial database.</summary>
public sealed record HospitalKey(string Hospital, string Type, string Id)
{
    /// <summary>Says what it is, not which.</summary>
    public override string ToString() => Type + " at " + Hospital;
}

/// <summary>By what a hospital resource is known: its id, or what it says of itself, or both.</summary>
/// <param name="NaturalKey">Business identifier with code and time, where it has one.</param>
internal sealed record HospitalName(HospitalKey? Key, HospitalKey? NaturalKey);

/// <summary>The trial ids of one enrolment.</summary>
public sealed record EnrolmentIds(string PatientId, string SubjectId, string ConsentId);
