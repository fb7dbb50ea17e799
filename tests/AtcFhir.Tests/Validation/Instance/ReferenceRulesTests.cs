using static AtcFhir.Tests.Validation.Profiles.ProfileFixture;

namespace AtcFhir.Tests.Validation.Instance;

/// <summary>What a profile demands of a reference: where the target stands, whether a version is named, and of which type it is.</summary>
public class ReferenceRulesTests
{
    private const string Contained = ",\"contained\":[{\"resourceType\":\"Patient\",\"id\":\"p\"}]";

    private static AtcFhir.R4.Documents.ResourceDocument Subject(string more)
        => Profile("Observation", $$"""{"id":"Observation.subject","path":"Observation.subject","type":[{"code":"Reference","targetProfile":["http://hl7.org/fhir/StructureDefinition/Patient"]{{more}}}]}""");

    private static IReadOnlyList<string> Of(string reference, string more) => Errors(
        Observation($$"""
            "subject":{"reference":"{{reference}}"}{{(reference == "#p" ? Contained : "")}}
            """), Subject(more));

    [Theory]
    [InlineData("contained", "#p", true)]
    [InlineData("contained", "Patient/p", false)]
    [InlineData("referenced", "#p", false)]
    [InlineData("referenced", "Patient/p", true)]
    [InlineData("bundled", "Patient/p", false)]
    [InlineData("referenced\",\"contained", "#p", true)]
    public void TheTargetStandsWhereAggregationSays(string aggregation, string reference, bool isRight)
        => Assert.Equal(isRight ? [] : ["ATC-V075 Observation.subject"], Of(reference, $",\"aggregation\":[\"{aggregation}\"]"));

    [Theory]
    [InlineData("bundled", true, true)]
    [InlineData("bundled", false, false)]
    [InlineData("contained", true, false)]
    public void WhatIsInTheBundleIsBundled(string aggregation, bool isThere, bool isRight)
    {
        var patient = isThere ? """,{"fullUrl":"http://example.org/fhir/Patient/p","resource":{"resourceType":"Patient","id":"p"}}""" : "";
        var bundle = $$$"""
            {"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"http://example.org/fhir/Observation/o","resource":
             {"resourceType":"Observation","id":"o","meta":{"profile":["{{{Url}}}"]},"status":"final","code":{"text":"x"},"subject":{"reference":"Patient/p"} } } {{{patient}}}]}
            """;
        var validator = new AtcFhir.Validation.Validator(AtcFhir.Validation.Conformance.ConformanceSource.Official.With(Subject($",\"aggregation\":[\"{aggregation}\"]")));
        Assert.Equal(isRight ? [] : ["ATC-V075 Bundle.entry[0].resource.subject"], validator.Validate(Read(bundle)).Issues.Where(issue => issue.IsError).Select(issue => $"{issue.Rule} {issue.Expression}"));
    }

    [Theory]
    [InlineData("specific", "Patient/p/_history/1", true)]
    [InlineData("specific", "Patient/p", false)]
    [InlineData("independent", "Patient/p", true)]
    [InlineData("independent", "Patient/p/_history/1", false)]
    [InlineData("either", "Patient/p/_history/1", true)]
    [InlineData("either", "Patient/p", true)]
    public void TheVersionIsNamedAsVersioningSays(string versioning, string reference, bool isRight)
        => Assert.Equal(isRight ? [] : ["ATC-V076 Observation.subject"], Of(reference, "").Concat(Errors(
            Observation($$"""
                "subject":{"reference":"{{reference}}"}
                """), Profile("Observation", $$"""{"id":"Observation.subject","path":"Observation.subject","type":[{"code":"Reference","targetProfile":["http://hl7.org/fhir/StructureDefinition/Patient"],"versioning":"{{versioning}}"}]}"""))));

    [Theory]
    [InlineData("\"type\":\"Patient\",\"identifier\":{\"value\":\"1\"}", true)]
    [InlineData("\"identifier\":{\"value\":\"1\"}", true)]
    [InlineData("\"display\":\"somebody\"", true)]
    [InlineData("\"type\":\"Group\",\"identifier\":{\"value\":\"1\"}", false)]
    [InlineData("\"reference\":\"urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7\"", true)]
    [InlineData("\"reference\":\"http://example.org/fhir/Group/1\"", false)]
    [InlineData("\"reference\":\"Group/1\"", false)]
    [InlineData("\"reference\":\"Group/1/_history/2\"", false)]
    public void ALogicalReferenceIsJudgedByTheTypeThatItStates(string members, bool isRight)
        => Assert.Equal(isRight ? [] : ["ATC-V071 Observation.subject"], Errors(Observation($"\"subject\":{{{members}}}"), Subject("")));
}
