using static AtcFhir.Tests.Server.Fhir.Resources;

namespace AtcFhir.Tests.Server.Fhir;

public class ReindexTests
{
    [Fact]
    public async Task ASearchParameterResourceBecomesWhatCanBeSearchedBy()
    {
        await using var app = await ServerApp.OfPlainStudy("Validation:Types:SearchParameter:OnWrite=Off").Ready();
        await app.Put("Patient/p", Patient("p", extra: """ "photo":[{"title":"Portrait"}],"""));
        Assert.Equal(201, (await app.Post("SearchParameter", Parameter("photo-title", "Patient.photo.title"))).Status);
        Assert.Equal(201, (await app.Post("SearchParameter", Parameter("wrong", "Observation.(("))).Status);
        (await app.Get("Patient?photo-title=port", ("Prefer", "handling=strict"))).Refuses(400, "not-supported");

        var done = await app.Post("$reindex", "");

        Assert.Equal(200, done.Status);
        Assert.Contains("1 search parameters", done.Text, StringComparison.Ordinal);
        Assert.Contains("does not apply", done.Text, StringComparison.Ordinal);
        Assert.Equal(["p"], (await app.Get("Patient?photo-title=port", ("Prefer", "handling=strict"))).Matches);
        Assert.Contains("\"photo-title\"", (await app.Get("metadata")).Text, StringComparison.Ordinal);
    }

    private static string Parameter(string code, string expression) => $$"""
        {"resourceType":"SearchParameter","url":"http://example.org/SearchParameter/{{code}}","name":"Custom","status":"active","description":"x","code":"{{code}}","base":["Patient"],"type":"string","expression":"{{expression}}"}
        """;
}
