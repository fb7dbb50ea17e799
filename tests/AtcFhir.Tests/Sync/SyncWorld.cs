using System.Text;
using System.Text.Json.Nodes;
using AtcFhir.R4.Documents;
using AtcFhir.Store;
using AtcFhir.Store.Records;
using AtcFhir.Sync;
using AtcFhir.Sync.Border;
using AtcFhir.Sync.Conflicts;
using AtcFhir.Sync.Enrolment;
using AtcFhir.Sync.Hospital;
using AtcFhir.Sync.Keys;
using AtcFhir.Sync.Ledger;
using AtcFhir.Sync.Reports;
using AtcFhir.Trial.Concepts;
using AtcFhir.Trial.Study;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace AtcFhir.Tests.Sync;

/// <summary>A trial and a hospital in one process: store and key store on files of their own, a clock that the test moves, and a log that it can read.</summary>
internal sealed class SyncWorld : IAsyncDisposable
{
    public const string Study = "ResearchStudy/atc-anakinra1";

    private static readonly Lazy<Validator> SharedValidator = new(() => new Validator(ConformanceSource.Official.With(StudyPackage.Embedded.Package)));

    private readonly DirectoryInfo folder = MakeFolder();
    private readonly Func<IResourceStore, IResourceStore> wrap;
    private readonly HttpClient northHttp;
    private HttpClient http;

