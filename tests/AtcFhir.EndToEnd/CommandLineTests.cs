using System.Text.Json.Nodes;
using AtcFhir.EndToEnd.Running;

namespace AtcFhir.EndToEnd;

/// <summary>The published command, as an integration engineer uses it. Under Validation:OnWrite=Enforce.</summary>
public class CommandLineTests
{
    private static async Task<(int ExitCode, string Output, string Error)> Run(string folder, params string[] arguments)
        => await ChildProcess.Run(Artifacts.Cli, arguments, folder);

    [Fact]
    public async Task ValidateTellsValidFromInvalidByItsExitCode()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "good.json"), """{"resourceType":"Patient","active":true}""", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "bad.json"), """{"resourceType":"Patient","gender":"malee"}""", TestContext.Current.CancellationToken);

        Assert.Equal(0, (await Run(folder.Path, "validate", "good.json")).ExitCode);
        var (exitCode, output, error) = await Run(folder.Path, "validate", "--output", "ndjson", ".");
        Assert.Equal(1, exitCode);

        // The progress bar is for terminals.
        Assert.Equal("", error);
        Assert.Equal(2, output.Trim().Split('\n').Length);
        Assert.Equal(2, (await Run(folder.Path, "validate", "absent.json")).ExitCode);
    }

    [Fact]
    public async Task ATerminologyServerThatCannotBeReachedChangesNoVerdict()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(
            Path.Combine(folder.Path, "o.json"),
            """{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://snomed.info/sct","code":"1"}]}}""",
            TestContext.Current.CancellationToken);

        var (exitCode, output, _) = await Run(folder.Path, "validate", "o.json", "--tx", $"http://127.0.0.1:{FreePort.Next()}/r4");

        Assert.Equal(0, exitCode);
        Assert.Contains("the terminology server cannot be reached", output, StringComparison.Ordinal);
        Assert.Equal(2, (await Run(folder.Path, "validate", "o.json", "--tx", "r4")).ExitCode);
    }

    [Fact]
    public async Task FhirPathAnswersOneJsonObjectAnItem()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "p.json"), """{"resourceType":"Patient","name":[{"given":["A","B"]}]}""", TestContext.Current.CancellationToken);

        var (exitCode, output, _) = await Run(folder.Path, "fhirpath", "Patient.name.given.count() + 2", "p.json");

        Assert.Equal((0, """{"type":"integer","value":4}"""), (exitCode, output.Trim()));
        Assert.Equal(2, (await Run(folder.Path, "fhirpath", "Patient.name.(", "p.json")).ExitCode);
    }

    [Fact]
    public async Task TheStoreIsCheckedBackedUpAndRestored()
    {
        using var folder = new TemporaryFolder();
        using (await RunningServer.Start(folder.Path))
        {
            // It makes the store.
        }

        var (exitCode, output, error) = await Run(folder.Path, "store", "check");
        Assert.True(exitCode == 0, error);
        Assert.Contains("0 faults", output, StringComparison.Ordinal);
        Assert.Equal(0, (await Run(folder.Path, "store", "backup", "backup.db")).ExitCode);
        Assert.Equal(2, (await Run(folder.Path, "store", "backup", "backup.db")).ExitCode);
        Assert.Equal(2, (await Run(folder.Path, "store", "restore", "backup.db")).ExitCode);
        Assert.Equal(0, (await Run(folder.Path, "store", "restore", "backup.db", "--force")).ExitCode);
        Assert.Equal(0, (await Run(folder.Path, "store", "reindex")).ExitCode);
    }

    [Theory]
    [InlineData("store", "check")]
    [InlineData("store", "reindex")]
    [InlineData("store", "backup", "backup.db")]
    [InlineData("store", "restore", "backup.db")]
    [InlineData("sync", "status")]
    [InlineData("sync", "run")]
    [InlineData("study", "enroll", "--patient", "Patient/1", "--consent", "2018-10-16")]
    public async Task InAFolderWithoutAStoreNothingIsMadeAndThePathIsTold(params string[] arguments)
    {
        using var folder = new TemporaryFolder();

        var (exitCode, output, error) = await Run(folder.Path, arguments);

        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains(Path.Combine(folder.Path, arguments[1] == "restore" ? "backup.db" : Path.Combine("data", "trial.db")), error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task ThePackageIsTheSameBytesEachTime()
    {
        using var folder = new TemporaryFolder();

        Assert.Equal(0, (await Run(folder.Path, "package", "--out", "one")).ExitCode);
        Assert.Equal(0, (await Run(folder.Path, "package", "--out", "two")).ExitCode);

        var one = await File.ReadAllBytesAsync(Directory.GetFiles(Path.Combine(folder.Path, "one")).Single(), TestContext.Current.CancellationToken);
        var two = await File.ReadAllBytesAsync(Directory.GetFiles(Path.Combine(folder.Path, "two")).Single(), TestContext.Current.CancellationToken);
        Assert.Equal(one, two);
    }

    [Fact]
    public async Task AnImportedRegisterRecordIsValidAgainstTheStudyProfile()
    {
        using var folder = new TemporaryFolder();
        var record = Directory.GetFiles(Artifacts.InRepository("tests/AtcFhir.Tests/Trial/Register"), "*.txt").Order(StringComparer.Ordinal).First();

        var (exitCode, bundle, report) = await Run(folder.Path, "study", "import", record);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "study.json"), bundle, TestContext.Current.CancellationToken);

        Assert.Equal(0, exitCode);
        Assert.Contains("taken", report, StringComparison.Ordinal);
        var validated = await Run(folder.Path, "validate", "study.json");
        Assert.True(validated.ExitCode == 0, validated.Output);
    }

    [Fact]
    public async Task EnrolmentAndSyncWorkOnTheStoreOfTheServer()
    {
        using var folder = new TemporaryFolder();
        using var hospital = await ForeignHospital.Start();
        var patient = await hospital.Create("""{"resourceType":"Patient","gender":"male","birthDate":"1948-01-02"}""");
        var environment = new Dictionary<string, string> { ["Hospital__BaseUrl"] = hospital.BaseUrl.ToString(), ["Sync__Enabled"] = "false" };
        using var server = await RunningServer.Start(folder.Path, [.. environment.Select(setting => (setting.Key, setting.Value))]);

        var enrolled = await ChildProcess.Run(Artifacts.Cli, ["study", "enroll", "--patient", "Patient/" + patient, "--consent", "2018-10-16"], folder.Path, environment);
        var first = await ChildProcess.Run(Artifacts.Cli, ["sync", "run", "--json"], folder.Path, environment);
        var second = await ChildProcess.Run(Artifacts.Cli, ["sync", "run", "--json"], folder.Path, environment);
        var status = await ChildProcess.Run(Artifacts.Cli, ["sync", "status", "--json"], folder.Path, environment);

        Assert.True(enrolled.ExitCode == 0, enrolled.Error);
        Assert.True(first.ExitCode == 0, first.Error + first.Output);
        Assert.True(JsonNode.Parse(first.Output)!["pushed"]!.GetValue<int>() > 0, first.Output);
        Assert.Equal(0, JsonNode.Parse(second.Output)!["pushed"]!.GetValue<int>());
        Assert.Equal(1, JsonNode.Parse(status.Output)![0]!["enrolled"]!.GetValue<int>());
        Assert.Equal(1, await server.Count("/fhir/ResearchSubject"));
    }
}
