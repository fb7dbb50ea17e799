using AtcFhir.EndToEnd.Load;
using AtcFhir.EndToEnd.Running;

namespace AtcFhir.EndToEnd;

/// <summary>
/// The server, and then the database, is killed at random while many clients write; what was acknowledged stays. Five kills; ATCFHIR_KILLS says how many,
/// ATCFHIR_KILL_SEED repeats the moments of a run. Base R4 validation (Validation:OnWrite=Enforce).
/// </summary>
public class CrashTests
{
    private const int Clients = 16;

    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("ATCFHIR_KILLS") ?? "5", CultureInfo.InvariantCulture);

    private static readonly int Seed = int.Parse(Environment.GetEnvironmentVariable("ATCFHIR_KILL_SEED") ?? Environment.ProcessId.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    [Fact]
    public async Task NothingAcknowledgedIsLostWhenTheServerIsKilled() => await KillTheServer([]);

    [Fact]
    public async Task NothingAcknowledgedIsLostWhenTheServerIsKilledOnPostgres()
    {
        await using var postgres = await PrivatePostgres.Start();
        await KillTheServer(postgres.Settings);
    }

    [Fact]
    public Task ADatabaseThatCrashesUnderLoadLosesNothingAndTheServerGoesOnByItself() => EndTheDatabase(postgres => postgres.CrashAndRestart());

    [Fact]
    public Task ADatabaseThatIsRestartedUnderLoadLosesNothingAndTheServerGoesOnByItself() => EndTheDatabase(postgres => postgres.Restart());

    private static async Task EndTheDatabase(Func<PrivatePostgres, Task> restart)
    {
        await using var postgres = await PrivatePostgres.Start();
        using var folder = new TemporaryFolder();
        var random = NewRandom();
        var clients = NewClients(random);
        using var server = await Start(folder, postgres.Settings);
        for (var kill = 0; kill < Kills; kill++)
        {
            using var stop = new CancellationTokenSource();
            var load = Task.WhenAll(clients.Select(client => client.Write(server.Http, stop.Token)));
            await Task.Delay(random.Next(100, 1500), TestContext.Current.CancellationToken);
            await restart(postgres);
            await Eventually.Becomes(server.IsReady, "the server is ready again", 60);
            await stop.CancelAsync();
            await load;
            await Verification.Recent(server, clients);
        }

        await AllIsThere(server, folder, clients, postgres.Settings);
    }

    private static async Task KillTheServer((string Name, string Value)[] settings)
    {
        using var folder = new TemporaryFolder();
        var random = NewRandom();
        var clients = NewClients(random);
        for (var kill = 0; kill < Kills; kill++)
        {
            using var server = await Start(folder, settings);
            await Verification.Recent(server, clients);
            var load = Task.WhenAll(clients.Select(client => client.Write(server.Http, CancellationToken.None)));
            await Task.Delay(random.Next(50, 1500), TestContext.Current.CancellationToken);
            server.Kill();
            await load;
        }

        using var last = await Start(folder, settings);
        await AllIsThere(last, folder, clients, settings);
    }

    private static async Task AllIsThere(RunningServer server, TemporaryFolder folder, List<WritingClient> clients, (string Name, string Value)[] settings)
    {
        await Verification.All(server, clients);
        var check = await ChildProcess.Run(Artifacts.Cli, ["store", "check"], folder.Path, settings.ToDictionary(setting => setting.Name, setting => setting.Value));
        Assert.True(check.ExitCode == 0, check.Output + check.Error);
        Assert.Contains(": 0 faults", check.Output, StringComparison.Ordinal);
        var acknowledged = clients.Sum(client => client.Acknowledged);
        TestContext.Current.TestOutputHelper!.WriteLine($"{Kills} kills, {acknowledged} acknowledged writes, {clients.Sum(client => client.TryLater)} answers of 503; store check: {check.Output}");
        Assert.True(acknowledged > Kills * Clients, "the load was too small to show anything");
    }

    private static Task<RunningServer> Start(TemporaryFolder folder, (string Name, string Value)[] settings)
        => RunningServer.Start(folder.Path, [("Sandbox__Enabled", "false"), ("Sync__Enabled", "false"), ("Logging__LogLevel__Default", "Warning"), .. settings]);

    private static Random NewRandom()
    {
        TestContext.Current.TestOutputHelper!.WriteLine($"ATCFHIR_KILL_SEED={Seed}");
        return new Random(Seed);
    }

    private static List<WritingClient> NewClients(Random random) => [.. Enumerable.Range(0, Clients).Select(number => new WritingClient(number, new Random(random.Next())))];
}
