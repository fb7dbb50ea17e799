using System.Text.Json;
using AtcFhir.Tests.Validation.Profiles;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;
using AtcFhir.Validation.Terminology;

namespace AtcFhir.Tests.Validation.Terminology;

/// <summary>Value sets: what is in, what is not, and what cannot be told.</summary>
public class ValueSetTests
{
    private const string System = "http://example.org/CodeSystem/s";

    private const string CodeSystem =
        """
        {"resourceType":"CodeSystem","url":"http://example.org/CodeSystem/s","status":"active","content":"complete","caseSensitive":true,
         "concept":[{"code":"animal","concept":[{"code":"dog","property":[{"code":"legs","valueInteger":4}],"concept":[{"code":"poodle"}]},{"code":"bird","property":[{"code":"legs","valueInteger":2}]}]},{"code":"stone"}]}
        """;

    private static TerminologyService Service(params string[] resources)
        => new(ConformanceSource.Official.With(resources.Prepend(CodeSystem).Select(ProfileFixture.Read)));

    private static Membership Contains(string compose, string code, string? system = System, params string[] more)
    {
        var model = ValueSetModel.Read(JsonDocument.Parse($$"""{"resourceType":"ValueSet","url":"http://example.org/ValueSet/v","compose":{{compose}}}""").RootElement)!;
        return new CompiledValueSet(model, Service(more)).Contains(system, default, code);
    }

    [Theory]
    [InlineData("""{"include":[{"system":"http://example.org/CodeSystem/s"}]}""", "poodle", true)]
    [InlineData("""{"include":[{"system":"http://example.org/CodeSystem/s"}]}""", "cat", false)]
    [InlineData("""{"include":[{"system":"http://example.org/CodeSystem/s","concept":[{"code":"dog"}]}]}""", "dog", true)]
    [InlineData("""{"include":[{"system":"http://example.org/CodeSystem/s","concept":[{"code":"dog"}]}]}""", "bird", false)]
    [InlineData("""{"include":[{"system":"http://example.org/CodeSystem/s","filter":[{"property":"concept","op":"is-a","value":"dog"}]}]}""", "dog", true)]
    [InlineData("""{"include":[{"system":"http://example.org/CodeSystem/s","filter":[{"property":"concept","op":"descendent-of","value":"dog"}]}]}""", "dog", false)]
    [InlineData("""{"include":[{"system":"http://example.org/CodeSystem/s","filter":[{"property":"concept","op":"descendent-of","value":"animal"}]}]}""", "poodle", true)]
    [InlineData("""{"include":[{"system":"http://example.org/CodeSystem/s","filter":[{"property":"concept","op":"is-not-a","value":"animal"}]}]}""", "stone", true)]
    [InlineData("""{"include":[{"system":"http://example.org/CodeSystem/s","filter":[{"property":"concept","op":"is-not-a","value":"animal"}]}]}""", "bird", false)]
    [InlineData("""{"include":[{"system":"http://example.org/CodeSystem/s","filter":[{"property":"legs","op":"=","value":"2"}]}]}""", "bird", true)]
    [InlineData("""{"include":[{"system":"http://example.org/CodeSystem/s","filter":[{"property":"legs","op":"in","value":"3,4"}]}]}""", "dog", true)]
    [InlineData("""{"include":[{"system":"http://example.org/CodeSystem/s","filter":[{"property":"legs","op":"not-in","value":"3,4"}]}]}""", "dog", false)]
    [InlineData("""{"include":[{"system":"http://example.org/CodeSystem/s","filter":[{"property":"legs","op":"exists","value":"true"}]}]}""", "stone", false)]
    [InlineData("""{"include":[{"system":"http://example.org/CodeSystem/s","filter":[{"property":"code","op":"regex","value":"[a-d].*"}]}]}""", "bird", true)]
    [InlineData("""{"include":[{"system":"http://example.org/CodeSystem/s"}],"exclude":[{"system":"http://example.org/CodeSystem/s","concept":[{"code":"stone"}]}]}""", "stone", false)]
    [InlineData("""{"include":[{"system":"http://example.org/CodeSystem/s","filter":[{"property":"concept","op":"generalizes","value":"poodle"}]}]}""", "animal", true)]
    [InlineData("""{"include":[{"system":"http://example.org/CodeSystem/s","filter":[{"property":"concept","op":"generalizes","value":"poodle"}]}]}""", "bird", false)]
    [InlineData("""{"include":[{"system":"http://example.org/CodeSystem/s","filter":[{"property":"concept","op":"child-of","value":"animal"}]}]}""", "poodle", false)]
    [InlineData("""{"include":[{"system":"http://example.org/CodeSystem/s","filter":[{"property":"concept","op":"descendent-leaf","value":"animal"}]}]}""", "dog", false)]
    [InlineData("""{"include":[{"system":"http://example.org/CodeSystem/s","filter":[{"property":"legs","op":"exists","value":"false"}]}]}""", "stone", true)]
    [InlineData("""{"include":[{"system":"http://example.org/CodeSystem/s","filter":[{"property":"concept","op":"is-a","value":"animal"},{"property":"legs","op":"=","value":"2"}]}]}""", "dog", false)]
    [InlineData("""{"include":[{"system":"http://example.org/CodeSystem/s","filter":[{"property":"code","op":"regex","value":"o"}]}]}""", "dog", false)]
    [InlineData("""{"include":[{"system":"urn:ietf:bcp:13"}]}""", "no type", false, "urn:ietf:bcp:13")]
    [InlineData("""{"include":[{"system":"urn:iso:std:iso:4217"}]}""", "EUX", false, "urn:iso:std:iso:4217")]
    [InlineData("""{"include":[{"system":"urn:iso:std:iso:3166:-2"}]}""", "XX-NH", false, "urn:iso:std:iso:3166:-2")]
    [InlineData("""{"include":[{"system":"http://unitsofmeasure.org"}]}""", "mm[Hg]", true, "http://unitsofmeasure.org")]
    [InlineData("""{"include":[{"system":"http://unitsofmeasure.org"}]}""", "pounds", false, "http://unitsofmeasure.org")]
    [InlineData("""{"include":[{"system":"urn:ietf:bcp:47"}]}""", "nl-NL", true, "urn:ietf:bcp:47")]
    [InlineData("""{"include":[{"system":"urn:ietf:bcp:47"}]}""", "n", false, "urn:ietf:bcp:47")]
    [InlineData("""{"include":[{"system":"urn:ietf:bcp:13"}]}""", "application/fhir+json", true, "urn:ietf:bcp:13")]
    [InlineData("""{"include":[{"system":"urn:iso:std:iso:4217"}]}""", "EUR", true, "urn:iso:std:iso:4217")]
    [InlineData("""{"include":[{"system":"urn:iso:std:iso:3166"}]}""", "XX", false, "urn:iso:std:iso:3166")]
    public void TellsWhatIsIn(string compose, string code, bool expected, string system = System)
        => Assert.Equal(expected ? Membership.In : Membership.NotIn, Contains(compose, code, system));

