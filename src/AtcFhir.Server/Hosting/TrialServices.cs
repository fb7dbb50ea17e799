using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using AtcFhir.Server.Bulk;
using AtcFhir.Server.Enrolment;
using AtcFhir.Server.Fhir;
using AtcFhir.Server.Subscriptions;
using AtcFhir.Server.Terminology;
using AtcFhir.Store;
using AtcFhir.Sync;
using AtcFhir.Sync.Enrolment;
using AtcFhir.Trial.Concepts;
using AtcFhir.Trial.Study;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;
using AtcFhir.Validation.Terminology.Remote;
using Microsoft.Extensions.Options;

namespace AtcFhir.Server.Hosting;

/// <summary>The trial side: its store, its validator, its study, and the FHIR endpoint at <c>/fhir</c> that is made of them.</summary>
internal static class TrialServices
{
    public const string BasePath = "/fhir";

    public static void AddTrial(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<ServerOptions>().BindConfiguration("Server").ValidateOnStart()
            .Validate(server => server.PublicUrl is null or { IsAbsoluteUri: true, Scheme: "http" or "https" }, "Server:PublicUrl has to be an absolute http or https URL.")
            .Validate(server => server.MaxBodyBytes is >= 1024 and <= 1024 * 1024 * 1024, "Server:MaxBodyBytes has to lie between 1 KiB and 1 GiB.")
            .Validate(server => server.MaxRequests > 0 && server.MaxHeldBytes > 0, "Server:MaxRequests and Server:MaxHeldBytes have to be positive.");
        services.AddSingleton<IValidateOptions<ServerOptions>, ServedTypesCheck>();
        services.AddOptions<StoreSection>().BindConfiguration("Store").ValidateOnStart()
            .Validate(
                store => store.ConnectionString.StartsWith("Data Source=", StringComparison.OrdinalIgnoreCase) == (store.Engine == StoreEngine.Sqlite),
                "Store:ConnectionString has to start with 'Data Source=' for Store:Engine=sqlite, and to be one of PostgreSQL ('Host=…;Database=…') for postgres.")
            .Validate(store => store.BusyTimeout > TimeSpan.Zero && store.BusyTimeout <= TimeSpan.FromMinutes(10), "Store:BusyTimeout has to be positive and at most ten minutes.");
        services.AddOptions<StudySection>().BindConfiguration("Study").ValidateOnStart()
            .Validate(study => string.IsNullOrEmpty(study.Package) || Path.Exists(study.Package), "Study:Package names no file or folder.");
        services.AddOptions<ValidationSection>().BindConfiguration("Validation").ValidateOnStart();
        services.AddSingleton<IValidateOptions<ValidationSection>, ValidationSectionCheck>();
        services.AddOptions<BulkSection>().BindConfiguration("Bulk").ValidateOnStart()
            .Validate(bulk => bulk.KeepFor > TimeSpan.Zero && bulk.FileBytes > 0 && bulk.QueueLimit > 0, "Bulk: KeepFor, FileBytes and QueueLimit have to be positive.");
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(LoadStudy);
        services.AddSingleton(provider => new Validator(ConformanceSource.Official.With(provider.GetRequiredService<StudyPackage>().Package)));
        services.AddSingleton(OpenStore);
        services.AddSingleton(MakeUploads);
        services.AddOptions<TerminologySection>().BindConfiguration("Terminology").ValidateOnStart()
            .Validate(terminology => terminology.MaxExpansion is >= 1 and <= 1_000_000, "Terminology:MaxExpansion has to lie between 1 and 1000000.");
        services.AddSingleton(provider => new StoredTerminology(
            provider.GetRequiredService<UploadedConformance>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<TerminologySection>>().Value.MaxExpansion));
        var remote = builder.Configuration.GetSection("Terminology").Get<TerminologyServerOptions>() ?? new TerminologyServerOptions();
        if (remote.Problem is { } problem)
        {
            throw new OptionsValidationException("Terminology", typeof(TerminologyServerOptions), [$"Terminology: {problem}."]);
        }

        if (remote.Url is not null)
        {
            services.AddTerminologyServer(remote);
        }

        services.AddSingleton(MakeEndpoint);
        services.AddSingleton<Readiness>();
        services.AddSubscriptions();
        services.AddSingleton<BulkJobs>();
        services.AddHostedService(provider => provider.GetRequiredService<BulkJobs>());
        services.AddHostedService<StudyLoader>();
        services.AddHostedService<UploadRefresh>();
        services.AddHostedService<IdleMemory>();
    }

    private static StudyPackage LoadStudy(IServiceProvider services)
    {
        var path = services.GetRequiredService<IOptions<StudySection>>().Value.Package;
        return StudyPackage.Load(path).TryGet(out var study, out var failure)
            ? study
            : throw new OptionsValidationException("Study", typeof(StudySection), [$"Study:Package cannot be read: {failure.Issues[0].Text}"]);
    }

    private static IResourceStore OpenStore(IServiceProvider services) => TrialStore.Open(
        services.GetRequiredService<IOptions<StoreSection>>().Value.Engine,
        services.GetRequiredService<IOptions<StoreSection>>().Value.ConnectionString,
        services.GetRequiredService<IOptions<StoreSection>>().Value.BusyTimeout,
        services.GetRequiredService<IOptions<ServerOptions>>().Value.PublicUrl,
        services.GetRequiredService<TimeProvider>(),
        SubscriptionTables.Schema);

    private static UploadedConformance MakeUploads(IServiceProvider services) => new(
        services.GetRequiredService<Validator>,
        services.GetRequiredService<IResourceStore>(),
        services.GetRequiredService<StudyPackage>().Package.Resources.Where(resource => resource.Url is not null).Select(resource => $"{resource.Url}|{resource.Version}").ToHashSet(StringComparer.Ordinal),
        services.GetRequiredService<TimeProvider>());

    private static FhirEndpoint MakeEndpoint(IServiceProvider services)
    {
        var server = services.GetRequiredService<IOptions<ServerOptions>>().Value;
        var time = services.GetRequiredService<TimeProvider>();
        var uploads = services.GetRequiredService<UploadedConformance>();
        return new FhirEndpoint
        {
            BasePath = BasePath,
            PublicUrl = server.PublicUrl,
            Title = "ATC-Anakinra1 trial",
            Store = services.GetRequiredService<IResourceStore>(),
            Validator = () => uploads.Current,
            Uploads = uploads,
            Validation = services.GetRequiredService<IOptions<ValidationSection>>().Value.ToPolicy(),
            Terminology = services.GetRequiredService<StoredTerminology>(),
            RemoteTerminology = services.GetService<TerminologyServer>(),
            ProfileFor = ConceptCatalog.ProfileFor,
            Profiles = [.. ConceptCatalog.All.Select(concept => new SupportedProfile(concept.ResourceType, concept.Profile))],
            Types = ServedTypes.Of(server.Types),
            Routes = [.. FhirRoutes.Table.Concat(SubscriptionOperations.Table).Select(route => AsyncRequest.Of(route, services.GetRequiredService<BulkJobs>)), .. EnrolmentRoutes.Table(services.GetRequiredService<Enroller>), .. BulkRoutes.Table(services.GetRequiredService<BulkJobs>)],
            Access = services.GetRequiredService<AccessPolicy>(),
            Limits = new DocumentLimits(MaxBytes: server.MaxBodyBytes),
            Time = time,
            Started = time.GetUtcNow(),
        };
    }
}
