using System.Text.Json.Nodes;
using AtcFhir.Server.Fhir;
using static AtcFhir.Tests.Server.Fhir.Resources;

namespace AtcFhir.Tests.Server.Fhir;

/// <summary>Every further claim of /metadata is exercised, and the other way round: what is routed is claimed.</summary>
public class CapabilityClaimsTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    /// <summary>Routes that no CapabilityStatement has a place for: itself, and those that an asynchronous answer leads to.</summary>
    private static readonly string[] Unclaimed = ["capabilities", "job-status", "job-cancel", "job-file"];

    private static readonly (string, string) Strict = ("Prefer", "handling=strict");

    private ServerApp App => server.App;

    [Fact]
    public async Task EveryRouteIsClaimed()
    {
        var rest = await Rest();
        var system = Codes(rest["interaction"]!, "code").Concat(Codes(rest["operation"]!, "name").Select(name => "$" + name)).ToHashSet();
        var missing = new List<string>();
        foreach (var route in App.Endpoint.ServedRoutes.Where(route => !Unclaimed.Contains(route.Interaction)))
        {
            var types = rest["resource"]!.AsArray().Where(type => route.Pattern.StartsWith("{type}", StringComparison.Ordinal) || route.Pattern.Split('/')[0] == (string)type!["type"]!).ToList();
            var claimed = types.Count == 0
                ? system.Contains(route.Interaction)
                : types.TrueForAll(type => Claims(type!.AsObject(), route.Interaction));
            if (!claimed)
            {
                missing.Add($"{route.Method} {route.Pattern} ({route.Interaction})");
            }
        }

        Assert.Equal([], missing);
    }

    [Fact]
    public async Task EveryOperationOfEveryTypeIsRouted()
    {
        var rest = await Rest();
        var claims = Codes(rest["operation"]!, "name").Select(name => ("", name))
            .Concat(rest["resource"]!.AsArray().SelectMany(type => Codes(type!["operation"]!, "name").Select(name => ((string)type["type"]!, name))));
        var missing = new List<string>();
        foreach (var (type, name) in claims)
        {
            string[] paths = type.Length == 0 ? ["$" + name] : [$"{type}/${name}", $"{type}/x/${name}"];
            if (!paths.Any(path => App.Endpoint.Find("POST", path.Split('/')).Route is { } route && route.Interaction == "$" + name))
            {
                missing.Add($"{type} {name}");
            }
        }

        Assert.Equal([], missing);
    }

    [Fact]
    public async Task OperationsHaveTheOfficialDefinitionWhereThereIsOne()
    {
        var rest = await Rest();
        var definitions = rest["resource"]!.AsArray().Where(type => (string?)type!["type"] is "Patient" or "Composition" or "Group").SelectMany(type => type!["operation"]!.AsArray())
            .Concat(rest["operation"]!.AsArray()).Select(operation => (string)operation!["definition"]!).ToHashSet();

        Assert.Superset(
            new HashSet<string>
            {
                "http://hl7.org/fhir/OperationDefinition/Patient-everything", "http://hl7.org/fhir/OperationDefinition/Composition-document", "http://hl7.org/fhir/OperationDefinition/Resource-meta",
                "http://hl7.org/fhir/OperationDefinition/Resource-meta-add", "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/export", "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/group-export",
            },
            definitions);
    }

    [Fact]
    public async Task OurOwnOperationsHaveValidDefinitionsThatCanBeLookedUp()
    {
        var rest = await Rest();
        var own = rest["operation"]!.AsArray().Concat(rest["resource"]!.AsArray().SelectMany(type => type!["operation"]?.AsArray() ?? []))
            .Select(operation => (string)operation!["definition"]!).Where(definition => definition.StartsWith("https://example.org/", StringComparison.Ordinal)).ToHashSet();

        Assert.True(own.Count >= 8, string.Join(' ', own));
        foreach (var definition in own)
        {
            var found = await App.Get("OperationDefinition?url=" + definition);
            Assert.True(found.Matches.Count == 1, definition);
            var errors = (await App.Post("OperationDefinition/$validate", found.Entries[0]["resource"]!.ToJsonString())).Json["issue"]!.AsArray().Where(issue => (string?)issue!["severity"] is "error" or "fatal");
            Assert.Equal([], errors.Select(issue => (string?)issue!["details"]!["text"]));
        }
    }

    [Fact]
    public async Task EveryParameterOfAllTypesIsUnderstoodOverAllTypes()
    {
        var wrong = new List<string>();
        foreach (var parameter in (await Rest())["searchParam"]!.AsArray())
        {
            var (name, type) = ((string)parameter!["name"]!, (string)parameter["type"]!);
            var value = (name, type) switch
            {
                ("_has", _) => null,
                ("_filter", _) => "_id eq a",
                ("_type", _) => "Patient",
                (_, "date") => "2020",
                (_, "uri") => "http://example.org",
                (_, "reference") => "Patient/1",
                _ => "a",
            };
            var query = value is null ? "Patient?_has:Observation:subject:status=final" : $"?_type=Patient,Observation&{name}={Uri.EscapeDataString(value)}";
            var found = await App.Get(query + "&_count=1", Strict);
            if (found.Status != 200)
            {
                wrong.Add($"{query}: {found.Status} {found.Text}");
            }
        }

        Assert.Equal([], wrong);
    }

    [Fact]
    public async Task EveryRevincludeIsUnderstood()
    {
        var (wrong, count) = (new List<string>(), 0);
        foreach (var type in (await Rest())["resource"]!.AsArray())
        {
            foreach (var chunk in (type!["searchRevInclude"]?.AsArray() ?? []).Select(one => (string)one!).Chunk(40))
            {
                count += chunk.Length;
                var found = await App.Get($"{(string)type["type"]!}?_count=1&{string.Join('&', chunk.Select(one => "_revinclude=" + one))}", Strict);
                if (found.Status != 200)
                {
                    wrong.Add($"{type["type"]}: {found.Status} {found.Text}");
                }
            }
        }

        Assert.Equal([], wrong);
        Assert.True(count > 500, $"{count} were tried.");
    }

    /// <summary>Every interaction, with success, and every condition, of every type; without validation, so that a resource needs no more than an id.</summary>
    [Fact]
    public async Task EveryTypeDoesWhatItClaims()
    {
        await using var app = await ServerApp.OfPlainStudy("Validation:OnWrite=Off").Ready();
        var wrong = new List<string>();
        foreach (var type in (await app.Get("metadata")).Json["rest"]![0]!["resource"]!.AsArray())
        {
            wrong.AddRange(await Broken(app, type!.AsObject()));
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static async Task<List<string>> Broken(ServerApp app, JsonObject claims)
    {
        Assert.Equal(
            ("versioned", true, true, true, "full-support", true, "multiple"),
            ((string?)claims["versioning"], (bool)claims["readHistory"]!, (bool)claims["updateCreate"]!, (bool)claims["conditionalCreate"]!, (string?)claims["conditionalRead"], (bool)claims["conditionalUpdate"]!, (string?)claims["conditionalDelete"]));
        Assert.Equal(["create", "delete", "history-instance", "history-type", "patch", "read", "search-type", "update", "vread"], Codes(claims["interaction"], "code").Order(StringComparer.Ordinal));
        var type = (string)claims["type"]!;
        var body = Small(type);
        var changed = Small(type, "de");
        var created = await app.Post(type, body);
        (string, int, Reply)[] done =
        [
            ("updateCreate", 201, await app.Put($"{type}/claims", body)),
            ("update", 200, await app.Put($"{type}/claims", changed)),
            ("read", 200, await app.Get($"{type}/claims")),
            ("conditionalRead by version", 304, await app.Get($"{type}/claims", ("If-None-Match", "W/\"2\""))),
            ("conditionalRead by time", 304, await app.Get($"{type}/claims", ("If-Modified-Since", "Fri, 31 Dec 2100 00:00:00 GMT"))),
            ("vread", 200, await app.Get($"{type}/claims/_history/1")),
            ("conditionalCreate", 200, await app.Post(type, body, ("If-None-Exist", "_id=claims"))),
            ("conditionalUpdate", 200, await app.Put($"{type}?_id=claims", body)),
            ("patch", 200, await app.Patch($"{type}/claims", Patch("en"), ("Content-Type", MediaType.JsonPatch))),
            ("conditional patch", 200, await app.Patch($"{type}?_id=claims", Patch("fr"), ("Content-Type", MediaType.JsonPatch))),
            ("search-type", 200, await app.Get($"{type}?_id=claims")),
            ("history-instance", 200, await app.Get($"{type}/claims/_history")),
            ("history-type", 200, await app.Get($"{type}/_history")),
            ("conditionalDelete", 204, await app.Delete($"{type}?_id=claims")),
            ("read of what is deleted", 410, await app.Get($"{type}/claims")),
            ("create", 201, created),
            ("delete", 204, await app.Delete($"{type}/{created.Id}")),
        ];
        return [.. done.Where(one => one.Item3.Status != one.Item2).Select(one => $"{type} {one.Item1}: {one.Item3.Status} {one.Item3.Text}")];

        static string Patch(string language) => $$"""[{"op":"add","path":"/language","value":"{{language}}"}]""";
    }

    private static string Small(string type, string language = "fr") => $$"""{"resourceType":"{{type}}","id":"claims","language":"{{language}}"}""";

    [Fact]
    public async Task EveryFormatOfAPatchIsTaken()
    {
        string[] formats = [.. (await App.Get("metadata")).Json["patchFormat"]!.AsArray().Select(format => (string)format!)];
        Assert.Equal([MediaType.JsonPatch, "application/fhir+json", "application/fhir+xml"], formats);
        Assert.Equal(201, (await App.Put("Patient/formats", Patient("formats"))).Status);

        Assert.Equal(200, (await App.Patch("Patient/formats", """[{"op":"add","path":"/active","value":true}]""", ("Content-Type", formats[0]))).Status);
        Assert.Equal(200, (await App.Patch("Patient/formats", """{"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"delete"},{"name":"path","valueString":"Patient.active"}]}]}""", ("Content-Type", formats[1]))).Status);
        Assert.Equal(200, (await App.Patch("Patient/formats", """<Parameters xmlns="http://hl7.org/fhir"><parameter><name value="operation"/><part><name value="type"/><valueCode value="delete"/></part><part><name value="path"/><valueString value="Patient.gender"/></part></parameter></Parameters>""", ("Content-Type", formats[2]))).Status);
    }

    [Fact]
    public async Task EveryPolicyOfReferencesIsTaken()
    {
        string[] policies = [.. (await Rest())["resource"]!.AsArray().SelectMany(type => type!["referencePolicy"]!.AsArray()).Select(policy => (string)policy!).Distinct()];
        Assert.Equal(["literal", "logical"], policies);

        Assert.Equal(201, (await App.Post("Basic", """{"resourceType":"Basic","code":{"text":"x"},"subject":{"reference":"Patient/somebody"}}""")).Status);
        Assert.Equal(201, (await App.Post("Basic", """{"resourceType":"Basic","code":{"text":"x"},"subject":{"identifier":{"system":"urn:x","value":"1"}}}""")).Status);
    }

    [Fact]
    public async Task FormatsAndCompartmentsAreServed()
    {
        var metadata = (await App.Get("metadata")).Json;
        foreach (var format in metadata["format"]!.AsArray())
        {
            Assert.Equal(200, (await App.Get("metadata?_format=" + Uri.EscapeDataString((string)format!))).Status);
        }

        foreach (var compartment in metadata["rest"]![0]!["compartment"]!.AsArray())
        {
            var code = ((string)compartment!).Split('/')[^1];
            var type = App.Endpoint.Types.Single(name => name.Equals(code, StringComparison.OrdinalIgnoreCase));
            Assert.Equal(200, (await App.Get($"{type}/any/*?_count=1")).Status);
        }
    }

    private static bool Claims(JsonObject type, string interaction) => interaction switch
    {
        "conditional-update" => (bool)type["conditionalUpdate"]!,
        "conditional-delete" => (string?)type["conditionalDelete"] == "multiple",
        "conditional-patch" => Codes(type["interaction"]!, "code").Contains("patch"),
        ['$', .. var operation] => Codes(type["operation"]!, "name").Contains(operation),
        _ => Codes(type["interaction"]!, "code").Contains(interaction),
    };

    private static IEnumerable<string> Codes(JsonNode? items, string property) => (items?.AsArray() ?? []).Select(item => (string)item![property]!);

    private async Task<JsonNode> Rest() => (await App.Get("metadata")).Json["rest"]![0]!;
}
