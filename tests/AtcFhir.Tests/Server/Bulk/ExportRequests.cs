using System.Text.Json.Nodes;
using AtcFhir.Server.Bulk;

namespace AtcFhir.Tests.Server.Bulk;

/// <summary>Jobs as the tests begin, wait for and find them.</summary>
internal static class ExportRequests
{
    public static readonly (string, string) Async = ("Prefer", "respond-async");

    /// <summary>An export as it is begun, or as a server finds it after a restart.</summary>
    public static BulkJob Job(string id, ExportOrder order) => new()
    {
        Id = id,
        Kind = JobKind.Export,
        Actor = "local",
        RequestId = "r",
        Request = "http://localhost/fhir/$export",
        BaseUrl = "http://localhost/fhir",
        TransactionTime = DateTimeOffset.UnixEpoch,
        Export = order,
    };

    /// <summary>An import whose lines are about to be read.</summary>
    public static BulkJob ImportJob(string id) => new()
    {
        Id = id,
        Kind = JobKind.Import,
        Actor = "local",
        RequestId = "r",
        Request = "http://localhost/fhir/$import",
        BaseUrl = "http://localhost/fhir",
        TransactionTime = DateTimeOffset.UnixEpoch,
        Import = new ImportProgress(0, 0, 0),
    };

    public static async Task<JsonObject> Done(ServerApp app, string status)
    {
        while (true)
        {
            var reply = await app.Get(status);
            if (reply.Status == 200)
            {
                Assert.NotNull(reply.Header("Expires"));
                return reply.Json;
            }

            Assert.True(reply.Status == 202, reply.Text);
            Assert.NotNull(reply.Header("X-Progress"));
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public static string PathOf(Reply kickOff) => new Uri(kickOff.Header("Content-Location")!).PathAndQuery;
}
