using System.Net;
using AtcFhir.EndToEnd.Running;
using Microsoft.Data.Sqlite;

namespace AtcFhir.EndToEnd;

/// <summary>The database's disk is full, or another process holds its lock: writes are refused with words, nothing is half stored, and the server goes on by itself. Under Validation:OnWrite=Enforce.</summary>
public class StoreFaultTests
{
    private static readonly string Filler = new('x', 20_000);

    [Fact]
    public async Task AFullDiskRefusesWritesUntilThereIsRoomAgain()
    {
        using var folder = new TemporaryFolder();
        var data = Directory.CreateDirectory(Path.Combine(folder.Path, "data")).FullName;
        var probe = await ChildProcess.Run("unshare", ["-rm", "mount", "-t", "tmpfs", "tmpfs", data], folder.Path);
        Assert.SkipUnless(probe.ExitCode == 0, "Needs the right to mount a small disk of its own (unshare, tmpfs).");
        var program = Path.Combine(folder.Path, "start.sh");
        await File.WriteAllTextAsync(program, $"mount -t tmpfs -o size=48m tmpfs {data} && cd {folder.Path} && exec {Artifacts.Server}", TestContext.Current.CancellationToken);
        using var server = await RunningServer.StartBy("unshare", ["-rm", "sh", program], folder.Path, Settings);
        var ballast = $"/proc/{server.ProcessId}/root{data}/ballast";

        await FillsUpAndRecovers(
            server,
            async () => await ChildProcess.Run("sh", ["-c", $"head -c 100000000 /dev/zero > {ballast}"], folder.Path),
            () =>
            {
                File.Delete(ballast);
                return Task.CompletedTask;
            });
    }

    [Fact]
    public async Task ALockedDatabaseRefusesWritesUntilTheLockIsGoneAndReadsGoOn()
    {
        using var folder = new TemporaryFolder();
        using var server = await RunningServer.Start(folder.Path, Settings);
        var (_, created, _) = await server.Send(HttpMethod.Post, "/fhir/Observation", Observation("before"));

        await using (var other = new SqliteConnection($"Data Source={Path.Combine(folder.Path, "data", "trial.db")};Pooling=False"))
        {
            await other.OpenAsync(TestContext.Current.CancellationToken);
            await using var exclusive = new SqliteCommand("BEGIN EXCLUSIVE", other);
            await exclusive.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

            await Refuses(server, "Another process holds the database.");
            Assert.Equal("before", (await server.Get("/fhir/Observation/" + created!["id"]))["valueString"]!.GetValue<string>());
            Assert.Equal(1, await server.Count("/fhir/Observation"));
            await IsNotReady(server, "Another process holds the database.");
        }

        await Recovers(server, 1);
    }

    [Fact]
    public async Task AFullDiskRefusesWritesUntilThereIsRoomAgainOnPostgres()
    {
        await using var postgres = await PrivatePostgres.Start(tablespaceMegabytes: 48);
        using var folder = new TemporaryFolder();
        using var server = await RunningServer.Start(folder.Path, [.. Settings, .. postgres.Settings]);

        await FillsUpAndRecovers(server, () => postgres.Fill(), () => postgres.Execute("DROP TABLE IF EXISTS ballast"));
    }

