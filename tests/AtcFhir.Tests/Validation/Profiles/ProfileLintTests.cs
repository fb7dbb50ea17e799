using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;
using static AtcFhir.Tests.Validation.Profiles.ProfileFixture;

namespace AtcFhir.Tests.Validation.Profiles;

/// <summary>What is wrong with a profile is found as it compiles, and told at the element.</summary>
public class ProfileLintTests
{
    private const string Sliced = """{"id":"Observation.component","path":"Observation.component","slicing":{"discriminator":[{"type":"pattern","path":"code"}],"rules":"open"}}""";

    private static IReadOnlyList<Issue> Lint(ResourceDocument profile, params ResourceDocument[] others) => new Validator(ConformanceSource.Official.With(others)).Lint(profile);

    private static Issue Only(string elements, params ResourceDocument[] others) => Assert.Single(Lint(Profile("Observation", elements), others));

    [Theory]
    [InlineData("ATC-L001", """{"id":"Observation.values","path":"Observation.values","min":1}""")]
    [InlineData("ATC-L003", """{"id":"Observation.subject","path":"Observation.subject","min":2,"max":"1"}""")]
    [InlineData("ATC-L003", """{"id":"Observation.status","path":"Observation.status","min":0}""")]
    [InlineData("ATC-L003", """{"id":"Observation.subject","path":"Observation.subject","max":"*"}""")]
    [InlineData("ATC-L004", """{"id":"Observation.code","path":"Observation.code","constraint":[{"key":"x","severity":"error","human":"x","expression":"text.exists("}]}""")]
    [InlineData("ATC-L004", """{"id":"Observation.code.text","path":"Observation.code.text","extension":[{"url":"http://hl7.org/fhir/StructureDefinition/regex","valueString":"(["}]}""")]
    [InlineData("ATC-L004", """{"id":"Observation.code","path":"Observation.code","constraint":[{"key":"x","severity":"error","human":"A code is nice"}]}""")]
    [InlineData("ATC-L005", """{"id":"Observation.code","path":"Observation.code","binding":{"strength":"required","valueSet":"http://example.org/ValueSet/unknown"}}""")]
    [InlineData("ATC-L006", """{"id":"Observation.valueQuantity","path":"Observation.valueQuantity","min":1}""")]
    [InlineData("ATC-L007", """{"id":"Observation.subject","path":"Observation.subject","type":[{"code":"Reference","profile":["http://example.org/StructureDefinition/unknown"]}]}""")]
    [InlineData("ATC-L008", """{"id":"Observation.code","path":"Observation.code","constraint":[{"key":"x","severity":"error","human":"x","expression":"codings.exists()"}]}""")]
    [InlineData("ATC-L009", """{"id":"Observation.value[x]","path":"Observation.value[x]","type":[{"code":"Money"}]}""")]
    [InlineData("ATC-L009", """{"id":"Observation.value[x]","path":"Observation.value[x]","type":[{"code":"Quantitiy"}]}""")]
    [InlineData("ATC-L011", """{"id":"Observation.status","path":"Observation.status","binding":{"strength":"preferred","valueSet":"http://hl7.org/fhir/ValueSet/observation-status"}}""")]
    [InlineData("ATC-L011", """{"id":"Observation.interpretation","path":"Observation.interpretation","binding":{"strength":"example","valueSet":"http://hl7.org/fhir/ValueSet/observation-interpretation"}}""")]
    public void EachFaultHasItsRule(string rule, string element)
    {
        var issue = Only(element);
        Assert.Equal((rule, "StructureDefinition.differential.element[1]" + (rule == "ATC-L011" ? ".binding.strength" : "")), (issue.Rule, issue.Expression));
        Assert.NotNull(issue.Line);
    }

    [Fact]
    public void ABindingThatStatesNoStrengthKeepsThatOfItsBase()
        => Assert.DoesNotContain(Lint(Profile("Observation", """{"id":"Observation.status","path":"Observation.status","binding":{"valueSet":"http://hl7.org/fhir/ValueSet/observation-status"}}""")), issue => issue.Rule == "ATC-L011");

    [Fact]
    public void WhatABaseWidensIsToldOfTheBaseAlone()
    {
        const string Base = "http://example.org/StructureDefinition/base";
        var inherited = Profile("Observation", """{"id":"Observation.status","path":"Observation.status","min":0}""", Base);
        Assert.Equal("ATC-L003", Assert.Single(Lint(inherited)).Rule);
        Assert.Empty(Lint(Profile("Observation", """{"id":"Observation.code","path":"Observation.code","short":"x"}""", baseUrl: Base), inherited));
    }

    [Fact]
    public void AFixedValueMayNotContradictTheBase()
    {
        const string Base = "http://example.org/StructureDefinition/base";
        var inherited = Profile("Observation", """{"id":"Observation.status","path":"Observation.status","fixedCode":"final"}""", Base);
        var profile = Profile("Observation", """{"id":"Observation.status","path":"Observation.status","fixedCode":"amended"}""", baseUrl: Base);
        Assert.Equal("ATC-L010", Assert.Single(Lint(profile, inherited)).Rule);
    }

