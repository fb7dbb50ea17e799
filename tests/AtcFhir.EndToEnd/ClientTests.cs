using System.Text.Json.Nodes;
using AtcFhir.EndToEnd.Running;
using Hl7.Fhir.Model;
using Hl7.Fhir.Rest;

namespace AtcFhir.EndToEnd;

/// <summary>Clients that others wrote, against the published server. Under Validation:OnWrite=Enforce.</summary>
public class ClientTests
{
    [Fact]
    public async System.Threading.Tasks.Task TheJavaScriptClientDoesItsVerbs()
    {
        using var folder = new TemporaryFolder();
        var hospital = Artifacts.Hospital;
        using var server = await RunningServer.Start(folder.Path, ("Sandbox__Enabled", "false"));

        var (exitCode, output, error) = await ChildProcess.Run("node", ["client.mjs", new Uri(server.Address, "/fhir").ToString()], hospital);

        Assert.True(exitCode == 0, error);
        var seen = JsonNode.Parse(output)!;
        Assert.Equal("4.0.1", seen["fhirVersion"]!.GetValue<string>());
        Assert.Equal(("1", "Kit", "2", "Kit"), (Text(seen, "created"), Text(seen, "read"), Text(seen, "updated"), Text(seen, "vread")));
        Assert.Equal(2, seen["history"]!.GetValue<int>());
        Assert.True(seen["pages"]!.GetValue<int>() > 1);
        Assert.Equal(["201", "201"], seen["transaction"]!.AsArray().Select(status => status!.GetValue<string>()));
        Assert.Equal(("Kit 3", "Kit 3"), (Text(seen, "patched"), Text(seen, "resolved")));
        Assert.Equal(["Parameters", "Parameters", "history", "history", "200", "404"], ((string[])["operations", "histories", "batch"]).SelectMany(name => seen[name]!.AsArray()).Select(one => one!.GetValue<string>()));
        Assert.Equal([1, 1, 0], seen["searches"]!.AsArray().Select(count => count!.GetValue<int>()));
        Assert.Equal(410, seen["deleted"]!.GetValue<int>());
    }

    [Fact]
    public async System.Threading.Tasks.Task MedplumsClientDoesItsVerbs()
    {
        using var folder = new TemporaryFolder();
        var hospital = Artifacts.Hospital;
        using var server = await RunningServer.Start(folder.Path, ("Sandbox__Enabled", "false"));

        var (exitCode, output, error) = await ChildProcess.Run("node", ["medplum.mjs", server.Address.ToString()], hospital);

        Assert.True(exitCode == 0, error);
        var seen = JsonNode.Parse(output)!;
        Assert.Equal(
            ("1", "Medplum", "2", "Medplum 3", "Medplum", 3),
            (Text(seen, "created"), Text(seen, "read"), Text(seen, "updated"), Text(seen, "patched"), Text(seen, "vread"), seen["history"]!.GetValue<int>()));
        Assert.All((string[])["found", "one", "same"], name => Assert.True(seen[name]!.GetValue<bool>(), name));
        Assert.True(seen["pages"]!.GetValue<int>() > 1);
        Assert.Equal(["201", "201"], seen["transaction"]!.AsArray().Select(status => status!.GetValue<string>()));
        Assert.Equal(("OperationOutcome", "OperationOutcome", "processing", "deleted"), (Text(seen, "valid"), Text(seen, "raw"), Text(seen, "refusedPatch"), Text(seen, "deleted")));
        Assert.Equal("""[true,"Upsert 2","2"]""", seen["upserted"]!.ToJsonString());
        Assert.Equal("""["Binary","text/plain","the content"]""", seen["binary"]!.ToJsonString());
        Assert.Equal(("text/plain", 4, true), (Text(seen, "document"), seen["expanded"]!.GetValue<int>(), seen["reference"]!.GetValue<bool>()));
        Assert.Equal("""["Basic","Patient"]""", seen["everything"]!.ToJsonString());
        Assert.Equal("""["Organization","Patient"]""", seen["exported"]!.ToJsonString());
    }

    [Fact]
    public async System.Threading.Tasks.Task TheSmartClientDoesItsVerbs()
    {
        using var folder = new TemporaryFolder();
        var hospital = Artifacts.Hospital;
        using var server = await RunningServer.Start(folder.Path, ("Sandbox__Enabled", "false"));

        var (exitCode, output, error) = await ChildProcess.Run("node", ["smart.mjs", new Uri(server.Address, "/fhir").ToString()], hospital);

        Assert.True(exitCode == 0, error);
        var seen = JsonNode.Parse(output)!;
        Assert.Equal(
            ("1", "Smart", "2", "Smart 3", "Smart 3", "4.0.1"),
            (Text(seen, "created"), Text(seen, "read"), Text(seen, "updated"), Text(seen, "patched"), Text(seen, "resolved"), Text(seen, "version")));
        Assert.True(seen["pages"]!.GetValue<int>() > 1);
        Assert.Equal([4, 1, 3, 2], ((string[])["release", "references", "listed", "turned"]).Select(name => seen[name]!.GetValue<int>()));
        Assert.Equal(("Organization", "searchset", "OperationOutcome"), (Text(seen, "graph"), Text(seen, "posted"), Text(seen, "operation")));
        Assert.Equal("Smart 3", seen["response"]![2]!.GetValue<string>());
        Assert.Equal(410, seen["deleted"]!.GetValue<int>());
    }

    [Theory]
    [InlineData(ResourceFormat.Xml)]
    [InlineData(ResourceFormat.Json)]
    public async System.Threading.Tasks.Task TheDotNetClientDoesItsVerbs(ResourceFormat format)
    {
        using var folder = new TemporaryFolder();
        using var server = await RunningServer.Start(folder.Path, ("Sandbox__Enabled", "false"));
        using var client = new FhirClient(new Uri(server.Address, "/fhir"), new FhirClientSettings { PreferredFormat = format, VerifyFhirVersion = true });
        var cancel = TestContext.Current.CancellationToken;

        var created = (await client.CreateAsync(new Organization { Name = "Org", Active = true }, cancel))!;
        created.Name = "Org 2";
        var updated = (await client.UpdateAsync(created, versionAware: true, ct: cancel))!;
        var old = (await client.ReadAsync<Organization>($"Organization/{created.Id}/_history/1", ct: cancel))!;
        var history = (await client.HistoryAsync($"Organization/{created.Id}", ct: cancel))!;
        var found = (await client.SearchAsync<Organization>(["name=Org"], ct: cancel))!;
        await client.DeleteAsync($"Organization/{created.Id}", ct: cancel);
        var gone = await Assert.ThrowsAsync<FhirOperationException>(() => client.ReadAsync<Organization>($"Organization/{created.Id}", ct: cancel));

        Assert.Equal(("1", "2", "Org 2", "Org"), (created.Meta?.VersionId, updated.Meta?.VersionId, updated.Name, old.Name));
        Assert.Equal(2, history.Entry.Count);
        Assert.Contains(found.Entry, entry => entry.Resource?.Id == created.Id);
        Assert.Equal(System.Net.HttpStatusCode.Gone, gone.Status);
    }

    private static string Text(JsonNode seen, string name) => seen[name]!.GetValue<string>();
}
