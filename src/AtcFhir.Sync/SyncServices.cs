using System.Net;
using System.Security.Cryptography;
using AtcFhir.Store;
using AtcFhir.Sync.Border;
using AtcFhir.Sync.Conflicts;
using AtcFhir.Sync.Enrolment;
using AtcFhir.Sync.Hospital;
using AtcFhir.Sync.Keys;
using AtcFhir.Sync.Reports;
using AtcFhir.Trial.Study;
using AtcFhir.Validation;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AtcFhir.Sync;

/// <summary>The door of this room.</summary>
public static class SyncServices
{
    /// <summary>
    /// Adds <see cref="SyncPass"/>, <see cref="Enroller"/>, <see cref="Intake"/>, <see cref="QuarantineDesk"/>, <see cref="ConflictDesk"/>, <see cref="SyncStatusQuery"/>,
    /// <see cref="CoverageQuery"/> and <see cref="HospitalDirectory"/>, configured by the sections Sync, Keys, Hospital and Hospitals. The host adds IResourceStore (opened with
    /// <see cref="Ledger.SyncTables.Schema"/>), Validator, StudyPackage and TimeProvider. Wrong configuration is said by an <see cref="OptionsValidationException"/>.
    /// </summary>
    public static IServiceCollection AddSync(this IServiceCollection services, IConfiguration configuration)
    {
        var options = configuration.GetSection("Sync").Get<SyncOptions>() ?? new SyncOptions();
        if (configuration["Server:PublicUrl"] is { Length: > 0 } url && Uri.TryCreate(url.TrimEnd('/') + "/fhir/", UriKind.Absolute, out var publicBase))
        {
            options.PublicBase ??= publicBase;
        }

        var directory = Read(configuration);
        Check(configuration, options, directory);
        services.AddSingleton(options);
        services.AddSingleton(directory);
        services.AddSingleton(_ => KeyStore.Open(configuration.GetSection("Keys").Get<KeysOptions>() ?? new KeysOptions()));
        foreach (var (name, hospital) in directory.Hospitals)
        {
            AddClient(services, name, hospital);
        }

        services.AddSingleton<FindHospital>(provider =>
        {
            var made = new System.Collections.Concurrent.ConcurrentDictionary<string, HospitalClient>(StringComparer.Ordinal);
            return name => directory.Find(name) is { BaseUrl: not null } hospital ? made.GetOrAdd(name, _ => Client(provider, name, hospital)) : null;
        });
        services.AddSingleton(provider => new Crossing(
            provider.GetRequiredService<IResourceStore>(), provider.GetRequiredService<KeyStore>(), provider.GetRequiredService<Validator>(), directory, provider.GetRequiredService<StudyPackage>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new Enroller(
            provider.GetRequiredService<IResourceStore>(), provider.GetRequiredService<KeyStore>(), provider.GetRequiredService<Validator>(), directory, provider.GetRequiredService<FindHospital>(), options, provider.GetRequiredService<StudyPackage>().Facts, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new Intake(provider.GetRequiredService<Crossing>(), provider.GetRequiredService<KeyStore>(), options));
        services.AddSingleton(provider => new QuarantineDesk(provider.GetRequiredService<IResourceStore>(), provider.GetRequiredService<KeyStore>(), provider.GetRequiredService<Crossing>(), options));
        services.AddSingleton(provider => new ConflictDesk(provider.GetRequiredService<IResourceStore>(), provider.GetRequiredService<KeyStore>(), provider.GetRequiredService<Crossing>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new CoverageQuery(provider.GetRequiredService<IResourceStore>(), directory));
        services.AddSingleton(provider => new SyncStatusQuery(provider.GetRequiredService<IResourceStore>(), directory));
        services.AddSingleton(provider => new SyncPass(
            provider.GetRequiredService<IResourceStore>(), provider.GetRequiredService<KeyStore>(), provider.GetRequiredService<Crossing>(), provider.GetRequiredService<Enroller>(), provider.GetRequiredService<FindHospital>(),
            options, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<SyncPass>>()));
        return services;
    }

    /// <summary>Adds the background loop, for a host that runs it. It begins when the host calls <see cref="SyncStart.Ready"/>.</summary>
    public static IServiceCollection AddSyncHost(this IServiceCollection services) => services
        .AddSingleton<SyncStart>()
        .AddSingleton<IHostedService>(provider => new SyncHost(
            provider.GetRequiredService<SyncPass>, provider.GetRequiredService<HospitalDirectory>(), provider.GetRequiredService<SyncOptions>(), provider.GetRequiredService<SyncStart>(),
            provider.GetRequiredService<TimeProvider>(), RandomNumberGenerator.Fill, provider.GetRequiredService<ILogger<SyncHost>>()));

    private static HospitalDirectory Read(IConfiguration configuration)
    {
        var hospitals = new Dictionary<string, HospitalOptions>(StringComparer.Ordinal)
        {
            [HospitalOptions.DefaultName] = configuration.GetSection("Hospital").Get<HospitalOptions>() ?? new HospitalOptions(),
        };
        foreach (var section in configuration.GetSection("Hospitals").GetChildren())
        {
            hospitals[section.Key] = section.Get<HospitalOptions>() ?? new HospitalOptions();
        }

        return new HospitalDirectory(hospitals);
    }

    private static void Check(IConfiguration configuration, SyncOptions options, HospitalDirectory directory)
    {
        var wrong = new List<string>();
        if (options.Instance.Length == 0 || !options.Instance.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.'))
        {
            wrong.Add("Sync:Instance has to be letters, digits, hyphens and dots.");
        }

        if (options.IntervalSeconds < 1 || options.LeaseSeconds < 3 || options.SweepHours <= 0 || options.BaselineDays < 0)
        {
            wrong.Add("Sync: IntervalSeconds has to be at least 1, LeaseSeconds at least 3, SweepHours above and BaselineDays not below 0.");
        }

        if (configuration.GetSection("Hospitals:" + HospitalOptions.DefaultName).Exists())
        {
            wrong.Add("Hospitals:default: the hospital called default is configured in the section Hospital.");
        }

        foreach (var (name, hospital) in directory.Hospitals)
        {
            var section = name == HospitalOptions.DefaultName ? "Hospital" : "Hospitals:" + name;
            if (hospital.BaseUrl is not (null or { IsAbsoluteUri: true, Scheme: "http" or "https", Query: "", Fragment: "" }))
            {
                wrong.Add(section + ":BaseUrl has to be an absolute http or https URL without query.");
            }

            if (hospital.TimeoutSeconds <= 0 || hospital.MaxResponseBytes < 1024 || hospital.PageSize < 1)
            {
                wrong.Add(section + ": TimeoutSeconds and PageSize have to be positive, MaxResponseBytes at least 1024.");
            }

            if (hospital.Auth is { Mode: HospitalAuthMode.ClientCredentials, TokenEndpoint: null } or { Mode: HospitalAuthMode.Bearer, Token: null or "" } or { Mode: HospitalAuthMode.Basic, ClientId: null or "" })
            {
                wrong.Add(section + ":Auth lacks what its Mode needs (Token; ClientId and ClientSecret; TokenEndpoint).");
            }
        }

        if (wrong.Count > 0)
        {
            throw new OptionsValidationException("Sync", typeof(SyncOptions), wrong);
        }
    }

    private static void AddClient(IServiceCollection services, string name, HospitalOptions hospital)
    {
        var builder = services.AddHttpClient(ClientName(name), static client => client.Timeout = Timeout.InfiniteTimeSpan)
            // The default loggers write URLs, and the URLs of a hospital name its patients.
            .RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                AutomaticDecompression = DecompressionMethods.All,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                MaxResponseHeadersLength = 64,
            });
        builder.AddStandardResilienceHandler(resilience => Configure(resilience, hospital));
    }

    private static void Configure(HttpStandardResilienceOptions resilience, HospitalOptions hospital)
    {
        var attempt = TimeSpan.FromSeconds(hospital.TimeoutSeconds);
        resilience.AttemptTimeout.Timeout = attempt;
        resilience.TotalRequestTimeout.Timeout = attempt * 4;
        resilience.Retry.MaxRetryAttempts = 3;
        resilience.Retry.Delay = TimeSpan.FromSeconds(hospital.RetryDelaySeconds);
        resilience.Retry.UseJitter = true;
        // A POST or PUT whose answer was lost may have worked: what became of it is found out, not repeated.
        resilience.Retry.DisableForUnsafeHttpMethods();
        resilience.CircuitBreaker.SamplingDuration = attempt * 4;
        resilience.CircuitBreaker.MinimumThroughput = 5;
        resilience.CircuitBreaker.FailureRatio = 0.8;
        resilience.CircuitBreaker.BreakDuration = TimeSpan.FromSeconds(Math.Max(0.5, hospital.TimeoutSeconds));
    }

    private static HospitalClient Client(IServiceProvider provider, string name, HospitalOptions hospital)
    {
        var factory = provider.GetRequiredService<IHttpClientFactory>();
        var time = provider.GetRequiredService<TimeProvider>();
        return new HospitalClient(name, factory.CreateClient(ClientName(name)), hospital, HospitalAuth.For(hospital.Auth, () => factory.CreateClient(ClientName(name)), time), time);
    }

    private static string ClientName(string hospital) => "hospital:" + hospital;
}
