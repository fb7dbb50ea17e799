using AtcFhir.Store;
using AtcFhir.Store.Search;

namespace AtcFhir.Tests.Store.Search;

public class ReindexingTests
{
    private const string Parameter = """
        {"resourceType":"SearchParameter","url":"http://example.org/SearchParameter/marital","name":"marital","status":"active","description":"x","code":"marital","base":["Patient"],
         "type":"token","expression":"Patient.maritalStatus"}
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ACustomParameterFindsWhatWasStoredBeforeAndAfterIt()
    {
        await using var test = new TestStore();
        await test.Create(Patient("M"), "before");

        Assert.Equal(1, (await Reindexing.Apply(test.Store, [Custom()], Cancel)).Value);
        await test.Create(Patient("M"), "after");
        await test.Create(Patient("S"), "single");

        Assert.Equal(["before", "after"], await test.Ids("Patient", "marital=M"));
        Assert.Equal(0, (await ((IStoreMaintenance)test.Store).Check(Cancel)).FaultCount);
    }

    [Fact]
    public async Task ItOutlivesARestartAndCanBeTakenAway()
    {
        await using var test = new TestStore();
        await test.Create(Patient("M"), "p");
        await Reindexing.Apply(test.Store, [Custom()], Cancel);
        await test.Reopen();
        Assert.Equal(["p"], await test.Ids("Patient", "marital=M"));
        Assert.Equal(0, (await Reindexing.Apply(test.Store, [Custom()], Cancel)).Value);

        Assert.Equal(1, (await Reindexing.Apply(test.Store, [], Cancel)).Value);

        Assert.NotNull(SearchRequest.Parse(test.Store.SearchParameters, "Patient", "marital=M", SearchHandling.Strict).Failure);
        Assert.Equal(0, (await ((IStoreMaintenance)test.Store).Check(Cancel)).FaultCount);
    }

    [Fact]
    public async Task UntilEverythingIsIndexedItCannotBeSearchedBy()
    {
        await using var test = new TestStore();
        await test.Store.Declare([Custom()], Cancel);

        Assert.NotNull(SearchRequest.Parse(test.Store.SearchParameters, "Patient", "marital=M", SearchHandling.Strict).Failure);
    }

    [Fact]
    public async Task AVersionThatIsNotCurrentAnyMoreIsPassedOver()
    {
        await using var test = new TestStore();
        await test.Create(Patient("M"), "p");
        var stale = test.Prepare(Patient("S"), "p");
        await test.Update(Patient("D"), "p");

        await test.Store.Commit(new WriteBatch([], null) { Reindexed = [new ReindexedResource(stale, "1")] }, Cancel);

        Assert.Equal(0, (await ((IStoreMaintenance)test.Store).Check(Cancel)).FaultCount);
    }

    [Theory]
    [InlineData("\"token\"", "\"special\"")]
    [InlineData("\"expression\":\"Patient.maritalStatus\"", "\"expression\":\"Patient.((\"")]
    [InlineData(",\"expression\":\"Patient.maritalStatus\"", "")]
    [InlineData("[\"Patient\"]", "[\"Resource\"]")]
    [InlineData("\"code\":\"marital\"", "\"code\":\"_id\"")]
    public void WhatCannotBeIndexedIsRefused(string part, string instead)
    {
        var json = Parameter.ReplaceLineEndings("").Replace("         ", "", StringComparison.Ordinal);
        Assert.Contains(part, json, StringComparison.Ordinal);
        Assert.False(CustomSearchParameter.Of(TestStore.Document(json.Replace(part, instead, StringComparison.Ordinal))).Succeeded);
    }

    private static CustomSearchParameter Custom() => CustomSearchParameter.Of(TestStore.Document(Parameter)).Value;

    private static string Patient(string marital) => $$"""{"resourceType":"Patient","maritalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","code":"{{marital}}"}]} }""";
}
