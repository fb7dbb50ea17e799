using AtcFhir.Store;
using AtcFhir.Trial.Study;

namespace AtcFhir.Tests.Server.Hosting;

/// <summary>Under Validation:OnWrite=Enforce.</summary>
public class StudyLoaderTests
{
    [Fact]
    public async Task TheStudyIsThereUnderItsId()
    {
        await using var app = await new ServerApp().Ready();

        var study = await app.Get("ResearchStudy/atc-anakinra1");

        Assert.Equal(200, study.Status);
        Assert.Equal("ResearchStudy", study.ResourceType);
        Assert.NotEmpty((await app.Get("StructureDefinition?url=https://example.org/atcfhir/StructureDefinition/ecog-performance-status")).Matches);
    }

    [Fact]
    public async Task ASecondStartChangesNothingAndLeavesWhatWasEdited()
    {
        using var folder = new TempFolder();
        string[] settings = [.. folder.Keys, "Store:ConnectionString=Data Source=" + Path.Combine(folder.Path, "study.db")];
        int total;
        await using (var first = await new ServerApp(settings).Ready())
        {
            var study = await first.Get("ResearchStudy/atc-anakinra1");
            var edited = await first.Patch(
                "ResearchStudy/atc-anakinra1",
                """[{"op":"add","path":"/description","value":"Edited here."}]""",
                ("Content-Type", "application/json-patch+json"));
            Assert.Equal(200, edited.Status);
            total = (int)(await first.Get("_history?_count=1")).Json["total"]!;
        }

        await using var second = await new ServerApp(settings).Ready();

        Assert.Equal(total, (int)(await second.Get("_history?_count=1")).Json["total"]!);
        Assert.Equal("Edited here.", (string?)(await second.Get("ResearchStudy/atc-anakinra1")).Json["description"]);
    }

    [Fact]
    public async Task EverythingOfThePackageAndOurOwnOperationsAreLoadedByTheSystem()
    {
        await using var app = await new ServerApp().Ready();
        var package = StudyPackage.Embedded;

        var rows = await app.Endpoint.Store.Audit(new AuditQuery(Limit: 10_000), TestContext.Current.CancellationToken);

        Assert.Equal(package.Conformance.Count + package.Instances.Count + AtcFhir.Server.Fhir.OwnOperations.Definitions().Count(), rows.Count);
        Assert.All(rows, row => Assert.Equal("system", row.Entry.Actor));
    }

    [Fact]
    public async Task APackageThatIsNotThereStopsTheServerWithAMessage()
    {
        var wrong = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await using var app = new ServerApp("Study:Package=/does/not/exist");
        });

        Assert.NotNull(wrong);
    }
}