    [Theory]
    [InlineData("""{"include":[{"system":"http://snomed.info/sct"}]}""")]
    [InlineData("""{"include":[{"system":"http://snomed.info/sct","filter":[{"property":"concept","op":"is-a","value":"404684003"}]}]}""")]
    [InlineData("""{"include":[{"valueSet":["http://example.org/ValueSet/nobody-knows"]}]}""")]
    public void WhatItCannotTellIsNeitherInNorOut(string compose) => Assert.Equal(Membership.NotChecked, Contains(compose, "1", "http://snomed.info/sct"));

    [Fact]
    public void AListTellsEvenOfSystemsThatNobodyKnows()
        => Assert.Equal(Membership.NotIn, Contains("""{"include":[{"system":"http://snomed.info/sct","concept":[{"code":"2"}]}]}""", "1", "http://snomed.info/sct"));

    [Fact]
    public void ImportsAreWhatAllOfThemHold()
    {
        const string Legs = """{"resourceType":"ValueSet","url":"http://example.org/ValueSet/legs","status":"active","compose":{"include":[{"system":"http://example.org/CodeSystem/s","concept":[{"code":"dog"},{"code":"bird"}]}]}}""";
        const string Compose = """{"include":[{"system":"http://example.org/CodeSystem/s","filter":[{"property":"concept","op":"is-a","value":"dog"}],"valueSet":["http://example.org/ValueSet/legs"]}]}""";
        Assert.Equal(Membership.In, Contains(Compose, "dog", System, Legs));
        Assert.Equal(Membership.NotIn, Contains(Compose, "poodle", System, Legs));
        Assert.Equal(Membership.NotIn, Contains(Compose, "bird", System, Legs));
    }