    private SyncWorld(HospitalTraits traits, int seed, Func<IResourceStore, IResourceStore>? wrap, bool withNorth)
    {
        this.wrap = wrap ?? (store => store);
        Random = new Random(seed);
        Hospital = new MemoryHospital(Time, traits);
        http = new HttpClient(Hospital, disposeHandler: false);
        North = new MemoryHospital(Time, traits);
        northHttp = new HttpClient(North, disposeHandler: false);
        var hospitals = new Dictionary<string, HospitalOptions> { ["default"] = Options };
        if (withNorth)
        {
            hospitals["north"] = new HospitalOptions { BaseUrl = MemoryHospital.BaseUrl, EnrolmentStudy = Study };
        }

        Hospitals = new HospitalDirectory(hospitals);
        Open();
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2019, 3, 1, 8, 0, 0, TimeSpan.Zero));

    public Random Random { get; }

    public HospitalOptions Options { get; } = new() { BaseUrl = MemoryHospital.BaseUrl, EnrolmentStudy = Study };

    public SyncOptions Sync { get; } = new() { Instance = "test" };

    public HospitalDirectory Hospitals { get; }

    public MemoryHospital Hospital { get; }

    /// <summary>The hospital called north, in a world that has two.</summary>
    public MemoryHospital North { get; }

    public IResourceStore Store { get; private set; } = null!;

    public KeyStore Keys { get; private set; } = null!;

    public SyncPass Pass { get; private set; } = null!;

    public Enroller Enroller { get; private set; } = null!;

    public Intake Intake { get; private set; } = null!;

    public QuarantineDesk Quarantine { get; private set; } = null!;

    public ConflictDesk Conflicts { get; private set; } = null!;

    public SyncStatusQuery Status { get; private set; } = null!;

    public ReadableLog Log { get; } = new();

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<SyncWorld> Make(HospitalTraits? traits = null, int seed = 1, Func<IResourceStore, IResourceStore>? wrap = null, bool withStudy = true, bool withNorth = false)
    {
        var world = new SyncWorld(traits ?? HospitalTraits.Plain, seed, wrap, withNorth);
        if (withStudy)
        {
            await world.LoadStudy();
        }

        return world;
    }

    /// <summary>Another HTTP client, for a hospital that is not the model.</summary>
    public void Reach(HttpClient client, Uri baseUrl)
    {
        http = client;
        Options.BaseUrl = baseUrl;
        Wire();
    }

    /// <summary>As after the end of the process: everything that was only in memory is gone.</summary>
    public async Task Restart()
    {
        await Store.DisposeAsync();
        Keys.Dispose();
        Open();
    }

    public async Task<SyncReport> Run(string hospital = "default")
    {
        var report = await Pass.RunAsync(hospital, Cancel);
        Time.Advance(TimeSpan.FromSeconds(30));
        return report;
    }

    /// <summary>Runs passes until one changes nothing on either side.</summary>
    public async Task<int> Settle(int atMost = 10)
    {
        for (var pass = 1; pass <= atMost; pass++)
        {
            var before = await Totals();
            await Run();
            if (before == await Totals())
            {
                return pass;
            }
        }

        return int.MaxValue;
    }

    /// <summary>Versions on the trial's side and at the hospital.</summary>
    public async Task<(long Trial, int Hospital)> Totals() => (await Store.LastSeq(Cancel), Hospital.HistoryTotal);

    public void AddPatient(string id, string? deceased = null) => Hospital.Ward("Patient/" + id, JsonNode.Parse($$"""
        {"resourceType":"Patient","id":"{{id}}","identifier":[{"system":"urn:oid:2.16.840.1.113883.2.4.6.3","value":"ward-{{id}}-number"}],
        "name":[{"family":"Jansen-{{id}}","given":["Pieter"]}],"gender":"male","birthDate":"1951-04-05"{{(deceased is null ? "" : $",\"deceasedDateTime\":\"{deceased}\"")}}}
        """)!.AsObject(), TimeSpan.Zero);

    public void AddCrp(string id, string patient, string value, string date = "2019-02-20T09:30:00+01:00", string status = "final") => Hospital.Ward(Crp(id, patient, value, date, status));

    public static string Crp(string? id, string patient, string value, string date = "2019-02-20T09:30:00+01:00", string status = "final") => $$"""
        {"resourceType":"Observation",{{(id is null ? "" : $"\"id\":\"{id}\",")}}"status":"{{status}}",
        "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory"}]}],
        "code":{"coding":[{"system":"http://loinc.org","code":"1988-5","display":"C reactive protein [Mass/volume] in Serum or Plasma"}],"text":"CRP of Pieter Jansen"},
        "subject":{"reference":"Patient/{{patient}}","display":"Jansen, Pieter"},"effectiveDateTime":"{{date}}",
        "valueQuantity":{"value":{{value}},"unit":"mg/L","system":"http://unitsofmeasure.org","code":"mg/L"},"note":[{"text":"seen with wife"}]}
        """;

    public async Task<EnrolledSubject> Enrol(string patient = "p1", string consent = "2019-01-10", string hospital = "default")
    {
        var result = await Enroller.EnrollAsync(new EnrolmentRequest(Study, "Patient/" + patient, DateOnly.Parse(consent, CultureInfo.InvariantCulture), Hospital: hospital), "tester", Cancel);
        Assert.True(result.Succeeded, result.Failure?.Issues[0].Text);
        return result.Value;
    }

    public async Task<List<JsonObject>> Trial(string type)
    {
        var list = new List<JsonObject>();
        foreach (var change in await Store.Changes(0, new ChangeFilter([type]), 100_000, Cancel))
        {
            list.RemoveAll(known => known["id"]!.GetValue<string>() == change.Id);
            if (!change.IsDeleted)
            {
                list.Add(JsonNode.Parse(change.Body.Span)!.AsObject());
            }
        }

        return list;
    }

    public async Task Put(string json) => await Put(ResourceDocument.Parse(Encoding.UTF8.GetBytes(json)).Value);

    public async Task Put(ResourceDocument document)
    {
        var commit = await Store.Commit(WriteBatch.Of(new AuditEntry("user", "update", "r"), ResourceWrite.Update(Store.Prepare(document, document.Id!))), Cancel);
        Assert.Null(commit.Failure);
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        Keys.Dispose();
        http.Dispose();
        northHttp.Dispose();
        Hospital.Dispose();
        North.Dispose();
        folder.Delete(recursive: true);
    }

    public string KeyDatabase => Path.Combine(folder.FullName, "keys.db");

    public string TrialDatabase => Path.Combine(folder.FullName, "trial.db");

    private void Open()
    {
        Store = wrap(ResourceStore.Open(new StoreOptions
        {
            ConnectionString = $"Data Source={TrialDatabase}",
            Time = Time,
            SideSchemas = [SyncTables.Schema],
            ExtractRecords = document => ConceptCatalog.Extract(document) is { } record ? [new RecordRow(record.Concept, record.Subject, record.Time?.ToDateTimeOffset(), record.ToJson())] : [],
        }));
        var key = Path.Combine(folder.FullName, "keys.key");
        Keys = new KeyStore($"Data Source={KeyDatabase}", new KeyRing(KeyFile.ReadOrCreate(key), Random.NextBytes));
        Wire();
    }

    private void Wire()
    {
        var client = new HospitalClient("default", http, Options, FixedAuth.None, Time);
        var north = Hospitals.Find("north") is { } options ? new HospitalClient("north", northHttp, options, FixedAuth.None, Time) : null;
        HospitalClient? Find(string name) => name switch { "default" => client, "north" => north, _ => null };
        var facts = StudyPackage.Embedded.Facts;
        var crossing = new Crossing(Store, Keys, SharedValidator.Value, Hospitals, StudyPackage.Embedded, Time);
        Enroller = new Enroller(Store, Keys, SharedValidator.Value, Hospitals, Find, Sync, facts, Time);
        Intake = new Intake(crossing, Keys, Sync);
        Quarantine = new QuarantineDesk(Store, Keys, crossing, Sync);
        Conflicts = new ConflictDesk(Store, Keys, crossing, Time);
        Status = new SyncStatusQuery(Store, Hospitals);
        Pass = new SyncPass(Store, Keys, crossing, Enroller, Find, Sync, Time, Log);
    }

    /// <summary>In memory where there is such a place: no test here is about power cuts.</summary>
    private static DirectoryInfo MakeFolder()
        => Directory.Exists("/dev/shm") ? Directory.CreateDirectory(Path.Combine("/dev/shm", "atcfhir-sync-" + Path.GetRandomFileName())) : Directory.CreateTempSubdirectory("atcfhir-sync-");

    private async Task LoadStudy()
    {
        var writes = StudyPackage.Embedded.Instances.Select(instance => ResourceDocument.Parse(instance.Json).Value).Select(document => ResourceWrite.Update(Store.Prepare(document, document.Id)));
        var commit = await Store.Commit(WriteBatch.Of(new AuditEntry("system", "load study", "r"), [.. writes]), Cancel);
        Assert.Null(commit.Failure);
    }
}

/// <summary>Keeps what was logged.</summary>
internal sealed class ReadableLog : ILogger<SyncPass>
{
    public List<string> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        => Lines.Add($"{logLevel}: {formatter(state, exception)}{(exception is null ? "" : " " + exception)}");
}
