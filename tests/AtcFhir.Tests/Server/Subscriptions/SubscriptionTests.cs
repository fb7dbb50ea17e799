using System.Text.Json.Nodes;
using static AtcFhir.Tests.Server.Fhir.Resources;

namespace AtcFhir.Tests.Server.Subscriptions;

/// <summary>Subscriptions against a receiver on this machine that fails as the test says. Under Validation:OnWrite=Enforce.</summary>
public class SubscriptionTests
{
    private static readonly string[] Quick = ["Subscriptions:Interval=00:00:00.02", "Subscriptions:FirstPause=00:00:00.05", "Subscriptions:LongestPause=00:00:00.1", "Subscriptions:MostFailures=4"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TellsOfWhatMatchesWithTheResourceAndTheSecret()
    {
        await using var receiver = await HookReceiver.Start();
        await using var app = await ServerApp.OfPlainStudy(Quick).Ready();
        await app.Put("Observation/early", Observation("early"));
        await Active(app, await app.Post("Subscription", Subscription(receiver.Url)));

        await app.Put("Observation/hit", Observation("hit"));
        await app.Put("Observation/miss", Observation("miss", status: "preliminary"));
        await app.Put("Observation/last", Observation("last"));

        await receiver.Wait(2);
        Assert.Equal(["PUT /hook/Observation/hit", "PUT /hook/Observation/last"], receiver.Calls.Select(call => call.Line));
        Assert.All(receiver.Calls, call => Assert.Equal("Bearer secret", call.Authorization));
        Assert.Equal("hit", (string?)JsonNode.Parse(receiver.Calls.First().Body)!["id"]);
    }

    [Fact]
    public async Task WithoutAPayloadItIsAnEmptyPost()
    {
        await using var receiver = await HookReceiver.Start();
        await using var app = await ServerApp.OfPlainStudy(Quick).Ready();
        await Active(app, await app.Post("Subscription", Subscription(receiver.Url, payload: null)));

        await app.Put("Observation/hit", Observation("hit"));

        await receiver.Wait(1);
        Assert.Equal(("POST /hook", ""), (receiver.Calls.First().Line, receiver.Calls.First().Body));
    }

    [Fact]
    public async Task AReceiverThatFailsAtFirstIsToldAgainInOrder()
    {
        await using var receiver = await HookReceiver.Start(failures: 3);
        await using var app = await ServerApp.OfPlainStudy(Quick).Ready();
        var subscription = await app.Post("Subscription", Subscription(receiver.Url));
        await Active(app, subscription);

        await app.Put("Observation/one", Observation("one"));
        await app.Put("Observation/two", Observation("two"));

        await receiver.Wait(5);
        Assert.Equal(["one", "one", "one", "one", "two"], receiver.Calls.Select(call => call.Line.Split('/')[^1]));
        Assert.Equal("active", await Status(app, subscription.Id));
    }

    /// <summary>R4: error is "a record of the last error that occurred when the server processed a notification".</summary>
    [Fact]
    public async Task AFailureIsSeenBeforeTheServerGivesUp()
    {
        await using var receiver = await HookReceiver.Start(failures: 1);
        await using var app = await ServerApp.OfPlainStudy([.. Quick, "Subscriptions:FirstPause=01:00:00", "Subscriptions:LongestPause=01:00:00"]).Ready();
        var subscription = await app.Post("Subscription", Subscription(receiver.Url));
        await Active(app, subscription);

        await app.Put("Observation/one", Observation("one"));
        await receiver.Wait(1);

        JsonObject seen;
        while ((seen = (await app.Get($"Subscription/{subscription.Id}")).Json)["error"] is null)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.Equal(("active", "The endpoint answered 500."), ((string?)seen["status"], (string?)seen["error"]));
    }

    [Fact]
    public async Task AReceiverThatKeepsFailingIsSeenAndGoesOnWhereItStoodWhenAskedFor()
    {
        await using var receiver = await HookReceiver.Start(failures: 4);
        await using var app = await ServerApp.OfPlainStudy(Quick).Ready();
        var subscription = await app.Post("Subscription", Subscription(receiver.Url));
        await Active(app, subscription);

        await app.Put("Observation/one", Observation("one"));
        await Becomes(app, subscription.Id, "error");
        var failed = (await app.Get($"Subscription/{subscription.Id}")).Json;
        Assert.Contains("500", (string?)failed["error"], StringComparison.Ordinal);

        failed["status"] = "requested";
        await app.Put($"Subscription/{subscription.Id}", failed.ToJsonString());
        await receiver.Wait(5);
        Assert.Equal("one", receiver.Calls.Last().Line.Split('/')[^1]);
        await Becomes(app, subscription.Id, "active");
    }

    [Fact]
    public async Task WhatWasNotTakenBeforeARestartIsToldAfterIt()
    {
        using var folder = new TempFolder();
        await using var receiver = await HookReceiver.Start(failures: 1);
        using var schema = PostgresSchema.OfThisTest();
        var store = schema?.ConnectionString ?? $"Data Source={Path.Combine(folder.Path, "trial.db")}";
        string[] settings = [.. Quick, .. folder.Keys, "Subscriptions:FirstPause=01:00:00", "Subscriptions:LongestPause=01:00:00", $"Store:ConnectionString={store}"];
        await using (var before = await ServerApp.OfPlainStudy(settings).Ready())
        {
            await Active(before, await before.Post("Subscription", Subscription(receiver.Url)));
            await before.Put("Observation/one", Observation("one"));
            await receiver.Wait(1);
            await before.Put("Observation/two", Observation("two"));
        }

        await using var after = await ServerApp.OfPlainStudy(settings).Ready();

        await receiver.Wait(3);
        Assert.Equal(["one", "one", "two"], receiver.Calls.Select(call => call.Line.Split('/')[^1]));
    }

    [Theory]
    [InlineData("http://elsewhere.example/hook", "Observation?status=final", "https")]
    [InlineData("http://127.0.0.1:9/hook", "Observation?nothing=1", "criteria")]
    [InlineData("http://127.0.0.1:9/hook", "Nothing?status=final", "not served")]
    public async Task WhatCannotBeServedIsSaid(string endpoint, string criteria, string expected)
    {
        await using var app = await ServerApp.OfPlainStudy(Quick).Ready();
        var subscription = await app.Post("Subscription", Subscription(endpoint, criteria));

        await Becomes(app, subscription.Id, "error");

        Assert.Contains(expected, (string?)(await app.Get($"Subscription/{subscription.Id}")).Json["error"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task NobodyBecomesActiveBySayingSo()
    {
        await using var receiver = await HookReceiver.Start();
        await using var forbidden = await HookReceiver.Start();
        await using var app = await ServerApp.OfPlainStudy([.. Quick, "Subscriptions:Endpoints:0=" + receiver.Url]).Ready();

        var refused = await app.Post("Subscription", SaysActive(forbidden.Url));
        var allowed = await app.Post("Subscription", SaysActive(receiver.Url));
        await app.Put("Observation/one", Observation("one"));
        await receiver.Wait(1);
        await Becomes(app, refused.Id, "error");

        var moved = allowed.Json;
        moved["channel"]!["endpoint"] = forbidden.Url;
        Assert.Equal(200, (await app.Put($"Subscription/{allowed.Id}", moved.ToJsonString())).Status);
        await app.Put("Observation/two", Observation("two"));
        await Becomes(app, allowed.Id, "error");
        Assert.Empty(forbidden.Calls);

        static string SaysActive(string endpoint) => Subscription(endpoint).Replace("requested", "active", StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatHasEndedIsSwitchedOff()
    {
        await using var app = await ServerApp.OfPlainStudy(Quick).Ready();
        var subscription = await app.Post("Subscription", Subscription("http://127.0.0.1:9/hook", end: "2018-10-16T00:00:00Z"));

        await Becomes(app, subscription.Id, "off");
    }

    private static string Subscription(string endpoint, string criteria = "Observation?status=final", string? payload = "application/fhir+json", string? end = null) => $$"""
        {"resourceType":"Subscription","status":"requested","reason":"test","criteria":"{{criteria}}",{{(end is null ? "" : $"\"end\":\"{end}\",")}}
         "channel":{"type":"rest-hook","endpoint":"{{endpoint}}",{{(payload is null ? "" : $"\"payload\":\"{payload}\",")}}"header":["Authorization: Bearer secret"]} }
        """;

    private static Task Active(ServerApp app, Reply created)
    {
        Assert.True(created.Status == 201, created.Text);
        return Becomes(app, created.Id, "active");
    }

    internal static async Task Becomes(ServerApp app, string id, string status)
    {
        for (var waited = 0; await Status(app, id) != status; waited++)
        {
            Assert.True(waited < 500, $"The subscription is {await Status(app, id)}, not {status}.");
            await Task.Delay(20, Cancel);
        }
    }

    private static async Task<string?> Status(ServerApp app, string id) => (string?)(await app.Get($"Subscription/{id}")).Json["status"];
}
