using System.Net;

namespace AtcFhir.Tests.Server.Hosting;

/// <summary>Clients that are pages of other origins. Under Validation:OnWrite=Enforce.</summary>
public class AllowedOriginsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https://app.example", "https://app.example")]
    [InlineData("https://other.example", null)]
    public async Task PagesOfTheOriginsThatAreNamedMayAsk(string origin, string? allowed)
    {
        await using var app = await new ServerApp("Server:AllowedOrigins:0=https://app.example").Ready();

        var preflight = await Send(app, HttpMethod.Options, origin, ("Access-Control-Request-Method", "PATCH"), ("Access-Control-Request-Headers", "if-match,authorization"));
        var answer = await Send(app, HttpMethod.Get, origin);

        Assert.Equal((allowed, allowed), (Header(preflight, "Access-Control-Allow-Origin"), Header(answer, "Access-Control-Allow-Origin")));
        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal((allowed is null ? null : "PATCH", allowed is null ? null : "if-match,authorization"), (Header(preflight, "Access-Control-Allow-Methods"), Header(preflight, "Access-Control-Allow-Headers")));
        Assert.Equal(allowed is not null, Header(answer, "Access-Control-Expose-Headers")?.Contains("ETag", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task WhereNoneIsNamedNoPageMay()
    {
        await using var app = await new ServerApp().Ready();

        Assert.Null(Header(await Send(app, HttpMethod.Get, "https://app.example"), "Access-Control-Allow-Origin"));
    }

    private static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;

    private static async Task<HttpResponseMessage> Send(ServerApp app, HttpMethod method, string origin, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, "/fhir/metadata");
        request.Headers.Add("Origin", origin);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return await app.Client.SendAsync(request, Cancel);
    }
}
