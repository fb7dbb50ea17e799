using AtcFhir.Sync.Border;

namespace AtcFhir.Tests.Sync.Border;

public sealed class HospitalReferenceTests
{
    private static readonly Uri Base = new("https://ehr.test/fhir/r4/");

    [Theory]
    [InlineData("Patient/1", "Patient/1")]
    [InlineData("Patient/1/_history/3", "Patient/1")]
    [InlineData("https://ehr.test/fhir/r4/Patient/1", "Patient/1")]
    [InlineData("https://EHR.test/fhir/r4/Patient/1", "Patient/1")]
    [InlineData("https://alias.test/fhir/r4/Patient/1", "Patient/1")]
    [InlineData("https://other.test/fhir/r4/Patient/1", null)]
    [InlineData("https://ehr.test/elsewhere/Patient/1", null)]
    [InlineData("urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", null)]
    [InlineData("#p", null)]
    [InlineData("Patient", null)]
    [InlineData("patient/1", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void OnlyReferencesToThisHospitalAreUnderstood(string? reference, string? expected)
        => Assert.Equal(expected, HospitalReference.Parse(reference, Base, ["alias.test"])?.ToString());
}
