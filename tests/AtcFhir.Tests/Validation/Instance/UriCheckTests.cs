using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;
using static AtcFhir.Tests.Validation.Profiles.ProfileFixture;

namespace AtcFhir.Tests.Validation.Instance;

/// <summary>URIs that say what they hold, in elements of the type uri and in strings that hold one.</summary>
public class UriCheckTests
{
    private static readonly AtcFhir.R4.Documents.ResourceDocument Nothing = Profile("Observation", """{"id":"Observation.status","path":"Observation.status"}""");

    [Theory]
    [InlineData("urn:oid:2.16.840.1.113883", null)]
    [InlineData("urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7", null)]
    [InlineData("urn:oid:9.1", "ATC-V136")]
    [InlineData("urn:uuid:53FEFA32-FCBB-4FF8-8A92-55EE120877B7", "ATC-V136")]
    [InlineData("urn:uuid:1", "ATC-V136")]
    [InlineData("urn:oid:1.02.3", "ATC-V136")]
    [InlineData("urn:oid:1.0.20", null)]
    [InlineData("urn:oid:1.2.3", null)]
    public void AUrnHoldsWhatItNames(string uri, string? rule)
    {
        void Is(string members, string expression)
            => Assert.Equal(rule is null ? [] : [$"{rule} {expression}"], Errors(Observation(members), Nothing));

        Is($$$"""  "identifier":[{"system":"{{{uri}}}","value":"1"}] """, "Observation.identifier[0].system");
        Is($$$"""  "identifier":[{"system":"urn:ietf:rfc:3986","value":"{{{uri}}}"}] """, "Observation.identifier[0].value");
    }

    /// <summary>R4, ValueSet.compose.include.system: "An absolute URI which is the code system from which the selected codes come from.".</summary>
    [Theory]
    [InlineData("include", "codes", "ATC-V137 ValueSet.compose.include[0].system")]
    [InlineData("include", "http://example.org/codes", null)]
    public void TheSystemOfAValueSetIsAbsolute(string part, string system, string? expected)
        => Assert.Equal(
            expected is null ? [] : [expected],
            new Validator(ConformanceSource.Official)
                .Validate(Read($$$"""{"resourceType":"ValueSet","status":"draft","compose":{"{{{part}}}":[{"system":"{{{system}}}","concept":[{"code":"a"}]}] } }""")).Issues
                .Where(issue => issue.IsError).Select(issue => $"{issue.Rule} {issue.Expression}"));

    /// <summary>R4, Identifier.system: "the namespace for the value - that is, a URL that describes a set values that are unique".</summary>
    [Theory]
    [InlineData("patients")]
    [InlineData("www.example.org/patients")]
    public void TheSystemOfAnIdentifierIsAbsolute(string system)
        => Assert.Equal(["ATC-V135 Observation.identifier[0].system"], Errors(Observation($$$"""  "identifier":[{"system":"{{{system}}}","value":"1"}] """), Nothing));
}