    [Theory]
    [InlineData("is none that R4 allows", "resolve('x'")]
    [InlineData("demands nothing at its discriminator", "interpretation")]
    public void ABadDiscriminatorIsTold(string text, string path)
    {
        var elements = $$$"""
            {"id":"Observation.component","path":"Observation.component","slicing":{"discriminator":[{"type":"value","path":"{{{path}}}"}],"rules":"open"}},
            {"id":"Observation.component:a","path":"Observation.component","sliceName":"a"}
            """;
        Assert.Contains(Lint(Profile("Observation", elements)), issue => issue.Rule == "ATC-L002" && issue.Text.Contains(text, StringComparison.Ordinal));
    }

    [Fact]
    public void SlicesThatCannotBeToldApartAreTold()
    {
        var issue = Only(
            Sliced + """
            ,{"id":"Observation.component:a","path":"Observation.component","sliceName":"a"},
            {"id":"Observation.component:a.code","path":"Observation.component.code","patternCodeableConcept":{"text":"x"}},
            {"id":"Observation.component:b","path":"Observation.component","sliceName":"b"},
            {"id":"Observation.component:b.code","path":"Observation.component.code","patternCodeableConcept":{"text":"x"}}
            """);
        Assert.Equal("ATC-L002", issue.Rule);
        Assert.Contains("'a' and 'b' cannot be told apart", issue.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void SlicesMayNotDemandMoreThanTheElementAllows()
    {
        var issue = Only(
            Sliced.Replace("\"slicing\"", "\"max\":\"1\",\"slicing\"", StringComparison.Ordinal) + """
            ,{"id":"Observation.component:a","path":"Observation.component","sliceName":"a","min":1},
            {"id":"Observation.component:a.code","path":"Observation.component.code","patternCodeableConcept":{"text":"x"}},
            {"id":"Observation.component:b","path":"Observation.component","sliceName":"b","min":1},
            {"id":"Observation.component:b.code","path":"Observation.component.code","patternCodeableConcept":{"text":"y"}}
            """);
        Assert.Equal("ATC-L003", issue.Rule);
        Assert.Contains("demand 2 occurrences together", issue.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void AValueSetOfAnUnknownSystemDoesNotExpand()
    {
        const string Binding = """{"id":"Observation.code","path":"Observation.code","binding":{"strength":"required","valueSet":"http://example.org/ValueSet/v"}}""";
        ResourceDocument Set(string include) => Read($$$"""{"resourceType":"ValueSet","url":"http://example.org/ValueSet/v","status":"active","compose":{"include":[{{{include}}}]}}""");
        Assert.Contains("http://example.org/unknown is not known", Only(Binding, Set("""{"system":"http://example.org/unknown"}""")).Text, StringComparison.Ordinal);
        Assert.Contains("imports itself", Only(Binding, Set("""{"valueSet":["http://example.org/ValueSet/v"]}""")).Text, StringComparison.Ordinal);
        Assert.Empty(Lint(Profile("Observation", Binding), Set("""{"system":"http://example.org/unknown","concept":[{"code":"a"}]}""")));
        Assert.Empty(Lint(Profile("Observation", Binding), Set("""{"system":"http://unitsofmeasure.org"}""")));
    }

    [Fact]
    public void ADifferentialIsLookedAtEvenWhereThereIsASnapshot()
    {
        var snapshot = """{"resourceType":"StructureDefinition","url":"http://example.org/StructureDefinition/p","name":"P","status":"active","kind":"resource","abstract":false,"type":"Patient","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","derivation":"constraint","snapshot":{"element":[{"id":"Patient","path":"Patient"}]},"differential":{"element":[{"id":"Patient","path":"Patient"},{"id":"Patient.nickname","path":"Patient.nickname"}]}}""";
        Assert.Equal("ATC-L001", Assert.Single(Lint(Read(snapshot))).Rule);
    }

    [Fact]
    public void WhatIsNoProfileHasNoLint()
    {
        Assert.Empty(Lint(Read("""{"resourceType":"Patient"}""")));
        Assert.Empty(Lint(Read("""{"resourceType":"StructureDefinition","url":"http://example.org/m","name":"M","status":"active","kind":"logical","abstract":false,"type":"http://example.org/m"}""")));
    }

    [Fact]
    public void EveryOutcomeSaysWhatIsLeftUnchecked()
    {
        var issues = Issues(Observation(), Profile("Observation", """{"id":"Observation.code","path":"Observation.code","constraint":[{"key":"x","severity":"error","human":"x","expression":"text.exists("}]}"""));
        Assert.Contains(issues, issue => issue.Rule == "ATC-V003" && issue.Severity == IssueSeverity.Information && issue.Text.Contains("does not compile", StringComparison.Ordinal));
    }
}
