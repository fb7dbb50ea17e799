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

    [Fact]
    public async Task ACustomCompositeAsksForAllItsComponentsInOneElement()
    {
        await using var test = new TestStore();
        await test.Create(Contacts("male", "Smith", "female", "Jones"), "before");
        CustomSearchParameter[] custom = [Of("contact-gender", "token", "Patient.contact.gender"), Of("contact-family", "string", "Patient.contact.name.family"), Composite("Patient.contact")];

        Assert.Equal(1, (await Reindexing.Apply(test.Store, custom, Cancel)).Value);
        await test.Create(Contacts("female", "Smith", "male", "Jones"), "after");

        Assert.Equal(["after"], await test.Ids("Patient", "contact-gender-family=female$smith"));
        Assert.Equal(["before"], await test.Ids("Patient", "contact-gender-family=female$jones"));
        Assert.Equal(["before", "after"], await test.Ids("Patient", "contact-gender-family=female$jones,female$smith"));
        Assert.Equal(["before", "after"], await test.Ids("Patient", "contact-family=jones"));
        Assert.Equal(0, (await ((IStoreMaintenance)test.Store).Check(Cancel)).FaultCount);
        Assert.Equal(2, (await Reindexing.Apply(test.Store, custom[..2], Cancel)).Value);
        Assert.Equal(0, (await ((IStoreMaintenance)test.Store).Check(Cancel)).FaultCount);
    }

    [Fact]
    public async Task ACustomCompositeTakesWhatItsExpressionsSayAsTheTypeOfItsDefinitions()
    {
        await using var test = new TestStore();
        await test.Create("""{"resourceType":"Observation","status":"final","code":{"coding":[{"code":"whole"}]},"component":[{"code":{"coding":[{"code":"part"}]},"valueQuantity":{"value":3}}]}""", "o");
        var composite = TestStore.Document("""
            {"resourceType":"SearchParameter","url":"http://example.org/SearchParameter/part","name":"part","status":"active","description":"x","code":"part","base":["Observation"],
             "type":"composite","expression":"Observation.component","component":[
               {"definition":"http://hl7.org/fhir/SearchParameter/clinical-code","expression":"code"},
               {"definition":"http://hl7.org/fhir/SearchParameter/Observation-value-quantity","expression":"value.as(Quantity)"}]}
            """);

        Assert.Equal(1, (await Reindexing.Apply(test.Store, [CustomSearchParameter.Of(composite).Value], Cancel)).Value);

        Assert.Equal(["o"], await test.Ids("Observation", "part=part$3"));
        Assert.Empty(await test.Ids("Observation", "part=whole$3"));
    }

    [Fact]
    public void ACompositeOfWhatIsNotThereIsLeftOut()
    {
        var gender = Of("contact-gender", "token", "Patient.contact.gender");

        var (fit, unfit) = CustomSearchParameter.Compatible([Composite("Patient.contact"), gender]);

        Assert.Equal([gender], fit);
        Assert.Contains("contact-family", unfit.Single().Issues[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void ACodeThatIsTakenIsLeftOut()
    {
        var (first, second, elsewhere) = (Of("gender-of-contact", "token", "Patient.contact.gender"), Of("gender-of-contact", "string", "Patient.contact.name.family"), Of("gender", "string", "Patient.name.family"));

        var (fit, unfit) = CustomSearchParameter.Compatible([first, second, elsewhere]);

        Assert.Equal([first], fit);
        Assert.Contains("is that of http://example.org/SearchParameter/gender-of-contact.", unfit[0].Issues[0].Text, StringComparison.Ordinal);
        Assert.Contains("is that of http://hl7.org/fhir/SearchParameter/individual-gender.", unfit[1].Issues[0].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Patient.contact.name")]
    [InlineData("Patient.contact.where(gender='male')")]
    [InlineData("Patient.name")]
    public void ACompositeWhoseElementTheIndexCannotTellApartOrThatHasNoSuchPartIsRefused(string expression)
        => Assert.False(CustomSearchParameter.Of(TestStore.Document(CompositeJson(expression))).Succeeded);

    private static CustomSearchParameter Composite(string expression) => CustomSearchParameter.Of(TestStore.Document(CompositeJson(expression))).Value;

    private static string CompositeJson(string expression) => $$"""
        {"resourceType":"SearchParameter","url":"http://example.org/SearchParameter/contact-gender-family","name":"both","status":"active","description":"x","code":"contact-gender-family",
         "base":["Patient"],"type":"composite","expression":"{{expression}}","component":[
           {"definition":"http://example.org/SearchParameter/contact-gender","expression":"gender"},
           {"definition":"http://example.org/SearchParameter/contact-family","expression":"name.family"}]}
        """;

    private static CustomSearchParameter Of(string code, string type, string expression) => CustomSearchParameter.Of(TestStore.Document($$"""
        {"resourceType":"SearchParameter","url":"http://example.org/SearchParameter/{{code}}","name":"x","status":"active","description":"x","code":"{{code}}","base":["Patient"],"type":"{{type}}","expression":"{{expression}}"}
        """)).Value;

    private static string Contacts(string gender, string family, string gender2, string family2)
        => $$"""{"resourceType":"Patient","contact":[{"gender":"{{gender}}","name":{"family":"{{family}}"} },{"gender":"{{gender2}}","name":{"family":"{{family2}}"} }]}""";

    private static CustomSearchParameter Custom() => CustomSearchParameter.Of(TestStore.Document(Parameter)).Value;

    private static string Patient(string marital) => $$"""{"resourceType":"Patient","maritalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","code":"{{marital}}"}]} }""";
}
