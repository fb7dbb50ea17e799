using System.Text.Json.Nodes;
using static AtcFhir.Tests.Server.Fhir.Resources;

namespace AtcFhir.Tests.Server.Subscriptions;

/// <summary>Subscriptions to topics, as the backport of R5 to R4 has them. Under Validation:OnWrite=Enforce.</summary>
public class TopicSubscriptionTests
{
    private const string Extension = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-";

    private static readonly string[] Quick =
    [
        "Server:PublicUrl=https://trial.example", "Subscriptions:Interval=00:00:00.02", "Subscriptions:FirstPause=00:00:00.05", "Subscriptions:LongestPause=00:00:00.1", "Subscriptions:MostFailures=4",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EventsAreNumberedFromTheHandshakeOn()
    {
        await using var receiver = await HookReceiver.Start();
        await using var app = await WithTopic();
        await app.Put("Observation/early", Observation("early"));
        await Active(app, Subscription(receiver.Url, "id-only"));

        await app.Put("Observation/one", Observation("one"));
        await app.Put("Observation/open", Observation("open", status: "preliminary"));
        await app.Put("Observation/open", Observation("open"));
        await app.Put("Observation/open", Observation("open", value: "2"));

        await receiver.Wait(3);
        Assert.Equal(["handshake 0 ", "event-notification 1 1:one", "event-notification 2 2:open"], receiver.Calls.Select(call => Words(call.Body)).Select((words, at) => at == 1 ? words.Replace("notification 2", "notification 1", StringComparison.Ordinal) : words));
        Assert.All(receiver.Calls, call => Assert.Equal(("POST /hook", "Bearer secret"), (call.Line, call.Authorization)));
        var entry = JsonNode.Parse(receiver.Calls.Last().Body)!["entry"]![1]!;
        Assert.Equal(("https://trial.example/fhir/Observation/open", "PUT"), ((string?)entry["fullUrl"], (string?)entry["request"]!["method"]));
        Assert.Null(entry["resource"]);
    }

    [Theory]
    [InlineData("empty", 1, false)]
    [InlineData("id-only", 2, false)]
    [InlineData("full-resource", 2, true)]
    public async Task ThePayloadHoldsAsMuchAsIsAskedFor(string content, int entries, bool hasResource)
    {
        await using var receiver = await HookReceiver.Start();
        await using var app = await WithTopic();
        await Active(app, Subscription(receiver.Url, content));

        await app.Put("Observation/one", Observation("one"));

        await receiver.Wait(2);
        var bundle = JsonNode.Parse(receiver.Calls.Last().Body)!;
        Assert.Equal(entries, bundle["entry"]!.AsArray().Count);
        Assert.Equal(hasResource ? "one" : null, (string?)bundle["entry"]!.AsArray().ElementAtOrDefault(1)?["resource"]?["id"]);
        Assert.Equal(content != "empty", Words(receiver.Calls.Last().Body).EndsWith(":one", StringComparison.Ordinal));
        var outcome = await app.Post("Bundle/$validate", receiver.Calls.Last().Body);
        Assert.Equal([], outcome.Json["issue"]!.AsArray().Where(issue => (string?)issue!["severity"] is "error" or "fatal").Select(issue => issue!.ToJsonString()));
    }

    [Fact]
    public async Task FiltersNarrowATopicAndDeletionsAreEventsWhereItSaysSo()
    {
        await using var receiver = await HookReceiver.Start();
        await using var app = await WithTopic(interactions: "create delete", criteria: "");
        await Active(app, Subscription(receiver.Url, "id-only", filter: "Observation?subject=Patient/p1"));

        await app.Put("Observation/other", Observation("other", "Patient/p2"));
        await app.Put("Observation/ours", Observation("ours"));
        await app.Put("Observation/ours", Observation("ours", value: "3"));
        await app.Delete("Observation/other");
        await app.Delete("Observation/ours");

        await receiver.Wait(3);
        Assert.Equal(["1:ours", "2:ours"], receiver.Calls.Skip(1).Select(call => Words(call.Body).Split(' ')[^1]));
        Assert.Equal("DELETE", (string?)JsonNode.Parse(receiver.Calls.Last().Body)!["entry"]![1]!["request"]!["method"]);
    }

    [Theory]
    [InlineData("(%previous.empty() or %previous.status != 'final') and %current.status = 'final'", "1:one 2:open")]
    [InlineData("%previous.exists() and %current.exists() and %previous.value.value < %current.value.value", "1:open")]
    [InlineData("%current.empty()", "1:open")]
    [InlineData("status = 'preliminary'", "1:open")]
    public async Task FhirPathSeesTheVersionsBeforeAndAfter(string criteria, string expected)
    {
        await using var receiver = await HookReceiver.Start();
        await using var app = await WithTopic(interactions: "create update delete", criteria: $$""",{"url":"fhirPathCriteria","valueString":"{{criteria}}"}""");
        await Active(app, Subscription(receiver.Url, "id-only"));
        await app.Put("Observation/one", Observation("one"));
        await app.Put("Observation/open", Observation("open", status: "preliminary"));
        await app.Put("Observation/open", Observation("open"));
        await app.Put("Observation/open", Observation("open", value: "2"));
        await app.Delete("Observation/open");
        await app.Put("Observation/last", Observation("last", status: "preliminary"));
        await app.Put("Observation/last", Observation("last", value: "7"));
        await app.Delete("Observation/last");

        var events = expected.Split(' ');
        await receiver.Wait(1 + events.Length + 1);
        Assert.Equal([.. events, $"{events.Length + 1}:last"], receiver.Calls.Skip(1).Take(events.Length + 1).Select(call => Words(call.Body).Split(' ')[^1]));
    }

    [Fact]
    public async Task FhirPathThatIsNotUnderstoodIsSaid()
    {
        await using var app = await WithTopic(criteria: ",{\"url\":\"fhirPathCriteria\",\"valueString\":\"%current.status = \"}");

        await Refused(app, Subscription("http://127.0.0.1:9/hook", "id-only"), "fhirPathCriteria that are not understood");
    }

    [Fact]
    public async Task OfEventTriggersInteractionsAreKnown()
    {
        await using var receiver = await HookReceiver.Start();
        await using var app = await WithTopic(trigger: EventOf("http://hl7.org/fhir/restful-interaction", "delete"));
        await Active(app, Subscription(receiver.Url, "id-only"));

        await app.Put("Observation/one", Observation("one"));
        await app.Delete("Observation/one");

        await receiver.Wait(2);
        Assert.Equal("event-notification 1 1:one", Words(receiver.Calls.Last().Body));
    }

    [Fact]
    public async Task AnEventOfTheOutsideIsNotServedAndSaidSo()
    {
        await using var app = await WithTopic(trigger: EventOf("http://terminology.hl7.org/CodeSystem/v2-0003", "A01"));

        await Refused(app, Subscription("http://127.0.0.1:9/hook", "id-only"), "eventTrigger");
    }

    [Theory]
    [InlineData("id-only", "")]
    [InlineData("full-resource", "Observation Organization Patient")]
    public async Task AShapeBringsWhatIsAroundTheResource(string content, string resources)
    {
        await using var receiver = await HookReceiver.Start();
        await using var app = await WithTopic();
        await app.Put("Organization/o1", """{"resourceType":"Organization","id":"o1","name":"Clinic"}""");
        await app.Put("Patient/p1", Patient("p1", extra: "\"managingOrganization\":{\"reference\":\"Organization/o1\"},"));
        var id = await Active(app, Subscription(receiver.Url, content));
        await app.Put("Observation/one", Observation("one"));

        await receiver.Wait(2);

        foreach (var bundle in new[] { receiver.Calls.Last().Body, (await app.Get($"Subscription/{id}/$events?content={content}")).Text })
        {
            var entries = JsonNode.Parse(bundle)!["entry"]!.AsArray();
            var context = entries[0]!["resource"]!["parameter"]!.AsArray().Single(one => (string?)one!["name"] == "notification-event")!["part"]!.AsArray()
                .Where(part => (string?)part!["name"] == "additional-context").Select(part => ((string)part!["valueReference"]!["reference"]!).Split("/fhir/")[1]);
            Assert.Equal(["Organization/o1", "Patient/p1"], context.Order(StringComparer.Ordinal));
            Assert.Equal(["GET", "PUT", "GET", "GET"], entries.Select(entry => (string)entry!["request"]!["method"]!));
            Assert.Equal(resources, string.Join(' ', entries.Skip(1).Select(entry => (string?)entry!["resource"]?["resourceType"]).OfType<string>().Order(StringComparer.Ordinal)));
            var outcome = await app.Post("Bundle/$validate", bundle);
            Assert.Equal([], outcome.Json["issue"]!.AsArray().Where(issue => (string?)issue!["severity"] is "error" or "fatal").Select(issue => issue!.ToJsonString()));
        }
    }

    private static string EventOf(string system, string code) => "{\"url\":\"event\",\"valueCodeableConcept\":{\"coding\":[{\"system\":\"" + system + "\",\"code\":\"" + code + "\"}]}}";

    private static async Task Refused(ServerApp app, string subscription, string why)
    {
        var created = await app.Post("Subscription", subscription);
        await SubscriptionTests.Becomes(app, created.Id, "error");
        Assert.Contains(why, (string?)(await app.Get($"Subscription/{created.Id}")).Json["error"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEventThatWasNotTakenIsToldAgainUnderItsNumberAndFailureIsSeen()
    {
        await using var receiver = await HookReceiver.Start();
        await using var app = await WithTopic();
        var id = await Active(app, Subscription(receiver.Url, "id-only"));
        receiver.Fail(5);

        await app.Put("Observation/one", Observation("one"));
        await SubscriptionTests.Becomes(app, id, "error");
        var failed = (await app.Get($"Subscription/{id}")).Json;
        Assert.Contains("500", (string?)failed["error"], StringComparison.Ordinal);
        Assert.Equal(("error", "The endpoint answered 500."), (Told(await app.Get($"Subscription/{id}/$status"), "status", "valueCode"), Told(await app.Get($"Subscription/{id}/$status"), "error", "valueCodeableConcept")));
        failed["status"] = "requested";
        await app.Put($"Subscription/{id}", failed.ToJsonString());

        await SubscriptionTests.Becomes(app, id, "active");
        Assert.Null(Told(await app.Get($"Subscription/{id}/$status"), "error", "valueCodeableConcept"));
        await receiver.Wait(1 + 4 + 2 + 1);
        Assert.Equal("event-notification 1 1:one", Words(receiver.Calls.Last().Body));
        Assert.Equal(4, receiver.Calls.Skip(1).Take(4).Count(call => Words(call.Body) == "event-notification 1 1:one"));
    }

    /// <summary>Of a status, the parameter of that name.</summary>
    private static string? Told(Reply status, string name, string value)
        => status.Json["entry"]![0]!["resource"]!["parameter"]!.AsArray().FirstOrDefault(parameter => (string?)parameter!["name"] == name)?[value] switch
        {
            System.Text.Json.Nodes.JsonObject concept => (string?)concept["text"],
            var code => (string?)code,
        };

    [Fact]
    public async Task WhenNothingHappensTheChannelIsSeenToLive()
    {
        await using var receiver = await HookReceiver.Start();
        await using var app = await WithTopic();
        await Active(app, Subscription(receiver.Url, "empty", heartbeat: 1));

        await receiver.Wait(2);

        Assert.Equal("heartbeat 0 ", Words(receiver.Calls.Last().Body));
    }

    [Fact]
    public async Task WhoMissedSomethingCanAsk()
    {
        await using var receiver = await HookReceiver.Start();
        await using var app = await WithTopic();
        var id = await Active(app, Subscription(receiver.Url, "empty"));
        await app.Put("Observation/one", Observation("one"));
        await app.Put("Observation/two", Observation("two"));
        await receiver.Wait(3);

        var status = await app.Get($"Subscription/{id}/$status");
        var events = await app.Get($"Subscription/{id}/$events?eventsSinceNumber=2&content=full-resource");

        Assert.Equal("query-status 2 ", Words(status.Text));
        Assert.Equal("searchset", (string?)status.Json["type"]);
        Assert.Equal("query-event 2 2:two", Words(events.Text));
        Assert.Equal("two", (string?)events.Json["entry"]![1]!["resource"]!["id"]);
        Assert.Equal(status.Json["entry"]!.ToJsonString(), (await app.Get($"Subscription/$status?id={id}&status=active")).Json["entry"]!.ToJsonString());
        Assert.Equal(0, (int)(await app.Get("Subscription/$status?status=off")).Json["total"]!);
        (await app.Get("Subscription/none/$events")).Refuses(404, "not-found");
        (await app.Get($"Subscription/{id}/$events?eventsSinceNumber=x")).Refuses(400, "value");
    }

    [Theory]
    [InlineData("https://example.org/other-topic", "id-only", null, "not here")]
    [InlineData("https://example.org/final-observations", "everything", null, "full-resource")]
    [InlineData("https://example.org/final-observations", "id-only", "Observation?date=2019", "filtered by date")]
    [InlineData("https://example.org/final-observations", "id-only", "Patient?name=a", "resource type of the topic")]
    public async Task WhatCannotBeServedIsSaid(string topic, string content, string? filter, string expected)
    {
        await using var app = await WithTopic();
        var created = await app.Post("Subscription", Subscription("http://127.0.0.1:9/hook", content, topic, filter));
        Assert.True(created.Status == 201, created.Text);

        await SubscriptionTests.Becomes(app, created.Id, "error");

        Assert.Contains(expected, (string?)(await app.Get($"Subscription/{created.Id}")).Json["error"], StringComparison.Ordinal);
    }

    /// <param name="trigger">The event of an event trigger, instead of interactions and criteria.</param>
    private static async Task<ServerApp> WithTopic(string interactions = "create update", string? criteria = null, string? trigger = null)
    {
        var app = await ServerApp.OfPlainStudy(Quick).Ready();
        const string prefix = "http://hl7.org/fhir/5.0/StructureDefinition/extension-SubscriptionTopic.";
        criteria ??= """
            ,{"url":"queryCriteria","extension":[{"url":"previous","valueString":"status:not=final"},{"url":"resultForCreate","valueCode":"test-passes"},
              {"url":"current","valueString":"status=final"},{"url":"requireBoth","valueBoolean":true}]}
            """;
        var supported = string.Concat(interactions.Split(' ').Select(interaction => $$""",{"url":"supportedInteraction","valueCode":"{{interaction}}"}"""));
        var stored = await app.Put("Basic/final-observations", $$"""
            {"resourceType":"Basic","id":"final-observations","code":{"coding":[{"system":"http://hl7.org/fhir/fhir-types","code":"SubscriptionTopic"}]},
             "extension":[{"url":"{{prefix}}url","valueUri":"https://example.org/final-observations"},
               {"url":"{{prefix}}{{(trigger is null ? "resource" : "event")}}Trigger","extension":[{"url":"resource","valueUri":"http://hl7.org/fhir/StructureDefinition/Observation"}{{(trigger is null ? supported + criteria : "," + trigger)}}]},
               {"url":"{{prefix}}notificationShape","extension":[{"url":"resource","valueUri":"Observation"},{"url":"include","valueString":"Observation:subject&iterate=Patient.organization"},{"url":"include","valueString":"Observation:nonsense"}]},
               {"url":"{{prefix}}canFilterBy","extension":[{"url":"resource","valueUri":"Observation"},{"url":"filterParameter","valueString":"subject"}]}],
             "modifierExtension":[{"url":"{{prefix}}status","valueCode":"active"}]}
            """);
        Assert.True(stored.Status == 201, stored.Text);
        return app;
    }

    private static string Subscription(string endpoint, string content, string topic = "https://example.org/final-observations", string? filter = null, int? heartbeat = null) => $$"""
        {"resourceType":"Subscription","status":"requested","reason":"test","criteria":"{{topic}}",
         {{(filter is null ? "" : $$""" "_criteria":{"extension":[{"url":"{{Extension}}filter-criteria","valueString":"{{filter}}"}]},""")}}
         "channel":{ {{(heartbeat is null ? "" : $$""" "extension":[{"url":"{{Extension}}heartbeat-period","valueUnsignedInt":{{heartbeat}}}],""")}}
           "type":"rest-hook","endpoint":"{{endpoint}}","payload":"application/fhir+json","_payload":{"extension":[{"url":"{{Extension}}payload-content","valueCode":"{{content}}"}]},"header":["Authorization: Bearer secret"]} }
        """;

    private static async Task<string> Active(ServerApp app, string subscription)
    {
        var created = await app.Post("Subscription", subscription);
        Assert.True(created.Status == 201, created.Text);
        await SubscriptionTests.Becomes(app, created.Id, "active");
        return created.Id;
    }

    /// <summary>The type of a notification, the count, and number and focus of its events: "event-notification 1 1:one".</summary>
    private static string Words(string bundle)
    {
        var parameters = JsonNode.Parse(bundle)!["entry"]![0]!["resource"]!["parameter"]!.AsArray();
        string? Value(string name, string value) => (string?)parameters.First(parameter => (string?)parameter!["name"] == name)![value];
        var events = parameters.Where(parameter => (string?)parameter!["name"] == "notification-event").Select(one => one!["part"]!.AsArray())
            .Select(parts => $"{parts[0]!["valueString"]}:{((string?)parts.ElementAtOrDefault(2)?["valueReference"]?["reference"])?.Split('/')[^1]}");
        return $"{Value("type", "valueCode")} {Value("events-since-subscription-start", "valueString")} {string.Join(' ', events)}";
    }
}
