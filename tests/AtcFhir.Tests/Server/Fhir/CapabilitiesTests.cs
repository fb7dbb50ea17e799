using System.Text.Json.Nodes;

namespace AtcFhir.Tests.Server.Fhir;

/// <summary>Walks the CapabilityStatement and exercises what it claims. Under Validation:OnWrite=Enforce.</summary>
public class CapabilitiesTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private ServerApp App => server.App;

    [Fact]
    public async Task IsAValidCapabilityStatement()
    {
        var metadata = await App.Get("metadata");

        Assert.Equal((200, "CapabilityStatement", "4.0.1"), (metadata.Status, metadata.ResourceType, (string?)metadata.Json["fhirVersion"]));
        var errors = (await App.Post("CapabilityStatement/$validate", metadata.Text)).Json["issue"]!.AsArray().Where(issue => (string?)issue!["severity"] is "error" or "fatal");
        Assert.Equal([], errors.Select(issue => (string?)issue!["details"]!["text"]));
    }

    [Theory]
    [InlineData("metadata")]
    [InlineData("metadata?mode=normative")]
    [InlineData("metadata?mode=terminology")]
    public async Task WhoHasTheStatementIsNotSentItAgain(string path)
    {
        var tag = (await App.Get(path)).Header("ETag")!;

        var again = await App.Get(path, ("If-None-Match", tag));

        Assert.Equal((304, 0, tag), (again.Status, again.Bytes.Length, again.Header("ETag")));
        Assert.Equal(200, (await App.Get(path, ("If-None-Match", "W/\"1\""))).Status);
        Assert.NotEqual(tag, (await App.Get(path == "metadata" ? "metadata?mode=terminology" : "metadata")).Header("ETag"));
    }

    [Theory]
    [InlineData("full", 200)]
    [InlineData("normative", 200)]
    [InlineData("terminology", 200)]
    [InlineData("everything", 400)]
    public async Task ModesAreThoseOfR4(string mode, int status) => Assert.Equal(status, (await App.Get("metadata?mode=" + mode)).Status);

    /// <summary>By the definition of CapabilityStatement itself: what it marks as of trial use is left out, and nothing else.</summary>
    [Fact]
    public async Task TheNormativePartIsAllButWhatIsOfTrialUse()
    {
        string[] trialUse = [.. TrialUse()];
        Assert.Contains("rest.resource.searchInclude", trialUse);

        var full = Paths((await App.Get("metadata")).Json, "").ToHashSet();
        var normative = Paths((await App.Get("metadata?mode=normative")).Json, "").ToHashSet();

        Assert.Equal(full.Where(path => !trialUse.Any(trial => path == trial || path.StartsWith(trial + ".", StringComparison.Ordinal))).Order(), normative.Order());
        Assert.NotEqual(full.Count, normative.Count);
    }

    private static IEnumerable<string> TrialUse()
    {
        var definition = System.Text.Json.Nodes.JsonNode.Parse(R4Examples.Get("StructureDefinition-CapabilityStatement"))!;
        return definition["snapshot"]!["element"]!.AsArray()
            .Where(element => (element!["extension"]?.AsArray() ?? []).Any(extension => ((string)extension!["url"]!).EndsWith("structuredefinition-standards-status", StringComparison.Ordinal) && (string?)extension["valueCode"] == "trial-use"))
            .Select(element => ((string)element!["path"]!)["CapabilityStatement.".Length..]);
    }

    private static IEnumerable<string> Paths(System.Text.Json.Nodes.JsonNode? node, string path) => node switch
    {
        System.Text.Json.Nodes.JsonObject owner => owner.SelectMany(property => Paths(property.Value, path.Length == 0 ? property.Key : $"{path}.{property.Key}")).Append(path),
        System.Text.Json.Nodes.JsonArray items => items.SelectMany(item => Paths(item, path)),
        _ => [path],
    };

    [Fact]
    public async Task EveryTypeCanBeReadAndSearchedAndEverySearchParameterIsUnderstood()
    {
        var wrong = new List<string>();
        foreach (var resource in await Resources())
        {
            var type = (string)resource["type"]!;
            foreach (var parameter in resource["searchParam"]!.AsArray())
            {
                var query = $"{type}?{(string)parameter!["name"]!}={SampleOf((string)parameter["type"]!, (string)parameter["name"]!)}&_count=1";
                var found = await App.Get(query, ("Prefer", "handling=strict"));
                if (found.Status != 200)
                {
                    wrong.Add($"{query}: {found.Status} {found.Text}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task EveryIncludeIsUnderstood()
    {
        var wrong = new List<string>();
        foreach (var resource in await Resources())
        {
            foreach (JsonNode? include in resource["searchInclude"]?.AsArray() ?? [])
            {
                var found = await App.Get($"{(string)resource["type"]!}?_include={(string)include!}&_count=1", ("Prefer", "handling=strict"));
                if (found.Status != 200)
                {
                    wrong.Add($"{include}: {found.Status} {found.Text}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task EveryInteractionOfEveryTypeIsServedAndNoOther()
    {
        foreach (var resource in await Resources())
        {
            var type = (string)resource["type"]!;
            var claimed = resource["interaction"]!.AsArray().Select(interaction => (string)interaction!["code"]!).ToHashSet();

            Assert.Equal(claimed.Contains("read"), Served(await App.Get($"{type}/none")));
            Assert.Equal(claimed.Contains("vread"), Served(await App.Get($"{type}/none/_history/1")));
            Assert.Equal(claimed.Contains("search-type"), Served(await App.Get($"{type}?_count=0")));
            Assert.Equal(claimed.Contains("history-type"), Served(await App.Get($"{type}/_history?_count=1")));
            Assert.Equal(claimed.Contains("history-instance"), Served(await App.Get($"{type}/none/_history")));
            Assert.Equal(claimed.Contains("create"), Served(await App.Post(type, "{}")));
            Assert.Equal(claimed.Contains("update"), Served(await App.Put($"{type}/none", "{}")));
            Assert.Equal(claimed.Contains("patch"), Served(await App.Patch($"{type}/none", "[]", ("Content-Type", "application/json-patch+json"))));
            Assert.Equal(claimed.Contains("delete"), Served(await App.Delete($"{type}/none")));
        }
    }

    /// <summary>Each on the levels that its official definition names; of those that have none here, on one of them at least.</summary>
    [Fact]
    public async Task EveryOperationOfTheSystemAndOfEveryTypeIsServed()
    {
        var rest = (await App.Get("metadata")).Json["rest"]![0]!;
        var (wrong, official) = (new List<string>(), new HashSet<string>());
        foreach (var operation in rest["operation"]!.AsArray())
        {
            if (!await IsServed("$" + (string)operation!["name"]!))
            {
                wrong.Add((string)operation["name"]!);
            }
        }

        foreach (var resource in rest["resource"]!.AsArray())
        {
            foreach (var operation in resource!["operation"]!.AsArray())
            {
                var (type, name) = ((string)resource["type"]!, (string)operation!["name"]!);
                var served = (Type: await IsServed($"{type}/${name}"), Instance: await IsServed($"{type}/none/${name}"));
                var levels = Levels((string)operation["definition"]!);
                if (levels is null ? served == (false, false) : served != levels.Value)
                {
                    wrong.Add($"{type} {name}: {served}");
                }

                if (levels is not null)
                {
                    official.Add(name);
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Superset(new HashSet<string> { "validate", "meta", "meta-add", "meta-delete", "everything", "document", "expand", "validate-code", "lookup", "subsumes", "translate" }, official);
    }

    [Theory]
    [InlineData("$nothing")]
    [InlineData("Patient/$nothing")]
    [InlineData("Patient/none/$nothing")]
    [InlineData("Patient/$meta-add")]
    public async Task AnOperationThatThereIsNotIsNotSupported(string path)
    {
        Assert.False(await IsServed(path));
        (await App.Post(path, """{"resourceType":"Basic","code":{"text":"x"}}""")).Refuses(404, "not-supported");
    }

    private async Task<bool> IsServed(string path) => Served(await App.Post(path, """{"resourceType":"Basic","code":{"text":"x"}}"""));

    private static (bool Type, bool Instance)? Levels(string definition)
    {
        var file = Path.Combine(R4Examples.Folder, $"OperationDefinition-{definition.Split('/')[^1]}.json");
        return File.Exists(file) && JsonNode.Parse(File.ReadAllBytes(file))! is var found && (string?)found["url"] == definition
            ? ((bool)found["type"]!, (bool)found["instance"]!)
            : null;
    }

    [Fact]
    public async Task EverySystemInteractionIsServed()
    {
        var rest = (await App.Get("metadata")).Json["rest"]![0]!;

        Assert.Equal(
            ["transaction", "batch", "search-system", "history-system"],
            rest["interaction"]!.AsArray().Select(interaction => (string)interaction!["code"]!));
        Assert.Equal(200, (await App.Post("", Fhir.Resources.Bundle("transaction"))).Status);
        Assert.Equal(200, (await App.Post("", Fhir.Resources.Bundle("batch"))).Status);
        Assert.Equal(200, (await App.Get("?_type=Patient&_count=1")).Status);
        Assert.Equal(200, (await App.Get("_history?_count=1")).Status);
    }

    [Fact]
    public async Task TheTrialsProfilesAreListedAndServed()
    {
        await using var app = await new ServerApp().Ready();
        var profiles = (await app.Get("metadata")).Json["rest"]![0]!["resource"]!.AsArray()
            .SelectMany(resource => (resource!["supportedProfile"]?.AsArray() ?? []).Select(profile => (string)profile!)).ToList();

        Assert.Equal(AtcFhir.Trial.Concepts.ConceptCatalog.All.Count, profiles.Count);
        foreach (var profile in profiles)
        {
            Assert.Single((await app.Get($"StructureDefinition?url={profile}")).Matches);
        }
    }

    [Fact]
    public async Task ServesTheTypesOfTheConfigurationOnly()
    {
        await using var app = new ServerApp("Server:Types:0=Patient", "Server:Types:1=Observation");

        var types = (await app.Get("metadata")).Json["rest"]![0]!["resource"]!.AsArray().Select(resource => (string)resource!["type"]!);

        Assert.Equal(["Observation", "Patient"], types);
        Assert.Equal(404, (await app.Get("Encounter")).Status);
    }

    [Fact]
    public async Task OptionsNamesTheMethods()
    {
        var options = await App.Send(HttpMethod.Options, "Patient/1", null);

        Assert.Equal(204, options.Status);
        Assert.Contains("PATCH", options.Header("Allow"), StringComparison.Ordinal);
    }

    private async Task<List<JsonObject>> Resources()
        => [.. (await App.Get("metadata")).Json["rest"]![0]!["resource"]!.AsArray().Select(resource => resource!.AsObject())];

    private static bool Served(Reply reply) => reply.Status != 405 && !(reply.Status == 404 && reply.IssueCodes.Contains("not-supported"));

    private static string SampleOf(string type, string name) => (type, name) switch
    {
        (_, "_has") => "Provenance:target:_id=1",
        ("number", _) => "1",
        ("date", _) => "2020",
        ("quantity", _) => "1",
        ("reference", _) => "Patient/1",
        ("uri", _) => "http://example.org",
        ("composite", "chromosome-variant-coordinate" or "chromosome-window-coordinate" or "referenceseqid-variant-coordinate" or "referenceseqid-window-coordinate") => "a$1$2",
        ("composite", _) => "a$2020",
        ("special", "near") => "1|1|1|km",
        _ => "a",
    };
}
