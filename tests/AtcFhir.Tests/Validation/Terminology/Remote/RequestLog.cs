using WireMock.Server;

namespace AtcFhir.Tests.Validation.Terminology.Remote;

internal static class RequestLog
{
    /// <summary>How many requests came; the log is written behind the answer, so those that are expected are waited for.</summary>
    public static async Task<int> Requests(this WireMockServer server, int expected)
    {
        for (var tries = 0; tries < 500 && server.LogEntries.Count < expected; tries++)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        return server.LogEntries.Count;
    }
}
