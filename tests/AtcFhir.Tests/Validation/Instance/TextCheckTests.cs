using AtcFhir.Tests.Validation.Profiles;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Tests.Validation.Instance;

/// <summary>Texts that look right and are not.</summary>
public class TextCheckTests
{
    private static readonly Lazy<Validator> Official = new(() => new Validator(ConformanceSource.Official));

    private static IReadOnlyList<string> WhiteSpace(string json)
        => [.. Official.Value.Validate(ProfileFixture.Read(json)).Issues.Where(issue => issue.Rule == "ATC-V103").Select(issue => issue.Expression ?? "")];

    [Theory]
    [InlineData("Jansen", false)]
    [InlineData(" Jansen", true)]
    [InlineData("Jansen ", true)]
    public void WhiteSpaceAroundATextIsTold(string family, bool isTold)
        => Assert.Equal(isTold ? ["Patient.name[0].family"] : [], WhiteSpace($$"""{"resourceType":"Patient","name":[{"family":"{{family}}"}]}"""));

    /// <summary>R4's Observation.subject has a mapping "participation[typeCode=RTGT] ", which every snapshot of a profile repeats.</summary>
    [Theory]
    [InlineData("constraint", true, false)]
    [InlineData("constraint", false, true)]
    [InlineData("specialization", true, true)]
    public void WhiteSpaceThatASnapshotTookOverIsNoFaultOfTheProfile(string derivation, bool hasDifferential, bool isTold)
    {
        var differential = hasDifferential ? ",\"differential\":{\"element\":[{\"id\":\"Observation.subject\",\"path\":\"Observation.subject\",\"min\":1}]}" : "";
        Assert.Equal(
            isTold ? ["StructureDefinition.snapshot.element[0].mapping[0].map"] : [],
            WhiteSpace($$$"""
                {"resourceType":"StructureDefinition","url":"http://example.org/p","name":"P","status":"draft","kind":"resource","abstract":false,"type":"Observation","derivation":"{{{derivation}}}",
                 "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Observation","mapping":[{"identity":"rim"}],
                 "snapshot":{"element":[{"id":"Observation","path":"Observation","mapping":[{"identity":"rim","map":"participation[typeCode=RTGT] "}]}]}{{{differential}}}}
                """));
    }

    [Fact]
    public void WhiteSpaceThatTheAuthorOfAProfileWroteIsTold()
        => Assert.Equal(
            ["StructureDefinition.differential.element[0].short"],
            WhiteSpace("""
                {"resourceType":"StructureDefinition","url":"http://example.org/p","name":"P","status":"draft","kind":"resource","abstract":false,"type":"Observation","derivation":"constraint",
                 "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Observation","differential":{"element":[{"id":"Observation.subject","path":"Observation.subject","short":"who "}]}}
                """));
}
