using System.Text.Json;
using AtcFhir.R4.Definitions;

namespace AtcFhir.Tests.R4.Definitions;

public sealed class R4ProfilesTests
{
    private const string Prefix = "http://hl7.org/fhir/StructureDefinition/";

    [Theory]
    [InlineData("vitalsigns", "Observation")]
    [InlineData("bp|4.0.1", "Observation")]
    [InlineData("SimpleQuantity", "Quantity")]
    [InlineData("data-absent-reason", "Extension")]
    [InlineData("iso21090-ADXP-streetName", "Extension")]
    [InlineData("patient-birthTime", "Extension")]
    [InlineData("lipidprofile", "DiagnosticReport")]
    public void AProfileIsFoundByItsCanonical(string canonical, string type)
    {
        using var profile = JsonDocument.Parse(R4Profiles.Find(Prefix + canonical)!.Value);
        Assert.Equal(type, profile.RootElement.GetProperty("type").GetString());
        Assert.Equal("constraint", profile.RootElement.GetProperty("derivation").GetString());
        Assert.NotEqual(0, profile.RootElement.GetProperty("snapshot").GetProperty("element").GetArrayLength());
    }

    [Theory]
    [InlineData("bp|3.0.1")]
    [InlineData("Observation")]
    [InlineData("none")]
    public void AnotherVersionABaseTypeOrAnUnknownOneIsNot(string canonical) => Assert.Null(R4Profiles.Find(Prefix + canonical));

    [Fact]
    public void AllOfThemAreThere() => Assert.Equal(439, R4Profiles.Canonicals.Count);
}
