using AtcFhir.Store;
using AtcFhir.Sync;
using Microsoft.Extensions.Configuration;

namespace AtcFhir.Cli;

/// <summary>The trial's store as the settings name it: those of the server, from <c>appsettings.json</c> in the current folder and the environment.</summary>
internal static class ConfiguredStore
{
    public static IConfigurationRoot Configuration()
        => new ConfigurationBuilder().SetBasePath(Environment.CurrentDirectory).AddJsonFile("appsettings.json", optional: true).AddEnvironmentVariables().Build();

    public static string ConnectionString(IConfiguration configuration) => configuration["Store:ConnectionString"] ?? TrialStore.UsualConnectionString;

    /// <summary>Only the server makes a store: in the wrong folder there is none, and none is made there.</summary>
    public static IResourceStore OpenExisting(IConfiguration configuration)
        => TrialStore.OpenExisting(Engine(configuration), ConnectionString(configuration), BusyTimeout(configuration), PublicUrl(configuration), TimeProvider.System);

    private static StoreEngine Engine(IConfiguration configuration) => configuration.GetValue("Store:Engine", StoreEngine.Sqlite);

    private static TimeSpan BusyTimeout(IConfiguration configuration) => configuration.GetValue("Store:BusyTimeout", StoreOptions.UsualBusyTimeout);

    private static Uri? PublicUrl(IConfiguration configuration) => Uri.TryCreate(configuration["Server:PublicUrl"], UriKind.Absolute, out var url) ? url : null;
}
