using static AtcFhir.Tests.Server.Fhir.Resources;

namespace AtcFhir.Tests.Server.Fhir;

public class DiffTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private ServerApp App => server.App;

    [Fact]
    public async Task TheLastChangeIsAPatchThatCanBeAppliedAgain()
    {
        await App.Put("Patient/diff-1", Patient("diff-1", "Old"));
        await App.Put("Patient/diff-1", Patient("diff-1", "New"));

        var diff = await App.Get("Patient/diff-1/$diff");

        Assert.Equal(200, diff.Status);
        var operation = diff.Json["parameter"]!.AsArray().Single()!["part"]!;
        Assert.Equal(("replace", "Patient.name[0].family", "New"), ((string?)operation[0]!["valueCode"], (string?)operation[1]!["valueString"], (string?)operation[2]!["valueString"]));
        await App.Put("Patient/diff-1", Patient("diff-1", "Old"));
        Assert.Equal("New", (string?)(await App.Patch("Patient/diff-1", diff.Text)).Json["name"]![0]!["family"]);
    }

    [Fact]
    public async Task AsAJsonPatchItCanBeAppliedToTheVersionBefore()
    {
        await App.Put("Patient/diff-4", Patient("diff-4", "Old"));
        var old = await App.Get("Patient/diff-4");
        await App.Put("Patient/diff-4", Patient("diff-4", "New", extra: """ "active":true,"""));
        var diff = await App.Get("Patient/diff-4/$diff?from=1&to=2&patch=json");
        Assert.Equal((200, "application/json-patch+json"), (diff.Status, diff.Header("Content-Type")));

        await App.Put("Patient/diff-4", old.Text);
        var patched = await App.Patch("Patient/diff-4", diff.Text, ("Content-Type", "application/json-patch+json"));

        Assert.Equal(("New", true), ((string?)patched.Json["name"]![0]!["family"], (bool?)patched.Json["active"]));
        Assert.Equal("[]", (await App.Get("$diff?from=Patient/diff-4&to=Patient/diff-4/_history/2&patch=json")).Text);
        (await App.Get("Patient/diff-4/$diff?patch=xml")).Refuses(400, "value");
    }

    [Fact]
    public async Task VersionsAndResourcesCanBeNamed()
    {
        await App.Put("Patient/diff-2", Patient("diff-2", "A"));
        await App.Put("Patient/diff-2", Patient("diff-2", "B"));
        await App.Put("Patient/diff-2", Patient("diff-2", "C"));

        Assert.Contains("\"A\"", (await App.Get("Patient/diff-2/$diff?from=3&to=1")).Text, StringComparison.Ordinal);
        Assert.Contains("\"B\"", (await App.Get("$diff?from=Patient/diff-2&to=Patient/diff-2/_history/2")).Text, StringComparison.Ordinal);
        Assert.False((await App.Get("$diff?from=Patient/diff-2&to=Patient/diff-2")).Json.ContainsKey("parameter"));
    }

    [Fact]
    public async Task WhatIsNotThereIsSaid()
    {
        await App.Put("Patient/diff-3", Patient("diff-3"));

        (await App.Get("Patient/diff-3/$diff")).Refuses(404, "not-found");
        (await App.Get("Patient/diff-3/$diff?from=7")).Refuses(404, "not-found");
        (await App.Get("$diff?from=Patient/diff-3")).Refuses(400, "required");
        (await App.Get("$diff?from=Patient/diff-3&to=nonsense")).Refuses(400, "value");
    }
}
