using AtcFhir.R4.FhirPath;
using AtcFhir.R4.Outcomes;
using AtcFhir.Tests.Validation.Profiles;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;
using static AtcFhir.Tests.Validation.Profiles.ProfileFixture;

namespace AtcFhir.Tests.Validation.Instance;

/// <summary>What an issue says: which profile and element, what is expected and found, in whose words; once, and at its place.</summary>
public class ExplanationTests
{
    private const string Titled = "http://example.org/StructureDefinition/titled";

    private static Issue Only(string json, string elements) => Assert.Single(Issues(json, Profile("Observation", elements)), issue => issue.IsError);

    [Fact]
    public void ExpectedAndFoundAreTold()
    {
        var issue = Only(Observation("\"valueString\":\"x\""), """{"id":"Observation.value[x]","path":"Observation.value[x]","type":[{"code":"Quantity"},{"code":"integer"}]}""");
        Assert.Equal(("Quantity or integer", "string"), (issue.Expected, issue.Found));
        Assert.Equal([Url], issue.Profiles);
        Assert.Equal($"{Url} Observation.value[x]; expected Quantity or integer; found string", issue.Diagnostics);
    }

    [Fact]
    public void AnInvariantTellsItsTextThePartThatIsFalseAndWhatWasFound()
    {
        var issue = Only(
            Observation("\"valueInteger\":7"),
            """{"id":"Observation.value[x]","path":"Observation.value[x]","type":[{"code":"integer"}],"constraint":[{"key":"grade","severity":"error","human":"A grade goes from 0 to 5","expression":"$this >= 0 and $this <= 5"}]}""");
        Assert.Equal("grade: A grade goes from 0 to 5; found 7", issue.Text);
        Assert.Contains("(false: $this <= 5)", issue.Diagnostics, StringComparison.Ordinal);
    }

    [Fact]
    public void AnInvariantOverSeveralElementsTellsTheirCodes()
    {
        var issue = Only(
            Observation("\"interpretation\":[{\"coding\":[{\"code\":\"H\"}]}]"),
            """{"id":"Observation","path":"Observation","constraint":[{"key":"k","severity":"error","human":"No final result is high","expression":"status = 'final' implies interpretation.coding.where(code = 'H').empty()"}]}""");
        Assert.Equal("k: No final result is high; found interpretation H", issue.Text);
    }

    [Fact]
    public void WhatMayNameAPersonIsNotQuoted()
    {
        const string Element = """{"id":"Patient.identifier","path":"Patient.identifier","constraint":[{"key":"k","severity":"error","human":"Short","expression":"value.length() < 3 and %resource.birthDate.toString().length() = 4"}]}""";
        var issues = Issues("""{"resourceType":"Patient","birthDate":"1970-03-04","identifier":[{"value":"123456782"}]}""", Profile("Patient", Element));
        Assert.All(issues, issue => Assert.DoesNotContain("123456782", issue.Text + issue.Diagnostics, StringComparison.Ordinal));
        Assert.All(issues, issue => Assert.DoesNotContain("1970", issue.Text + issue.Diagnostics, StringComparison.Ordinal));
    }

    [Fact]
    public void TheSameDemandOfTwoProfilesIsOneIssueThatNamesBoth()
    {
        const string Element = """{"id":"Observation.category","path":"Observation.category","min":1}""";
        var validator = new Validator(ConformanceSource.Official.With(Profile("Observation", Element), Profile("Observation", Element, Titled)));
        var issue = Assert.Single(validator.Validate(Read(Observation()), new ValidateRequest([Url, Titled])).Issues, issue => issue.Rule == "ATC-V010");
        Assert.Equal([Url, Titled], issue.Profiles);
        Assert.Contains(Titled, issue.Diagnostics, StringComparison.Ordinal);
    }

    [Fact]
    public void AWrongTypeIsSaidOnceAndNothingBelowIt()
        => Assert.Equal(
            ["ATC-V012 Observation.value"],
            Errors(Observation("\"valueCodeableConcept\":{\"text\":\"x\"}"), Profile("Observation",
                """
                {"id":"Observation.value[x]","path":"Observation.value[x]","type":[{"code":"Quantity"}]},
                {"id":"Observation.value[x].unit","path":"Observation.value[x].unit","min":1},
                {"id":"Observation.value[x].code","path":"Observation.value[x].code","min":1}
                """)));

    [Fact]
    public void IssuesStandInTheOrderOfTheText()
    {
        var issues = Issues(
            """
            {"resourceType":"Observation",
             "status":"nonsense",
             "code":{"text":" x"},
             "subject":{"reference":"#nobody"},
             "issued":"2020"}
            """,
            Profile("Observation", """{"id":"Observation.category","path":"Observation.category","min":1}"""));
        var places = issues.Select(issue => (issue.Line, issue.Column)).ToList();
        Assert.True(places.Count >= 4);
        Assert.Equal(places.Order(), places);
    }

    [Fact]
    public void EveryExpressionEvaluatesToOneElement()
    {
        var document = Read(
            """
            {"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"http://example.org/fhir/Observation/1","resource":
              {"resourceType":"Observation","id":"1","status":"nonsense","code":{"coding":[{"system":"x","code":"y"}]},
               "contained":[{"resourceType":"Patient","id":"p","gender":"mann","contact":[{"gender":"male"}]}],
               "component":[{"code":{"text":"c"},"valueQuantity":{"value":1,"code":"mg"}}],"extension":[{"url":"relative","valueString":" x"}]}}]}
            """);
        var issues = new Validator(ConformanceSource.Official).Validate(document).Issues;
        Assert.True(issues.Count > 5);
        Assert.All(issues, issue =>
        {
            var found = FhirPathExpression.Compile(issue.Expression!).Value.Evaluate(document.Root);
            Assert.Equal(issue.Expression, Assert.Single(found).Node.Expression);
        });
    }

    [Fact]
    public void MustSupportIsNotedWhenAskedFor()
    {
        var profile = Profile("Observation",
            """
            {"id":"Observation.subject","path":"Observation.subject","mustSupport":true},
            {"id":"Observation.code.coding","path":"Observation.code.coding","mustSupport":true},
            {"id":"Observation.status","path":"Observation.status","mustSupport":true}
            """);
        var validator = new Validator(ConformanceSource.Official.With(profile));
        var noted = validator.Validate(Read(Observation()), new ValidateRequest([Url], NoteMustSupport: true)).Issues;
        Assert.Equal(["Observation", "Observation.code"], noted.Where(issue => issue.Rule == "ATC-V024").Select(issue => issue.Expression));
        Assert.DoesNotContain(validator.Validate(Read(Observation()), ValidateRequest.For(Url)).Issues, issue => issue.Rule == "ATC-V024");
    }
}
