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

    [Fact]
    public async Task ConditionsAndVersionsAreAsClaimed()
    {
        var patient = (await Rest())["resource"]!.AsArray().Single(type => (string?)type!["type"] == "Patient")!;
        Assert.Equal(("versioned", "full-support", "multiple"), ((string?)patient["versioning"], (string?)patient["conditionalRead"], (string?)patient["conditionalDelete"]));
        Assert.True((bool)patient["readHistory"]! && (bool)patient["updateCreate"]! && (bool)patient["conditionalCreate"]! && (bool)patient["conditionalUpdate"]!);

        Assert.Equal(201, (await App.Put("Patient/claims", Patient("claims", "Claims"))).Status);
        Assert.Equal(200, (await App.Put("Patient?family=Claims", Patient("claims", "Claims", "2"))).Status);
        Assert.Equal(200, (await App.Post("Patient", Patient(family: "Claims"), ("If-None-Exist", "family=Claims"))).Status);
        Assert.Equal(200, (await App.Get("Patient/claims/_history/1")).Status);
        Assert.Equal(304, (await App.Get("Patient/claims", ("If-None-Match", "W/\"2\""))).Status);
        Assert.Equal(204, (await App.Delete("Patient?family=Claims&_count=5")).Status);
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
