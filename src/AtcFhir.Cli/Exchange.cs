using AtcFhir.Store;
using AtcFhir.Sync;
using AtcFhir.Sync.Border;
using AtcFhir.Sync.Conflicts;
using AtcFhir.Sync.Enrolment;
using AtcFhir.Sync.Keys;
using AtcFhir.Sync.Reports;
using AtcFhir.Trial.Study;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AtcFhir.Cli;

/// <summary>
/// The trial's store and the sync over it, for verbs that work on the same data as the server. Configuration: appsettings.json in the current
/// folder when there is one, then the environment (<c>Store__ConnectionString</c>, <c>Hospital__BaseUrl</c>, …), the same keys as the server's.
/// </summary>
internal sealed class Exchange : IAsyncDisposable
{
    private readonly ServiceProvider services;

    private Exchange(ServiceProvider services) => this.services = services;

    public Enroller Enroller => services.GetRequiredService<Enroller>();

    public SyncPass Pass => services.GetRequiredService<SyncPass>();

    public SyncStatusQuery Status => services.GetRequiredService<SyncStatusQuery>();

    public CoverageQuery Coverage => services.GetRequiredService<CoverageQuery>();

    public ConflictDesk Conflicts => services.GetRequiredService<ConflictDesk>();

    public QuarantineDesk Quarantine => services.GetRequiredService<QuarantineDesk>();

    public static async Task<Exchange> Open()
    {
        var configuration = ConfiguredStore.Configuration();
        if (!StudyPackage.Load(configuration["Study:Package"]).TryGet(out var study, out var failure))
        {
            throw new OptionsValidationException("Study", typeof(StudyPackage), [$"Study:Package cannot be read: {failure.Issues[0].Text}"]);
        }

        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning));
        services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(study);
        services.AddSingleton(new Validator(ConformanceSource.Official.With(study.Package)));
        services.AddSingleton(_ => ConfiguredStore.OpenExisting(configuration));
        services.AddSync(configuration);
        var exchange = new Exchange(services.BuildServiceProvider());
        await KeyBinding.Check(exchange.services.GetRequiredService<IResourceStore>(), exchange.services.GetRequiredService<KeyStore>(), CancellationToken.None);
        return exchange;
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
