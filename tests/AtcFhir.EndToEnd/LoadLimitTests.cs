using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AtcFhir.EndToEnd.Running;

namespace AtcFhir.EndToEnd;

/// <summary>More than the server can hold: hundreds of large bodies, readers that do not read, senders that do not send, clients that leave. It refuses in time and stays as it is. Under Validation:OnWrite=Enforce.</summary>
public class LoadLimitTests
{
    /// <summary>What 200 answers of 10 MB would take by themselves is twice that.</summary>
    private const double MostMegabytes = 1000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task HundredsOfLargeBodiesAreTakenOrRefusedAndMemoryStaysBounded()
    {
        using var folder = new TemporaryFolder();
        using var server = await Start(folder);
        var body = Transaction("large", entries: 200, text: new string('x', 20_000));
        var statuses = new ConcurrentBag<(HttpStatusCode Status, bool HasRetryAfter)>();

        await Task.WhenAll(Enumerable.Range(0, 300).Select(async _ =>
        {
            var (status, outcome, headers) = await server.Send(HttpMethod.Post, "/fhir", body);
            statuses.Add((status, headers.RetryAfter is not null));
            Assert.True(status == HttpStatusCode.OK || outcome!["issue"]![0]!["code"]!.GetValue<string>() == "throttled", $"{(int)status} {outcome}");
        }));

        Say(server, statuses.Select(one => one.Status));
        Assert.All(statuses, one => Assert.True(one.Status == HttpStatusCode.OK || one is { Status: HttpStatusCode.ServiceUnavailable, HasRetryAfter: true }));
        Assert.Contains(statuses, one => one.Status == HttpStatusCode.OK);
        Assert.Contains(statuses, one => one.Status == HttpStatusCode.ServiceUnavailable);
        Assert.Equal(statuses.Count(one => one.Status == HttpStatusCode.OK) * 200, await server.Count("/fhir/Observation"));
        Assert.InRange(server.PeakMegabytes, 1, MostMegabytes);
    }

    [Fact]
    public async Task ReadersThatDoNotReadLeaveMemoryBounded()
    {
        using var folder = new TemporaryFolder();
        using var server = await Start(folder);
        for (var part = 0; part < 3; part++)
        {
            Assert.Equal(HttpStatusCode.OK, (await server.Send(HttpMethod.Post, "/fhir", Transaction("page", entries: 300, text: new string('x', 10_000)))).Status);
        }

        var readers = new List<TcpClient>();
        for (var number = 0; number < 200; number++)
        {
            readers.Add(await Request(server, "GET /fhir/Observation?_count=1000 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", receiveBuffer: 4096));
        }

        // The answers are made one after the other; the peak is what all of them together held.
        await Eventually.Becomes(async () => (await server.Http.GetAsync("/fhir/Observation?_count=1000")).StatusCode == HttpStatusCode.ServiceUnavailable, "large answers are refused while others are stuck", 60);
        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("/healthz/ready", Cancel)).StatusCode);
        readers.ForEach(reader => reader.Dispose());
        await Eventually.Becomes(async () => (await server.Http.GetAsync("/fhir/Observation?_count=1000")).StatusCode == HttpStatusCode.OK, "large answers are given again", 60);
        Say(server, []);
        Assert.InRange(server.PeakMegabytes, 1, MostMegabytes);
    }

    [Fact]
    public async Task ASenderThatDoesNotSendIsEnded()
    {
        using var folder = new TemporaryFolder();
        using var server = await Start(folder);
        using var slow = await Request(server, "POST /fhir/Patient HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/fhir+json\r\nContent-Length: 10000000\r\n\r\n{", receiveBuffer: 65_536);

        using var reader = new StreamReader(slow.GetStream());
        var answer = await reader.ReadToEndAsync(Cancel).WaitAsync(TimeSpan.FromSeconds(60), Cancel);

        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        Assert.Contains("OperationOutcome", answer, StringComparison.Ordinal);
        Assert.Contains("\"timeout\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public Task AWriteWhoseClientLeavesIsWholeOrNotThere() => LeavingClients([]);

    [Fact]
    public async Task AWriteWhoseClientLeavesIsWholeOrNotThereOnPostgres()
    {
        await using var postgres = await PrivatePostgres.Start();
        await LeavingClients(postgres.Settings);
    }

    private static async Task LeavingClients((string, string)[] settings)
    {
        using var folder = new TemporaryFolder();
        using var server = await Start(folder, settings);
        var random = new Random(1);
        await Task.WhenAll(Enumerable.Range(0, 60).Select(async number =>
        {
            using var leave = new CancellationTokenSource(random.Next(1, 400));
            using var content = new StringContent(Transaction($"left-{number}", entries: 50, text: "x"), Encoding.UTF8, "application/fhir+json");
            try
            {
                using var answer = await server.Http.PostAsync("/fhir", content, leave.Token);
            }
            catch (OperationCanceledException)
            {
                // As meant.
            }
        }));

        for (var number = 0; number < 60; number++)
        {
            Assert.True(await server.Count($"/fhir/Observation?identifier=left-{number}") is 0 or 50);
        }

        Assert.DoesNotContain("fail:", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AUrlThatIsTooLongIsRefusedWithWords()
    {
        using var folder = new TemporaryFolder();
        using var server = await Start(folder);

        var (status, outcome, _) = await server.Send(HttpMethod.Get, "/fhir/Patient?name=" + new string('x', 40_000), null);

        Assert.Equal((HttpStatusCode.RequestUriTooLong, "too-long"), (status, outcome!["issue"]![0]!["code"]!.GetValue<string>()));
        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("/fhir/Patient?name=" + new string('x', 20_000), Cancel)).StatusCode);
    }

    private static Task<RunningServer> Start(TemporaryFolder folder, params (string, string)[] settings)
        => RunningServer.Start(folder.Path, [("Sandbox__Enabled", "false"), ("Sync__Enabled", "false"), ("Logging__LogLevel__Default", "Warning"), .. settings]);

    private static async Task<TcpClient> Request(RunningServer server, string text, int receiveBuffer)
    {
        var client = new TcpClient { ReceiveBufferSize = receiveBuffer };
        await client.ConnectAsync(server.Address.Host, server.Address.Port, Cancel);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), Cancel);
        return client;
    }

    private static void Say(RunningServer server, IEnumerable<HttpStatusCode> statuses) => TestContext.Current.TestOutputHelper!.WriteLine(
        $"peak {server.PeakMegabytes:0} MiB; {string.Join(", ", statuses.GroupBy(status => status).Select(group => $"{(int)group.Key}: {group.Count()}"))}");

    private static string Transaction(string identifier, int entries, string text)
    {
        var entry = $$$"""{"resource":{"resourceType":"Observation","identifier":[{"value":"{{{identifier}}}"}],"status":"final","code":{"text":"load"},"valueString":"{{{text}}}"},"request":{"method":"POST","url":"Observation"} }""";
        return $$"""{"resourceType":"Bundle","type":"transaction","entry":[{{string.Join(',', Enumerable.Repeat(entry, entries))}}]}""";
    }
}
