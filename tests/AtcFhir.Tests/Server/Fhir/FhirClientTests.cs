using Hl7.Fhir.Model;
using Hl7.Fhir.Rest;

namespace AtcFhir.Tests.Server.Fhir;

/// <summary>Every verb of the SDK's client against the server, in the SDK's two formats.</summary>
public class FhirClientTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Theory]
    [InlineData(ResourceFormat.Xml)]
    [InlineData(ResourceFormat.Json)]
    public async Task ReadsWhatItCreates(ResourceFormat format)
    {
        using var client = Client(format);

        var created = await client.CreateAsync(Patient("Created"));
        var read = await client.ReadAsync<Patient>($"Patient/{created!.Id}");

        Assert.Equal("Created", read!.Name[0].Family);
        Assert.Equal("1", read.Meta!.VersionId);
        Assert.True(read.IsExactly(created));
    }

    [Theory]
    [InlineData(ResourceFormat.Xml)]
    [InlineData(ResourceFormat.Json)]
    public async Task UpdatesWithVersionsAndReadsTheOldOne(ResourceFormat format)
    {
        using var client = Client(format);
        var created = await client.CreateAsync(Patient("First"));

        created!.Name[0].Family = "Second";
        var updated = await client.UpdateAsync(created, versionAware: true);
        var old = await client.ReadAsync<Patient>($"Patient/{created.Id}/_history/1");

        Assert.Equal(("2", "First"), (updated!.Meta!.VersionId, old!.Name[0].Family));
        created.Meta!.VersionId = "1";
        var stale = await Assert.ThrowsAsync<FhirOperationException>(() => client.UpdateAsync(created, versionAware: true));
        Assert.Equal(System.Net.HttpStatusCode.PreconditionFailed, stale.Status);
        Assert.NotNull(stale.Outcome);
    }

    [Fact]
    public async Task DeletesAndMeetsGone()
    {
        using var client = Client(ResourceFormat.Xml);
        var created = await client.CreateAsync(Patient("Deleted"));

        await client.DeleteAsync($"Patient/{created!.Id}");

        var gone = await Assert.ThrowsAsync<FhirOperationException>(() => client.ReadAsync<Patient>($"Patient/{created.Id}"));
        Assert.Equal(System.Net.HttpStatusCode.Gone, gone.Status);
    }

    [Fact]
    public async Task ConditionalVerbsFindTheirResource()
    {
        using var client = Client(ResourceFormat.Xml);
        var condition = new SearchParams("identifier", "http://example.org/mrn|sdk-1");
        var patient = Patient("Conditional", "sdk-1");

        var first = await client.ConditionalCreateAsync(patient, condition);
        var second = await client.ConditionalCreateAsync(patient, condition);
        Assert.Equal(first!.Id, second!.Id);

        patient.Name[0].Family = "Changed";
        var updated = await client.ConditionalUpdateAsync(patient, condition);
        Assert.Equal((first.Id, "Changed"), (updated!.Id, updated.Name[0].Family));

        await client.ConditionalDeleteSingleAsync(condition, "Patient");
        await Assert.ThrowsAsync<FhirOperationException>(() => client.ReadAsync<Patient>($"Patient/{first.Id}"));
    }

    [Theory]
    [InlineData(ResourceFormat.Xml)]
    [InlineData(ResourceFormat.Json)]
    public async Task SearchesAndFollowsNextLinks(ResourceFormat format)
    {
        using var client = Client(format);
        for (var i = 0; i < 5; i++)
        {
            await client.CreateAsync(Patient("Paging" + format));
        }

        var seen = 0;
        var page = await client.SearchAsync<Patient>(["family=Paging" + format], pageSize: 2);
        while (page is not null)
        {
            seen += page.Entry.Count(entry => entry.Search?.Mode == Bundle.SearchEntryMode.Match);
            page = await client.ContinueAsync(page);
        }

        Assert.Equal(5, seen);
    }

    [Fact]
    public async Task SearchesByPostAndById()
    {
        using var client = Client(ResourceFormat.Xml);
        var created = await client.CreateAsync(Patient("Posted"));

        var posted = await client.SearchUsingPostAsync<Patient>(["family=Posted"]);
        var byId = await client.SearchByIdAsync<Patient>(created!.Id!);

        Assert.Equal(created.Id, Assert.Single(posted!.Entry).Resource!.Id);
        Assert.Single(byId!.Entry);
    }

    [Fact]
    public async Task ReadsHistories()
    {
        using var client = Client(ResourceFormat.Xml);
        var created = await client.CreateAsync(Patient("Historic"));
        created!.Active = true;
        await client.UpdateAsync(created);

        Assert.Equal(2, (await client.HistoryAsync($"Patient/{created.Id}"))!.Entry.Count);
        Assert.NotEmpty((await client.TypeHistoryAsync("Patient", pageSize: 3))!.Entry);
        Assert.NotEmpty((await client.WholeSystemHistoryAsync(pageSize: 3))!.Entry);
    }

    [Theory]
    [InlineData(ResourceFormat.Xml)]
    [InlineData(ResourceFormat.Json)]
    public async Task RunsTransactions(ResourceFormat format)
    {
        using var client = Client(format);
        var patient = Patient("Transacted");
        var builder = new TransactionBuilder(client.Endpoint, Bundle.BundleType.Transaction).Create(patient).Get("Patient?family=transacted");

        var answer = await client.TransactionAsync(builder.ToBundle());

        Assert.Equal(Bundle.BundleType.TransactionResponse, answer!.Type);
        Assert.StartsWith("201", answer.Entry[0].Response!.Status, StringComparison.Ordinal);
        Assert.NotEmpty(Assert.IsType<Bundle>(answer.Entry[1].Resource).Entry);
    }

    [Fact]
    public async Task PatchesWithFhirPathPatch()
    {
        using var client = Client(ResourceFormat.Xml);
        var created = await client.CreateAsync(Patient("Patched"));
        var patch = new Parameters().AddReplacePatchParameter("Patient.birthDate", new Date("1940-05-06"));

        var patched = (Patient?)await client.PatchAsync(new Uri($"Patient/{created!.Id}", UriKind.Relative), patch);

        Assert.Equal("1940-05-06", patched!.BirthDate);
    }

    [Fact]
    public async Task ValidatesResources()
    {
        using var client = Client(ResourceFormat.Xml);

        var valid = await client.ValidateResourceAsync(Patient("Valid"));
        var invalid = await client.ValidateCreateAsync(new Observation());

        Assert.True(valid.Success);
        Assert.False(invalid.Success);
    }

    [Fact]
    public async Task ReadsTheCapabilityStatement()
    {
        using var client = Client(ResourceFormat.Xml, verify: true);

        var statement = await client.CapabilityStatementAsync();

        Assert.Equal(FHIRVersion.N4_0_1, statement!.FhirVersion);
        Assert.NotNull(await client.ReadAsync<Patient>($"Patient/{(await client.CreateAsync(Patient("Verified")))!.Id}"));
    }

    [Fact]
    public async Task RefreshesOnlyWhatChanged()
    {
        using var client = Client(ResourceFormat.Json);
        var created = await client.CreateAsync(Patient("Fresh"));

        var unchanged = await Assert.ThrowsAsync<FhirOperationException>(() => client.ReadAsync<Patient>($"Patient/{created!.Id}", ifNoneMatch: "1"));

        Assert.Equal(System.Net.HttpStatusCode.NotModified, unchanged.Status);
    }

    [Fact]
    public async Task PatchesAndDeletesByConditionAndRefreshes()
    {
        using var client = Client(ResourceFormat.Xml);
        var condition = new SearchParams("identifier", "http://example.org/mrn|sdk-9");
        var created = await client.CreateAsync(Patient("Condition", "sdk-9"));

        var patched = await client.ConditionalPatchAsync<Patient>(condition, new Parameters().AddReplacePatchParameter("Patient.birthDate", new Date("1941")));
        var refreshed = await client.RefreshAsync(created!);

        Assert.Equal(("1941", "1941"), (patched!.BirthDate, refreshed!.BirthDate));
        await client.CreateAsync(Patient("Condition", "sdk-9"));
        await client.ConditionalDeleteMultipleAsync(new SearchParams("identifier", "http://example.org/mrn|sdk-9").LimitTo(10), "Patient");
        Assert.Empty((await client.SearchAsync<Patient>(["identifier=http://example.org/mrn|sdk-9"]))!.Entry);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunsOperationsByGetAndByPost(bool useGet)
    {
        using var client = Client(ResourceFormat.Xml);
        var created = await client.CreateAsync(Patient("Operated"));
        (created!.Active, created.Meta) = (true, new Meta { Tag = [new Coding("http://example.org/tags", "operated")] });
        await client.UpdateAsync(created);
        var ends = new Parameters().Add("from", new FhirString($"Patient/{created.Id}/_history/1")).Add("to", new FhirString($"Patient/{created.Id}"));

        var everything = await client.InstanceOperationAsync(new Uri($"http://localhost/fhir/Patient/{created.Id}"), "everything", useGet: useGet);
        var meta = await client.TypeOperationAsync<Patient>("meta", useGet: useGet);
        var diff = await client.WholeSystemOperationAsync("diff", ends, useGet);

        Assert.Equal(created.Id, Assert.IsType<Bundle>(everything).Entry[0].Resource!.Id);
        Assert.IsType<Meta>(Assert.Single(Assert.IsType<Parameters>(meta).Parameter).Value);
        Assert.NotEmpty(Assert.IsType<Parameters>(diff).Parameter);
    }

    [Fact]
    public async Task SearchesTheWholeSystem()
    {
        using var client = Client(ResourceFormat.Xml);
        var created = await client.CreateAsync(Patient("Everywhere"));

        var found = await client.WholeSystemSearchAsync([$"_id={created!.Id}"], pageSize: 5);
        var posted = await client.WholeSystemSearchUsingPostAsync([$"_id={created.Id}"], pageSize: 5);

        Assert.Equal([created.Id, created.Id], found!.Entry.Concat(posted!.Entry).Select(entry => entry.Resource!.Id));
    }

    private static Patient Patient(string family, string identifier = "sdk") => new()
    {
        Identifier = [new Identifier("http://example.org/mrn", identifier)],
        Name = [new HumanName { Family = family }],
        BirthDate = "1950",
    };

    private FhirClient Client(ResourceFormat format, bool verify = false) => new(
        new Uri("http://localhost/fhir"),
        new FhirClientSettings { PreferredFormat = format, VerifyFhirVersion = verify, ReturnPreference = ReturnPreference.Representation },
        server.App.CreateHandler());
}
