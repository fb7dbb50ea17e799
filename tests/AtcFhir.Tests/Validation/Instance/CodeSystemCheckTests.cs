using AtcFhir.Tests.Validation.Profiles;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Tests.Validation.Instance;

/// <summary>A CodeSystem keeps to its own statements.</summary>
public class CodeSystemCheckTests
{
    private static readonly Lazy<Validator> Official = new(() => new Validator(ConformanceSource.Official));

    private static IReadOnlyList<string> Errors(string more)
        => [.. Official.Value.Validate(ProfileFixture.Read($$"""{"resourceType":"CodeSystem","url":"http://example.org/s","status":"active",{{more}}}""")).Issues.Where(issue => issue.IsError).Select(issue => $"{issue.Rule} {issue.Expression}")];

    /// <summary>R4, CodeSystem.concept.property.code: "A code that is a reference to CodeSystem.property.code."</summary>
    [Theory]
    [InlineData("""{"code":"weight","valueInteger":7}""", null)]
    [InlineData("""{"code":"inactive","valueBoolean":true}""", null)]
    [InlineData("""{"code":"next","valueCode":"b"}""", null)]
    [InlineData("""{"code":"wait","valueInteger":7}""", "ATC-V132 CodeSystem.concept[0].property[0].code")]
    [InlineData("""{"code":"weight","valueString":"7"}""", "ATC-V132 CodeSystem.concept[0].property[0].value")]
    [InlineData("""{"code":"next","valueCode":"c"}""", "ATC-V132 CodeSystem.concept[0].property[0].value")]
    public void APropertyIsOneThatTheSystemDeclares(string property, string? expected)
        => Assert.Equal(
            expected is null ? [] : [expected],
            Errors($$"""
                "content":"complete","property":[{"code":"weight","type":"integer"},{"code":"next","type":"code"}],"concept":[{"code":"a","property":[{{property}}],"concept":[{"code":"b"}]}]
                """));

    [Fact]
    public void AFragmentMayNameWhatItDoesNotHold()
        => Assert.Empty(Errors(""" "content":"fragment","property":[{"code":"next","type":"code"}],"concept":[{"code":"a","property":[{"code":"next","valueCode":"z"}]}] """));

    [Theory]
    [InlineData(""" "content":"complete","count":2,"concept":[{"code":"a","concept":[{"code":"b"}]}] """, null)]
    [InlineData(""" "content":"complete","count":3,"concept":[{"code":"a"}] """, "ATC-V132 CodeSystem.count")]
    [InlineData(""" "content":"not-present","concept":[{"code":"a"}] """, "ATC-V132 CodeSystem.concept[0]")]
    [InlineData(""" "content":"supplement","concept":[{"code":"a"}] """, "ATC-V132 CodeSystem")]
    public void WhatItSaysOfItselfIsTrue(string more, string? expected) => Assert.Equal(expected is null ? [] : [expected], Errors(more));

    /// <summary>R4, CodeSystem.valueSet: "The definition of the value set SHALL include all codes from this code system and only codes from this code system".</summary>
    [Theory]
    [InlineData("""[{"system":"http://example.org/s"}]""", null)]
    [InlineData("""[{"system":"http://example.org/s","concept":[{"code":"a"}]}]""", null)]
    [InlineData("""[{"system":"http://example.org/s"},{"system":"http://example.org/other"}]""", "ATC-V132 CodeSystem.valueSet")]
    [InlineData("""[{"system":"http://hl7.org/fhir/administrative-gender"}]""", "ATC-V132 CodeSystem.valueSet")]
    [InlineData("""[{"valueSet":["http://hl7.org/fhir/ValueSet/administrative-gender"]}]""", "ATC-V132 CodeSystem.valueSet")]
    public void TheValueSetOfAllItsCodesIsOneOfItsCodes(string include, string? expected)
    {
        var validator = new Validator(ConformanceSource.Official.With([ProfileFixture.Read($$$"""{"resourceType":"ValueSet","url":"http://example.org/all","status":"active","compose":{"include":{{{include}}}}}""")]));
        var system = ProfileFixture.Read("""{"resourceType":"CodeSystem","url":"http://example.org/s","status":"active","content":"complete","concept":[{"code":"a"}],"valueSet":"http://example.org/all"}""");
        Assert.Equal(expected is null ? [] : [expected], validator.Validate(system).Issues.Where(issue => issue.IsError).Select(issue => $"{issue.Rule} {issue.Expression}"));
    }

    [Fact]
    public void AValueSetOfAllItsCodesThatIsNotKnownIsNotJudged()
        => Assert.Empty(Errors(""" "content":"complete","concept":[{"code":"a"}],"valueSet":"http://example.org/nowhere" """));
}
