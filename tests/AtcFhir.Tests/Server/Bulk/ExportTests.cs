using System.Text.Json.Nodes;
using AtcFhir.Server.Bulk;
using AtcFhir.Tests.Server.Fhir;
using Microsoft.Extensions.DependencyInjection;
using static AtcFhir.Tests.Server.Bulk.ExportRequests;
using static AtcFhir.Tests.Server.Fhir.Resources;

namespace AtcFhir.Tests.Server.Bulk;

/// <summary>Under Validation:OnWrite=Enforce.</summary>
public class ExportTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private ServerApp App => server.App;

    [Fact]
    public async Task GivesEveryResourceOfTheStoreByType()
    {
        await App.Put("Patient/export-1", Patient("export-1", "Exporter"));
        await App.Put("Observation/export-1", Observation("export-1", "Patient/export-1"));

        var manifest = await Export("$export");

        Assert.Equal("http://localhost/fhir/$export", (string?)manifest["request"]);
        Assert.Equal(["export-1"], (await Ids(manifest, "Observation")).Where(id => id == "export-1"));
        var total = (await App.Get("Patient?_summary=count")).Json["total"]!.GetValue<int>();
        Assert.Equal(total, (await Ids(manifest, "Patient")).Count);
        Assert.Equal(total, (int)manifest["output"]!.AsArray().Single(file => (string?)file!["type"] == "Patient")!["count"]!);
    }

    [Fact]
    public async Task TypesAndFiltersNarrowIt()
    {
        await App.Put("Observation/filter-1", Observation("filter-1", status: "final", date: "2001-01-01"));
        await App.Put("Observation/filter-2", Observation("filter-2", status: "preliminary", date: "2001-01-01"));
        await App.Put("Observation/filter-3", Observation("filter-3", status: "amended", date: "2001-01-01"));

        var filters = Uri.EscapeDataString("Observation?status=final&date=2001-01-01,Observation?status=amended,corrected&date=2001-01-01");
        var manifest = await Export("$export?_type=Observation&_typeFilter=" + filters);

        Assert.Equal(["filter-1", "filter-3"], (await Ids(manifest, "Observation")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task AGroupGivesItsMembersRecordsOnly()
    {
        await App.Put("Practitioner/group-doctor", """{"resourceType":"Practitioner","id":"group-doctor"}""");
        await App.Put("Patient/member", Patient("member", extra: """ "generalPractitioner":[{"reference":"Practitioner/group-doctor"}],"""));
        await App.Put("Patient/left", Patient("left"));
        await App.Put("Observation/of-member", Observation("of-member", "Patient/member"));
        await App.Put("Observation/of-left", Observation("of-left", "Patient/left"));
        await App.Put("Group/export", """{"resourceType":"Group","id":"export","type":"person","actual":true,"member":[{"entity":{"reference":"Patient/member"}},{"entity":{"reference":"Patient/left"},"inactive":true}]}""");

        var manifest = await Export("Group/export/$export");

        Assert.Equal(["member"], await Ids(manifest, "Patient"));
        Assert.Equal(["of-member"], await Ids(manifest, "Observation"));
        Assert.Equal(["group-doctor"], await Ids(manifest, "Practitioner"));
        Assert.DoesNotContain("StructureDefinition", manifest["output"]!.AsArray().Select(file => (string?)file!["type"]));
        (await App.Get("Group/none/$export", Async)).Refuses(404, "not-found");
    }

    [Fact]
    public async Task PatientsGiveTheirCompartments()
    {
        await App.Put("Patient/all-1", Patient("all-1"));
        await App.Put("Observation/all-1", Observation("all-1", "Patient/all-1"));
        await App.Put("Observation/of-nobody", Observation("of-nobody", "Location/somewhere"));

        var manifest = await Export("Patient/$export?_type=Patient,Observation");

        Assert.Contains("all-1", await Ids(manifest, "Patient"));
        Assert.Contains("all-1", await Ids(manifest, "Observation"));
        Assert.DoesNotContain("of-nobody", await Ids(manifest, "Observation"));
    }

    [Fact]
    public async Task SinceGivesWhatChangedAndWhatWasDeleted()
    {
        await App.Put("Patient/since-old", Patient("since-old"));
        await App.Put("Patient/since-gone", Patient("since-gone"));
        var changed = await App.Put("Patient/since-new", Patient("since-new"));
        await App.Delete("Patient/since-gone");

        var manifest = await Export($"$export?_type=Patient&_since={Uri.EscapeDataString((string)changed.Json["meta"]!["lastUpdated"]!)}");

        Assert.Equal(["since-new"], (await Ids(manifest, "Patient")).Where(id => id.StartsWith("since", StringComparison.Ordinal)));
        var deleted = await App.Get(new Uri((string)manifest["deleted"]![0]!["url"]!).PathAndQuery);
        Assert.Contains("Patient/since-gone", deleted.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ElementsCutResourcesDown()
    {
        await App.Put("Patient/elements", Patient("elements"));

        var manifest = await Export("$export?_type=Patient&_elements=Patient.birthDate");

        var line = (await Lines(manifest, "Patient")).Single(line => (string?)line["id"] == "elements");
        Assert.Null(line["name"]);
        Assert.Equal("SUBSETTED", (string?)line["meta"]!["tag"]![0]!["code"]);
    }

    [Theory]
    [InlineData("$export?_outputFormat=text/csv", "not-supported")]
    [InlineData("$export?includeAssociatedData=LatestProvenanceResources", "not-supported")]
    [InlineData("$export?_since=soon", "value")]
    [InlineData("$export?_type=Nothing", "not-supported")]
    [InlineData("$export?_type=Patient&_typeFilter=Observation?status=final", "value")]
    [InlineData("$export?_type=Patient&_typeFilter=Patient?nothing=1", "not-supported")]
    [InlineData("$export?_type=Patient&_typeFilter=Patient?_sort=name", "not-supported")]
    public async Task WhatIsNotUnderstoodIsRefusedAtOnce(string path, string code) => (await App.Get(path, Async)).Refuses(400, code);

    [Fact]
    public async Task WhatIsNotServedIsLeftOutForWhoAsksForLeniencyAndTold()
    {
        var kickOff = await App.Get("$export?_type=Patient&includeAssociatedData=LatestProvenanceResources", ("Prefer", "respond-async, handling=lenient"));

        Assert.Equal(202, kickOff.Status);
        var manifest = await ExportRequests.Done(App, ExportRequests.PathOf(kickOff));
        var error = Assert.Single(manifest["error"]!.AsArray())!;
        Assert.Equal(("OperationOutcome", 1), ((string?)error["type"], (int)error["count"]!));
        var outcome = (await App.Get(new Uri((string)error["url"]!).PathAndQuery)).Json["issue"]![0]!;
        Assert.Equal(("warning", "not-supported"), ((string?)outcome["severity"], (string?)outcome["code"]));
        Assert.Contains("includeAssociatedData", (string?)outcome["details"]!["text"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeletionsOfAPatientsRecordAreToldWithThePatient()
    {
        foreach (var patient in new[] { "gone-in", "gone-out" })
        {
            await App.Put($"Patient/{patient}", Patient(patient));
            await App.Put($"Observation/{patient}", Observation(patient, $"Patient/{patient}"));
            await App.Put($"Observation/{patient}-draft", Observation($"{patient}-draft", $"Patient/{patient}", status: "preliminary"));
        }

        await App.Put("Observation/gone-nobody", Observation("gone-nobody", "Location/somewhere"));
        await App.Put("Group/gone", """{"resourceType":"Group","id":"gone","type":"person","actual":true,"member":[{"entity":{"reference":"Patient/gone-in"}}]}""");
        var now = (string)(await App.Put("Patient/gone-now", Patient("gone-now"))).Json["meta"]!["lastUpdated"]!;
        foreach (var id in new[] { "gone-in", "gone-in-draft", "gone-out", "gone-out-draft", "gone-nobody" })
        {
            await App.Delete("Observation/" + id);
        }

        await App.Put("Observation/gone-out-draft", Observation("gone-out-draft", "Patient/gone-out"));
        var since = "?_type=Observation&_since=" + Uri.EscapeDataString(now);

        Assert.Equal(["gone-in", "gone-in-draft"], await Deleted("Group/gone/$export" + since));
        Assert.Equal(["gone-in", "gone-in-draft", "gone-out"], await Deleted("Patient/$export" + since));
        Assert.Equal(["gone-in-draft"], await Deleted("Patient/$export" + since + "&_typeFilter=" + Uri.EscapeDataString("Observation?status=preliminary")));
        Assert.Equal(["gone-in", "gone-in-draft", "gone-nobody", "gone-out"], await Deleted("$export" + since));
    }

    /// <summary>Bulk Data 2.0: deleted lists what matches the criteria of the export; what compartments refer to is given by them, so its deletion is told by them.</summary>
    [Fact]
    public async Task DeletionsOfWhatARecordReferredToAreToldWithIt()
    {
        string[] doctors = ["still", "replaced", "with-it", "of-other", "unasked", "of-nobody"];
        foreach (var doctor in doctors)
        {
            await App.Put($"Practitioner/gone-{doctor}", $$"""{"resourceType":"Practitioner","id":"gone-{{doctor}}","active":{{(doctor == "unasked" ? "false" : "true")}}}""");
        }

        await App.Put("Patient/ref-in", Patient("ref-in", extra: Doctors("still", "unasked")));
        await App.Put("Patient/ref-out", Patient("ref-out", extra: Doctors("of-other")));
        await App.Put("Observation/ref-replaced", By("ref-replaced", "replaced"));
        await App.Put("Observation/ref-deleted", By("ref-deleted", "with-it"));
        await App.Put("Group/ref", """{"resourceType":"Group","id":"ref","type":"person","actual":true,"member":[{"entity":{"reference":"Patient/ref-in"}}]}""");
        var now = (string)(await App.Put("Patient/ref-now", Patient("ref-now"))).Json["meta"]!["lastUpdated"]!;
        await App.Put("Observation/ref-replaced", Observation("ref-replaced", "Patient/ref-in"));
        await App.Delete("Observation/ref-deleted");
        foreach (var doctor in doctors)
        {
            await App.Delete("Practitioner/gone-" + doctor);
        }

        var since = "?_type=Practitioner&_since=" + Uri.EscapeDataString(now);

        Assert.Equal(["gone-replaced", "gone-still", "gone-unasked", "gone-with-it"], await Deleted("Group/ref/$export" + since, "Practitioner"));
        Assert.Equal(["gone-replaced", "gone-still", "gone-with-it"], await Deleted("Group/ref/$export" + since + "&_typeFilter=" + Uri.EscapeDataString("Practitioner?active=true"), "Practitioner"));
        Assert.Equal(["gone-of-other", "gone-replaced", "gone-still", "gone-unasked", "gone-with-it"], await Deleted("Patient/$export" + since, "Practitioner"));
        Assert.Equal(["gone-of-nobody", "gone-of-other", "gone-replaced", "gone-still", "gone-unasked", "gone-with-it"], await Deleted("$export" + since, "Practitioner"));

        static string Doctors(params string[] ids) => $" \"generalPractitioner\":[{string.Join(',', ids.Select(id => $$"""{"reference":"Practitioner/gone-{{id}}"}"""))}],";
        static string By(string id, string doctor) => Observation(id, "Patient/ref-in").Replace("\"status\"", $$"""
            "performer":[{"reference":"Practitioner/gone-{{doctor}}"}],"status"
            """, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFileKeepsToItsSizeAndAnotherFollows()
    {
        await using var app = await ServerApp.OfPlainStudy("Bulk:FileBytes=100").Ready();
        for (var i = 0; i < 3; i++)
        {
            await app.Put($"Patient/p{i}", Patient($"p{i}"));
        }

        var kickOff = await app.Get("$export?_type=Patient", Async);
        var manifest = await Done(app, PathOf(kickOff));

        Assert.Equal(3, manifest["output"]!.AsArray().Count);
    }

    [Fact]
    public async Task WhatChangesMeanwhileIsGivenAsItWas()
    {
        await using var app = await ServerApp.OfPlainStudy().Ready();
        await app.Put("Patient/changed", Patient("changed", "Before"));
        await app.Put("Patient/deleted", Patient("deleted", "Deleted"));
        var seq = await app.Endpoint.Store.LastSeq(TestContext.Current.CancellationToken);
        await app.Put("Patient/changed", Patient("changed", "After"));
        await app.Delete("Patient/deleted");
        await app.Put("Patient/later", Patient("later"));
        var jobs = app.Services.GetRequiredService<BulkJobs>();
        var job = Job("as-of", new ExportOrder(seq, ["Patient"], null, [], [], "", null));

        Assert.True(jobs.Start(job).Succeeded);
        var file = await app.Get(new Uri((string)(await Done(app, "/fhir/$job/as-of"))["output"]![0]!["url"]!).PathAndQuery);

        Assert.Contains("Before", file.Text, StringComparison.Ordinal);
        Assert.Contains("Deleted", file.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("After", file.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("later", file.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("Patient", "Patient?birthdate=1950-02-03")]
    public async Task WhatChangesBehindThePageThatIsReadIsGivenOnce(string scope, string filter)
    {
        await using var app = await ServerApp.OfPlainStudy().Ready();
        for (var number = 0; number < 3; number++)
        {
            await app.Put($"Patient/p{number}", Patient($"p{number}", "Before"));
        }

        var seq = await app.Endpoint.Store.LastSeq(TestContext.Current.CancellationToken);
        var jobs = app.Services.GetRequiredService<BulkJobs>();
        string[] filters = filter.Length == 0 ? [] : [filter];
        // All types are read, and two patients were on a page; the third was changed before it.
        var job = Job("behind", new ExportOrder(seq, ["Patient"], null, filters, [], scope, null, TypeIndex: 1));
        using (var writer = new NdjsonWriter(jobs.Folder, job.Id, "", 1000, []))
        {
            foreach (var id in new[] { "p0", "p1" })
            {
                writer.Write("Patient", (await app.Endpoint.Store.Read("Patient", id, TestContext.Current.CancellationToken))!.Body);
            }

            writer.Flush();
            job = job with { Output = writer.Files };
        }

        await app.Put("Patient/p0", Patient("p0", "After"));
        await app.Delete("Patient/p1");
        await app.Put("Patient/p2", Patient("p2", "After").Replace("1950-02-03", "1960-02-03", StringComparison.Ordinal));

        Assert.True(jobs.Start(job).Succeeded);
        var file = await app.Get(new Uri((string)(await Done(app, "/fhir/$job/behind"))["output"]![0]!["url"]!).PathAndQuery);

        Assert.Equal(["p0", "p1", "p2"], file.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (string)JsonNode.Parse(line)!["id"]!));
        Assert.DoesNotContain("After", file.Text, StringComparison.Ordinal);
    }

    private async Task<List<string>> Deleted(string path, string type = "Observation")
    {
        var ids = new List<string>();
        foreach (var file in (await Export(path))["deleted"]!.AsArray())
        {
            var lines = (await App.Get(new Uri((string)file!["url"]!).PathAndQuery)).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            ids.AddRange(lines.Select(line => ((string)JsonNode.Parse(line)!["entry"]![0]!["request"]!["url"]!)[(type.Length + 1)..]));
        }

        return [.. ids.Order(StringComparer.Ordinal).Where(id => id.StartsWith("gone", StringComparison.Ordinal))];
    }

    private async Task<JsonObject> Export(string path)
    {
        var kickOff = await App.Get(path, Async, ("Accept", "application/fhir+json"));
        Assert.True(kickOff.Status == 202, kickOff.Text);
        return await Done(App, PathOf(kickOff));
    }

    private async Task<List<string>> Ids(JsonObject manifest, string type) => [.. (await Lines(manifest, type)).Select(line => (string)line["id"]!)];

    private async Task<List<JsonObject>> Lines(JsonObject manifest, string type)
    {
        var lines = new List<JsonObject>();
        foreach (var file in manifest["output"]!.AsArray().Where(file => (string?)file!["type"] == type))
        {
            var reply = await App.Get(new Uri((string)file!["url"]!).PathAndQuery, ("Accept", "application/fhir+ndjson"));
            Assert.Equal((200, "application/fhir+ndjson"), (reply.Status, reply.Header("Content-Type")));
            lines.AddRange(reply.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject()));
        }

        Assert.All(lines, line => Assert.Equal(type, (string?)line["resourceType"]));
        return lines;
    }
}