    [Fact]
    public void ImportsThatGoInACircleEnd()
    {
        const string One = """{"resourceType":"ValueSet","url":"http://example.org/ValueSet/one","status":"active","compose":{"include":[{"valueSet":["http://example.org/ValueSet/two"]}]}}""";
        const string Two = """{"resourceType":"ValueSet","url":"http://example.org/ValueSet/two","status":"active","compose":{"include":[{"valueSet":["http://example.org/ValueSet/one"]}]}}""";
        var one = Service(One, Two).ValueSet("http://example.org/ValueSet/one")!;

        Assert.Equal(Membership.NotChecked, one.Contains(System, default, "dog"));
        Assert.Equal(
            "value sets import each other in a circle: http://example.org/ValueSet/one -> http://example.org/ValueSet/two -> http://example.org/ValueSet/one",
            one.Problem);
    }

    [Fact]
    public void ACircleIsToldWhereACodeIsBoundToIt()
    {
        const string Ring = """{"resourceType":"ValueSet","url":"http://example.org/ValueSet/ring","status":"active","compose":{"include":[{"valueSet":["http://example.org/ValueSet/ring"]}]}}""";
        const string Profile =
            """
            {"resourceType":"StructureDefinition","url":"http://example.org/StructureDefinition/p","name":"P","status":"active","kind":"resource","abstract":false,"type":"Observation",
             "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Observation","derivation":"constraint",
             "differential":{"element":[{"id":"Observation","path":"Observation"},{"id":"Observation.code","path":"Observation.code","binding":{"strength":"required","valueSet":"http://example.org/ValueSet/ring"}}]}}
            """;
        var validator = new Validator(ConformanceSource.Official.With(ProfileFixture.Read(Ring), ProfileFixture.Read(Profile)));

        var result = validator.Validate(
            ProfileFixture.Read("""{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://example.org/s","code":"a"}]}}"""), ValidateRequest.For("http://example.org/StructureDefinition/p"));

        Assert.True(result.IsValid);
        Assert.Contains("in a circle", result.Issues.Single(issue => issue is { Rule: "ATC-V044", Expression: "Observation.code" }).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void ManyImportsOfTheSameEnd()
    {
        // Each imports the one below three times over: 3 to the power of 40 ways lead to the bottom.
        var tower = Enumerable.Range(0, 40).Select(level =>
        {
            var below = $$"""{"valueSet":["http://example.org/ValueSet/{{level + 1}}"]}""";
            return $$"""{"resourceType":"ValueSet","url":"http://example.org/ValueSet/{{level}}","status":"active","compose":{"include":[{{below}},{{below}},{{below}}]} }""";
        });
        const string Bottom = """{"resourceType":"ValueSet","url":"http://example.org/ValueSet/40","status":"active","compose":{"include":[{"system":"http://example.org/CodeSystem/s","concept":[{"code":"dog"}]}]}}""";
        var top = Service([.. tower, Bottom]).ValueSet("http://example.org/ValueSet/0")!;

        Assert.Equal(Membership.In, top.Contains(System, default, "dog"));
        Assert.Equal(Membership.NotChecked, top.Contains(System, default, "bird"));
        Assert.True(top.MentionsSystem(System));
    }

    [Fact]
    public void ImportsDeeperThanAnyRealOnesAreAProblem()
    {
        var chain = Enumerable.Range(0, 500).Select(level =>
            $$"""{"resourceType":"ValueSet","url":"http://example.org/ValueSet/{{level}}","status":"active","compose":{"include":[{"valueSet":["http://example.org/ValueSet/{{level + 1}}"]}]} }""");

        Assert.Contains("deep", Service([.. chain]).ValueSet("http://example.org/ValueSet/0")!.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void AVersionThatIsOlderIsTold()
    {
        const string Newer = """{"resourceType":"CodeSystem","url":"http://example.org/CodeSystem/s","version":"2.0","status":"active","content":"complete","concept":[{"code":"stone"}]}""";
        Assert.Equal(CodeKnowledge.OlderVersionOnly, Service(Newer).Knows(System, default, "dog"));
        Assert.Equal(CodeKnowledge.Valid, Service(Newer).Knows(System, default, "stone"));
        Assert.Equal(CodeKnowledge.Invalid, Service(Newer).Knows(System, "2.0", "dog"));
    }

    [Fact]
    public void TheRequiredBindingsOfR4AreAllMadeOfWhatIsKnown()
    {
        var unknown = AtcFhir.R4.Definitions.R4Definitions.Types.SelectMany(type => type.Elements)
            .Where(element => element.Binding is { Strength: AtcFhir.R4.Definitions.BindingStrength.Required, ValueSet: not null })
            .Select(element => element.Binding!.ValueSet!).Distinct().Where(url => Service().ValueSet(url) is null);

        // The one that LOINC keeps to itself.
        Assert.Equal(["http://loinc.org/vs/LL379-9|4.0.1"], unknown);
    }
}
