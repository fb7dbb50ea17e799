using AtcFhir.R4.Documents;
using AtcFhir.Server.AccessControl;
using AtcFhir.Server.Fhir;
using AtcFhir.Server.Hosting;
using AtcFhir.Server.Terminology;
using AtcFhir.Store;
using AtcFhir.Trial.Synthetic;
using Microsoft.Extensions.Options;

namespace AtcFhir.Server.Sandbox;

/// <summary>
/// The sandbox hospital: a second FHIR endpoint of this process at <c>/sandbox/fhir</c>, with a store of its own. The sync reaches it as it
/// reaches any hospital, over HTTP.
/// </summary>
internal static class SandboxServices
{
    public const string BasePath = "/sandbox/fhir";

    /// <summary>Adds it when it is wanted: <c>Sandbox:Enabled</c>, or no hospital being configured.</summary>
    public static void AddSandbox(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<SandboxOptions>().BindConfiguration("Sandbox").ValidateOnStart()
            .Validate(sandbox => SandboxPersona.Find(sandbox.Persona, static () => "") is not null, "Sandbox:Persona has to be plain or epic-like.")
            .Validate(sandbox => sandbox.SecondsPerDay is 0 or >= 0.05, "Sandbox:SecondsPerDay has to be 0 (the clock stands) or at least 0.05.")
            .Validate(sandbox => sandbox.FirstDay is >= 0 and <= 5000, "Sandbox:FirstDay has to lie between 0 and 5000.");
        if (!IsWanted(builder.Configuration))
        {
            return;
        }

        builder.Services.AddSingleton(services => new SyntheticHospital(OptionsOf(services).Seed));
        builder.Services.AddSingleton(services => SandboxPersona.Find(OptionsOf(services).Persona, services.GetRequiredService<IResourceStore>().NewId)!);
        builder.Services.AddSingleton(MakeSandbox);
        builder.Services.AddHostedService<SandboxHost>();
    }

    public static void MapSandbox(this WebApplication app)
    {
        if (app.Services.GetService<SandboxEndpoint>() is { } sandbox)
        {
            FhirRoutes.Map(app, sandbox.Endpoint);
        }
    }

    private static bool IsWanted(ConfigurationManager configuration)
        => configuration.GetValue<bool?>("Sandbox:Enabled") ?? string.IsNullOrEmpty(configuration["Hospital:BaseUrl"]) && !configuration.GetSection("Hospitals").GetChildren().Any();

    private static SandboxOptions OptionsOf(IServiceProvider services) => services.GetRequiredService<IOptions<SandboxOptions>>().Value;

    private static SandboxEndpoint MakeSandbox(IServiceProvider services)
    {
        var trial = services.GetRequiredService<FhirEndpoint>();
        var time = services.GetRequiredService<TimeProvider>();
        var persona = services.GetRequiredService<SandboxPersona>();
        var store = ResourceStore.Open(new StoreOptions
        {
            ConnectionString = OptionsOf(services).ConnectionString,
            Time = time,
            SideSchemas = [SandboxCalendar.Schema],
        });
        var uploads = new UploadedConformance(trial.Validator, store, new HashSet<string>(), time);
        return new SandboxEndpoint(uploads, new FhirEndpoint
        {
            BasePath = BasePath,
            Title = $"Sandbox hospital ({persona.Name})",
            Store = store,
            Validator = trial.Validator,
            Terminology = new StoredTerminology(uploads, time),
            Types = ServedTypes.Of([]),
            Access = new LoopbackPolicy(),
            Persona = persona.Http,
            Limits = new DocumentLimits(MaxBytes: 16 * 1024 * 1024),
            Time = time,
            Started = trial.Started,
        });
    }
}

/// <summary>The endpoint of the sandbox hospital; a type of its own, so that it is not taken for the trial's.</summary>
/// <param name="Uploads">What is stored there counts for its terminology, not for its validation.</param>
internal sealed record SandboxEndpoint(UploadedConformance Uploads, FhirEndpoint Endpoint) : IAsyncDisposable
{
    public ValueTask DisposeAsync()
    {
        Uploads.Dispose();
        return Endpoint.Store.DisposeAsync();
    }
}