    [Fact]
    public async Task AServerThatStartsWhilePostgresIsAwayWaitsForItAndACommandSaysSo()
    {
        await using var postgres = await PrivatePostgres.Start();
        using var folder = new TemporaryFolder();
        await postgres.Stop();
        using var server = RunningServer.Launch(folder.Path, [.. Settings, .. postgres.Settings]);
        await Eventually.Becomes(async () => await Status(server, "/healthz/live") == HttpStatusCode.OK, "the server is alive");

        await IsNotReady(server, "PostgreSQL cannot be reached");
        var (status, outcome, headers) = await server.Send(HttpMethod.Get, "/fhir/Patient", null);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("transient", outcome!["issue"]![0]!["code"]!.GetValue<string>());
        Assert.NotNull(headers.RetryAfter);
        var check = await ChildProcess.Run(Artifacts.Cli, ["store", "check"], folder.Path, postgres.Settings.ToDictionary(setting => setting.Name, setting => setting.Value));
        Assert.Equal(2, check.ExitCode);
        Assert.StartsWith("PostgreSQL cannot be reached", check.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", check.Error + server.Log, StringComparison.Ordinal);

        await postgres.StartAgain();
        await Recovers(server, 0);
    }

    [Fact]
    public async Task AServerBesideAnotherKeyStoreThanItsDatabaseHasDoesNotStart()
    {
        await using var postgres = await PrivatePostgres.Start();
        using var first = new TemporaryFolder();
        using (await RunningServer.Start(first.Path, [.. Settings, .. postgres.Settings]))
        {
        }

        using var second = new TemporaryFolder();
        var settings = Settings.Concat(postgres.Settings).Append(("Urls", $"http://127.0.0.1:{FreePort.Next()}")).Append(("ASPNETCORE_ENVIRONMENT", "Development"));
        var ended = await ChildProcess.Run(Artifacts.Server, [], second.Path, settings.ToDictionary(setting => setting.Item1, setting => setting.Item2));

        Assert.Equal(2, ended.ExitCode);
        Assert.StartsWith("The key store (Keys:ConnectionString, Keys:KeyFile) is not the one that belongs to this trial's database", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServerWhoseKeyFileWasCutShortDoesNotStartAndSaysWhy()
    {
        using var folder = new TemporaryFolder();
        var data = Directory.CreateDirectory(Path.Combine(folder.Path, "data")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(data, "keys.key"), new byte[10], TestContext.Current.CancellationToken);
        var settings = Settings.Append(("Urls", $"http://127.0.0.1:{FreePort.Next()}")).Append(("ASPNETCORE_ENVIRONMENT", "Development"));

        var ended = await ChildProcess.Run(Artifacts.Server, [], folder.Path, settings.ToDictionary(setting => setting.Item1, setting => setting.Item2));

        Assert.Equal(2, ended.ExitCode);
        Assert.StartsWith("The key file data/keys.key has 10 bytes instead of 32.", ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Error + ended.Output, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode?> Status(RunningServer server, string path)
    {
        try
        {
            using var answer = await server.Http.GetAsync(path);
            return answer.StatusCode;
        }
        catch (Exception gone) when (RunningServer.IsGone(gone))
        {
            return null;
        }
    }

    private static (string, string)[] Settings => [("Sandbox__Enabled", "false"), ("Sync__Enabled", "false"), ("Logging__LogLevel__Default", "Warning")];

    private static async Task FillsUpAndRecovers(RunningServer server, Func<Task> fill, Func<Task> free)
    {
        var (status, _, _) = await server.Send(HttpMethod.Post, "/fhir/Observation", Observation("before"));
        Assert.Equal(HttpStatusCode.Created, status);
        await fill();

        // The database may have some room of its own left; then it is full.
        var stored = 1;
        while ((await server.Send(HttpMethod.Post, "/fhir/Observation", Observation(Filler))).Status == HttpStatusCode.Created)
        {
            stored++;
        }

        await Refuses(server, "The disk of the database is full.");
        Assert.Equal(stored, await server.Count("/fhir/Observation"));
        await free();
        await Recovers(server, stored);
    }

    /// <summary>A transaction, so that a part of it could be there afterwards.</summary>
    private static async Task Refuses(RunningServer server, string why)
    {
        var entries = string.Join(',', Enumerable.Range(0, 20).Select(_ => $$"""{"resource":{{Observation(Filler)}},"request":{"method":"POST","url":"Observation"} }"""));

        var (status, outcome, headers) = await server.Send(HttpMethod.Post, "/fhir", $$"""{"resourceType":"Bundle","type":"transaction","entry":[{{entries}}]}""");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.NotNull(headers.RetryAfter);
        Assert.Equal("transient", outcome!["issue"]![0]!["code"]!.GetValue<string>());
        Assert.Contains(why, outcome["issue"]![0]!["details"]!["text"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    private static async Task IsNotReady(RunningServer server, string why)
    {
        using var ready = await server.Http.GetAsync("/healthz/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains(why, await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task Recovers(RunningServer server, int before)
    {
        await Eventually.Becomes(server.IsReady, "the server is ready again", 30);
        Assert.Equal(HttpStatusCode.Created, (await server.Send(HttpMethod.Post, "/fhir/Observation", Observation("after"))).Status);
        Assert.Equal(before + 1, await server.Count("/fhir/Observation"));
        Assert.Equal(before + 1, await server.HistoryTotal("/fhir/Observation"));
    }

    private static string Observation(string value) => $$"""{"resourceType":"Observation","status":"final","code":{"text":"fault"},"valueString":"{{value}}"}""";
}
