using System.Threading.Channels;
using AtcFhir.Cli.Validation;
using AtcFhir.Cli.Watching;
using AtcFhir.Tests.Validation.Terminology.Remote;
using AtcFhir.Validation.Terminology.Remote;
using Microsoft.Extensions.Time.Testing;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace AtcFhir.Tests.Cli.Watching;

/// <summary>--watch: what changes is validated again, with changed packages read again; the file system and the clock are the test's.</summary>
public sealed class WatchLoopTests : IDisposable
{
    private const string Url = "http://example.org/StructureDefinition/watched";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("atcfhir-watch-");
    private readonly FakeTimeProvider time = new();
    private readonly StringWriter messages = new();
    private readonly Recording report = new();
    private readonly Channel<string> changes = Channel.CreateUnbounded<string>();

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    private static string Profile(int min) => $$$"""
        {"resourceType":"StructureDefinition","url":"{{{Url}}}","name":"W","status":"active","kind":"resource","abstract":false,"type":"Patient","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient",
         "derivation":"constraint","differential":{"element":[{"id":"Patient","path":"Patient"},{"id":"Patient.active","path":"Patient.active","min":{{{min}}}}]}}
        """;

    private WatchLoop Loop(params string[] packages) => new(Settings(packages), () => report, messages, time);

    private ValidateSettings Settings(params string[] packages)
        => ValidateSettings.Of([Path.Combine(folder.FullName, "in")], packages.Length > 0 ? [Url] : [], packages, [], new RuleChoices("off", null, [], false, 500)).Value;

    /// <summary>Tells of a change and lets the time pass until it was looked at.</summary>
    private async Task Change(string path, int reportsAfter)
    {
        await changes.Writer.WriteAsync(path, TestContext.Current.CancellationToken);
        for (var i = 0; i < 3000 && report.Seen.Count < reportsAfter; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.Equal(reportsAfter, report.Seen.Count);
    }

    [Fact]
    public async Task WhatChangesIsValidatedAgain()
    {
        var a = Write("in/a.json", """{"resourceType":"Patient","nickname":"x"}""");
        Write("in/b.json", """{"resourceType":"Patient"}""");
        var running = Loop().Run(changes.Reader, TestContext.Current.CancellationToken);
        Assert.Equal(["a.json False", "b.json True"], report.Seen);
        await Change(Write("in/a.json", """{"resourceType":"Patient"}"""), 3);
        Assert.Equal("a.json True", report.Seen[2]);
        await Change(Write("in/c.json", """{"resourceType":"Patient","birthDate":"x"}"""), 4);
        Assert.Equal("c.json False", report.Seen[3]);
        changes.Writer.Complete();
        Assert.False(await running);
        Assert.Contains("2 of 3 files valid", messages.ToString(), StringComparison.Ordinal);
        Assert.NotNull(a);
    }

    [Fact]
    public async Task AFileThatCannotBeReadIsNotSaidToBeValid()
    {
        Directory.CreateDirectory(Path.Combine(folder.FullName, "in"));
        File.CreateSymbolicLink(Path.Combine(folder.FullName, "in", "gone.json"), Path.Combine(folder.FullName, "nowhere.json"));
        var running = Loop().Run(changes.Reader, TestContext.Current.CancellationToken);
        changes.Writer.Complete();
        Assert.False(await running);
        Assert.Contains("gone.json", messages.ToString(), StringComparison.Ordinal);
        Assert.Contains("0 of 1 files valid", messages.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AChangedPackageIsReadAgainAndEverythingValidated()
    {
        Write("in/a.json", """{"resourceType":"Patient"}""");
        Write("pkg/package.json", """{"name":"watched","version":"1.0.0"}""");
        Write("pkg/StructureDefinition-w.json", Profile(0));
        var running = Loop(Path.Combine(folder.FullName, "pkg")).Run(changes.Reader, TestContext.Current.CancellationToken);
        Assert.Equal(["a.json True"], report.Seen);
        await Change(Write("pkg/StructureDefinition-w.json", Profile(1)), 2);
        Assert.Equal("a.json False", report.Seen[1]);
        changes.Writer.Complete();
        Assert.False(await running);
    }

    [Fact]
    public async Task ABrokenPackageIsToldAndTheWatchGoesOn()
    {
        Write("in/a.json", """{"resourceType":"Patient"}""");
        var manifest = Write("pkg/package.json", """{"name":"watched","version":"1.0.0"}""");
        Write("pkg/StructureDefinition-w.json", Profile(0));
        var running = Loop(Path.Combine(folder.FullName, "pkg")).Run(changes.Reader, TestContext.Current.CancellationToken);
        await Change(Write("pkg/package.json", "{"), 1);
        for (var i = 0; i < 3000 && !messages.ToString().Contains("package.json", StringComparison.Ordinal); i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.Contains("no readable package.json", messages.ToString(), StringComparison.Ordinal);
        await Change(Write("pkg/package.json", """{"name":"watched","version":"1.0.1"}"""), 2);
        changes.Writer.Complete();
        Assert.True(await running);
        Assert.NotNull(manifest);
    }

    [Fact]
    public async Task ATerminologyServerIsAskedOnlyAboutWhatIsNew()
    {
        using var remote = WireMockServer.Start();
        remote.Given(Request.Create().UsingPost()).RespondWith(Response.Create().WithHeader("Content-Type", "application/fhir+json").WithBody("""
            {"resourceType":"Bundle","type":"batch-response","entry":[{"resource":{"resourceType":"Parameters","parameter":[{"name":"result","valueBoolean":false}]},"response":{"status":"200"}}]}
            """));
        static string Observation(string code, string id) => $$$"""{"resourceType":"Observation","id":"{{{id}}}","status":"final","code":{"coding":[{"system":"http://snomed.info/sct","code":"{{{code}}}"}]}}""";
        Write("in/a.json", Observation("1", "x"));
        var loop = new WatchLoop(Settings() with { Terminology = new TerminologyServerOptions { Url = new Uri(remote.Url!) } }, () => report, messages, time);
        var running = loop.Run(changes.Reader, TestContext.Current.CancellationToken);
        for (var i = 0; i < 3000 && !messages.ToString().Contains("files valid", StringComparison.Ordinal); i++)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.Equal(["a.json False"], report.Seen);
        await Change(Write("in/a.json", Observation("1", "y")), 2);
        Assert.Equal(1, await remote.Requests(1));
        await Change(Write("in/a.json", Observation("2", "y")), 3);
        Assert.Equal(2, await remote.Requests(2));
        changes.Writer.Complete();
        Assert.False(await running);
    }

    [Fact]
    public async Task CancellingEndsIt()
    {
        Write("in/a.json", """{"resourceType":"Patient"}""");
        using var cancel = new CancellationTokenSource();
        var running = Loop().Run(changes.Reader, cancel.Token);
        await cancel.CancelAsync();
        Assert.True(await running);
        Assert.Contains("Stopped watching.", messages.ToString(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        messages.Dispose();
        folder.Delete(recursive: true);
    }

    private sealed class Recording : ValidationReport
    {
        public List<string> Seen { get; } = [];

        public override void Add(Validated validated) => Seen.Add($"{Path.GetFileName(validated.Input.File)} {validated.IsValid}");
    }
}
