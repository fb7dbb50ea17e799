using AtcFhir.EndToEnd.Running;
using Hl7.Fhir.Model;
using Hl7.Fhir.Rest;

namespace AtcFhir.EndToEnd;

/// <summary>The terminology operations of the published server, asked by the SDK's own calls. Under Validation:OnWrite=Enforce.</summary>
public class TerminologyTests
{
    private const string Loinc = "http://loinc.org";

    [Theory]
    [InlineData(ResourceFormat.Xml)]
    [InlineData(ResourceFormat.Json)]
    public async System.Threading.Tasks.Task TheDotNetClientAsksItsQuestions(ResourceFormat format)
    {
        using var folder = new TemporaryFolder();
        using var server = await RunningServer.Start(folder.Path, ("Sandbox__Enabled", "false"));
        using var client = new FhirClient(new Uri(server.Address, "/fhir"), new FhirClientSettings { PreferredFormat = format });

        var expanded = (await client.ExpandValueSetAsync(new FhirUri("http://hl7.org/fhir/ValueSet/administrative-gender")))!;
        var ours = (await client.ExpandValueSetAsync(new Uri("ValueSet/ecog-grades", UriKind.Relative), filter: new FhirString("3")))!;
        var female = await client.ValidateCodeAsync(url: new FhirUri("http://hl7.org/fhir/ValueSet/administrative-gender"), system: new FhirUri("http://hl7.org/fhir/administrative-gender"), code: new Code("female"));
        var onInstance = await client.ValidateCodeAsync("ecog-grades", coding: new Coding("https://example.org/atcfhir/CodeSystem/ecog-grade", "7"));
        var looked = (await client.ConceptLookupAsync(system: new FhirUri("http://hl7.org/fhir/observation-status"), code: new Code("amended")))!;
        var translated = (Parameters)(await client.InstanceOperationAsync(
            new Uri("ConceptMap/ecog-answers-to-grades", UriKind.Relative), "translate", new Parameters().Add("coding", new Coding(Loinc, "LA9624-3"))))!;
        var unknown = await Assert.ThrowsAsync<FhirOperationException>(() => client.ExpandValueSetAsync(new FhirUri("http://example.org/ValueSet/none")));

        Assert.Equal(["male", "female", "other", "unknown"], expanded.Expansion!.Contains.Select(code => code.Code));
        Assert.Equal(["3"], ours.Expansion!.Contains.Select(code => code.Code));
        Assert.True(female!.Result!.Value);
        Assert.False(onInstance!.Result!.Value);
        Assert.Equal("Amended", looked.GetSingleValue<FhirString>("display")!.Value);
        Assert.True(translated.GetSingleValue<FhirBoolean>("result")!.Value);
        Assert.Equal("2", translated.Parameter.Single(parameter => parameter.Name == "match").Part.Where(part => part.Name == "concept").Select(part => ((Coding)part.Value!).Code).Single());
        Assert.Equal(System.Net.HttpStatusCode.NotFound, unknown.Status);
    }
}
