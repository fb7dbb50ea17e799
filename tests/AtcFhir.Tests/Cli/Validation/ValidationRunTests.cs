using AtcFhir.Cli.Validation;
using AtcFhir.R4.Outcomes;
using AtcFhir.Validation.Terminology.Remote;
using Microsoft.Extensions.Time.Testing;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace AtcFhir.Tests.Cli.Validation;

/// <summary>One run of the command over files.</summary>
public sealed class ValidationRunTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("atcfhir-run-");
    private readonly Recording report = new();

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static Result<ValidationRun> Prepare(IReadOnlyList<string> paths, IReadOnlyList<string>? profiles = null, IReadOnlyList<string>? packages = null, IReadOnlyList<string>? with = null)
        => ValidationRun.Prepare(ValidateSettings.Of(paths, profiles ?? [], packages ?? [], with ?? [], new RuleChoices("off", null, [], false, 500)).Value);

    private async Task<bool> Execute(ValidationRun run, ProgressBar? progress = null)
    {
        using (run)
        {
            var end = await run.Execute(run.Files, report, progress, TestContext.Current.CancellationToken);
            Assert.Null(end.Failure);
            return end.AllValid;
        }
    }

    [Fact]
    public async Task ResultsComeInTheOrderOfTheFiles()
    {
        for (var i = 0; i < 60; i++)
        {
            Write($"{i:00}.json", """{"resourceType":"Patient"}""");
        }

        Assert.True(await Execute(Prepare([folder.FullName]).Value));
        Assert.Equal(Enumerable.Range(0, 60).Select(i => $"{i:00}.json"), report.Seen.Select(validated => Path.GetFileName(validated.Input.File)));
    }

    [Fact]
    public async Task AnUnreadableTextIsAnInvalidResource()
    {
        Write("a.json", "{ not json");
        Assert.False(await Execute(Prepare([folder.FullName]).Value));
        Assert.Equal("ATC-S001", Assert.Single(report.Seen[0].Issues).Rule);
    }

    [Fact]
    public async Task ProfilesAmongTheFilesAreLinted()
    {
        Write("p.json", """
            {"resourceType":"StructureDefinition","url":"http://example.org/StructureDefinition/p","name":"P","status":"active","kind":"resource","abstract":false,"type":"Patient",
             "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","derivation":"constraint","differential":{"element":[{"id":"Patient","path":"Patient"},{"id":"Patient.nick","path":"Patient.nick"}]}}
            """);
        Assert.False(await Execute(Prepare([folder.FullName]).Value));
        Assert.Equal(["ATC-L001"], report.Seen[0].Issues.Where(issue => issue.IsError).Select(issue => issue.Rule));
    }

    [Fact]
    public void WhatIsMissingStopsTheRunBeforeItStarts()
    {
        var file = Write("a.json", """{"resourceType":"Patient"}""");
        Assert.Contains("absent.json", Prepare([Path.Combine(folder.FullName, "absent.json")]).Failure!.Issues[0].Text, StringComparison.Ordinal);
        Assert.Contains("http://example.org/none", Prepare([file], profiles: ["http://example.org/none"]).Failure!.Issues[0].Text, StringComparison.Ordinal);
        Assert.Contains("no FHIR package", Prepare([file], packages: [Path.Combine(folder.FullName, "none.tgz")]).Failure!.Issues[0].Text, StringComparison.Ordinal);
        Assert.Equal($"{file}: The FHIR package is not a readable .tgz file.", Prepare([file], packages: [file]).Failure!.Issues[0].Text);
        Assert.Contains("There is no file", Prepare([file], with: [Path.Combine(folder.FullName, "none.json")]).Failure!.Issues[0].Text, StringComparison.Ordinal);
    }

    /// <summary>With a terminology server it is the same run: the order of the files, the progress, the verdict.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ProgressIsShownWithATerminologyServerToo(bool withServer)
    {
        using var remote = WireMockServer.Start();
        remote.Given(Request.Create().UsingPost()).RespondWith(Response.Create().WithHeader("Content-Type", "application/fhir+json").WithBody("""
            {"resourceType":"Bundle","type":"batch-response","entry":[{"resource":{"resourceType":"Parameters","parameter":[{"name":"result","valueBoolean":false}]},"response":{"status":"200"}}]}
            """));
        Write("a.json", """{"resourceType":"Patient"}""");
        Write("b.json", """{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://snomed.info/sct","code":"1"}]}}""");
        var settings = ValidateSettings.Of([folder.FullName], [], [], [], new RuleChoices("off", null, [], false, 500)).Value;
        using var terminal = new StringWriter();

        var valid = await Execute(
            ValidationRun.Prepare(withServer ? settings with { Terminology = new TerminologyServerOptions { Url = new Uri(remote.Url!) } } : settings).Value,
            new ProgressBar(terminal, 2, new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromSeconds(1) }));

        Assert.Equal(["a.json True", $"b.json {!withServer}"], report.Seen.Select(validated => $"{Path.GetFileName(validated.Input.File)} {validated.IsValid}"));
        Assert.Equal(!withServer, valid);
        Assert.Contains("1/2", terminal.ToString(), StringComparison.Ordinal);
        Assert.EndsWith(withServer ? "2/2, 1 invalid\r\u001b[K" : "2/2\r\u001b[K", terminal.ToString(), StringComparison.Ordinal);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private sealed class Recording : ValidationReport
    {
        public List<Validated> Seen { get; } = [];

        public override void Add(Validated validated) => Seen.Add(validated);
    }
}
