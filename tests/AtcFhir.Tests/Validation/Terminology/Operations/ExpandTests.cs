using AtcFhir.R4.Outcomes;
using AtcFhir.Validation.Terminology.Operations;
using static AtcFhir.Tests.Validation.Terminology.Operations.Terms;

namespace AtcFhir.Tests.Validation.Terminology.Operations;

public class ExpandTests
{
    private const string S = "\"system\":\"http://example.org/CodeSystem/animals\"";

    [Fact]
    public void KeepsTheHierarchyOfTheCodeSystem()
    {
        var expanded = Json(Knowing().Expand(AllAnimals, new ExpandRequest()));

        Assert.Equal("animal(dog(poodle) dodo) stone", Tree(expanded));
        Assert.Equal(5, (int)expanded["expansion"]!["total"]!);
        Assert.Equal((Set, "3", "active"), ((string?)expanded["url"], (string?)expanded["version"], (string?)expanded["status"]));
        Assert.Equal("2026-11-24T18:00:00.000Z", (string?)expanded["expansion"]!["timestamp"]);
        Assert.True((bool)expanded["expansion"]!["contains"]![0]!["abstract"]!);
        Assert.Contains("{\"name\":\"version\",\"valueUri\":\"http://example.org/CodeSystem/animals|1.2\"}", expanded.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"include":[{S,"filter":[{"property":"concept","op":"is-a","value":"dog"}]}]}""", "dog(poodle)")]
    [InlineData("""{"include":[{S,"filter":[{"property":"concept","op":"descendent-of","value":"animal"}]}]}""", "dog(poodle) dodo")]
    [InlineData("""{"include":[{S,"filter":[{"property":"concept","op":"is-not-a","value":"animal"}]}]}""", "stone")]
    [InlineData("""{"include":[{S,"filter":[{"property":"concept","op":"generalizes","value":"poodle"}]}]}""", "animal(dog(poodle))")]
    [InlineData("""{"include":[{S,"filter":[{"property":"parent","op":"=","value":"animal"}]}]}""", "dog dodo")]
    [InlineData("""{"include":[{S,"filter":[{"property":"child","op":"=","value":"poodle"}]}]}""", "dog")]
    [InlineData("""{"include":[{S,"filter":[{"property":"child","op":"exists","value":"false"}]}]}""", "poodle dodo stone")]
    [InlineData("""{"include":[{S,"filter":[{"property":"legs","op":"=","value":"4"}]}]}""", "dog")]
    [InlineData("""{"include":[{S,"filter":[{"property":"inactive","op":"=","value":"false"}]}]}""", "animal(dog(poodle)) stone")]
    [InlineData("""{"include":[{S,"filter":[{"property":"display","op":"regex","value":"[DP]o.*"}]}]}""", "dog(poodle) dodo")]
    [InlineData("""{"include":[{S,"filter":[{"property":"code","op":"in","value":"dog,stone"}]}]}""", "dog stone")]
    [InlineData("""{"include":[{S,"filter":[{"property":"concept","op":"is-a","value":"animal"},{"property":"concept","op":"is-not-a","value":"dog"}]}]}""", "animal(dodo)")]
    [InlineData("""{"include":[{S,"concept":[{"code":"stone"},{"code":"dog"}]}]}""", "stone dog")]
    [InlineData("""{"include":[{S}],"exclude":[{S,"filter":[{"property":"concept","op":"is-a","value":"dog"}]}]}""", "animal(dodo) stone")]
    [InlineData("""{"inactive":false,"include":[{S}]}""", "animal(dog(poodle)) stone")]
    [InlineData("""{"include":[{"valueSet":["http://example.org/ValueSet/animals"]}],"exclude":[{S,"concept":[{"code":"animal"}]}]}""", "dog(poodle) dodo stone")]
    [InlineData("""{"include":[{S,"concept":[{"code":"dog"},{"code":"cat"}],"valueSet":["http://example.org/ValueSet/animals"]}]}""", "dog")]
    [InlineData("""{"include":[{S,"concept":[{"code":"dog"}]},{S,"concept":[{"code":"dog"},{"code":"stone"}]}]}""", "dog stone")]
    [InlineData("""{"include":[{"system":"http://loinc.org","concept":[{"code":"1-8","display":"One"}]}]}""", "1-8")]
    public void ComposesAsR4Says(string compose, string expected)
        => Assert.Equal(expected, Tree(Json(Knowing().Expand(Of(compose.Replace("{S", "{" + S, StringComparison.Ordinal)), new ExpandRequest()))));

    [Fact]
    public void FlatListsHaveNoTree() => Assert.Equal("animal dog poodle dodo stone", Tree(Json(Knowing().Expand(AllAnimals, new ExpandRequest { ExcludeNested = true }))));

    [Fact]
    public void ListsForSelectionLeaveOutWhatCannotBeSelected()
        => Assert.Equal("dog poodle dodo stone", Tree(Json(Knowing().Expand(AllAnimals, new ExpandRequest { ExcludeNotForUI = true }))));

    [Fact]
    public void ActiveOnlyLeavesOutWhatIsInactive() => Assert.Equal("animal(dog(poodle)) stone", Tree(Json(Knowing().Expand(AllAnimals, new ExpandRequest { ActiveOnly = true }))));

    [Theory]
    [InlineData("do", "dog dodo")]
    [InlineData("HOND", "dog")]
    [InlineData("d g", "dog")]
    [InlineData("cat", "")]
    public void FilterLooksForEachWord(string filter, string expected) => Assert.Equal(expected, Tree(Json(Knowing().Expand(AllAnimals, new ExpandRequest { Filter = filter }))));

    [Fact]
    public void PagesJoinToTheWhole()
    {
        string Page(int offset) => Tree(Json(Knowing().Expand(AllAnimals, new ExpandRequest { Offset = offset, Count = 2 })));

        Assert.Equal(["animal dog", "poodle dodo", "stone", ""], [Page(0), Page(2), Page(4), Page(6)]);
    }

    [Fact]
    public void CountZeroAsksForTheTotal()
    {
        var expanded = Json(Knowing().Expand(AllAnimals, new ExpandRequest { Count = 0 }));

        Assert.Equal((5, null), ((int)expanded["expansion"]!["total"]!, expanded["expansion"]!["contains"]));
    }

    [Fact]
    public void DisplaysAndDesignationsComeInTheLanguageThatIsAskedFor()
    {
        var dog = Json(Knowing().Expand(AllAnimals, new ExpandRequest { Filter = "hond", DisplayLanguage = "nl", Designations = ["nl"] }))["expansion"]!["contains"]![0]!;

        Assert.Equal("Hond", (string?)dog["display"]);
        Assert.Equal("""[{"language":"nl","value":"Hond"}]""", dog["designation"]!.ToJsonString());
    }

    [Theory]
    [InlineData("urn:ietf:bcp:47|nl", 1)]
    [InlineData("http://snomed.info/sct|900000000000013009", 1)]
    [InlineData("de", 0)]
    public void DesignationsAreChosenByLanguageOrUse(string token, int expected)
    {
        var dog = Json(Knowing().Expand(AllAnimals, new ExpandRequest { Filter = "hond", Designations = [token] }))["expansion"]!["contains"]![0]!;

        Assert.Equal(expected, dog["designation"]?.AsArray().Count ?? 0);
    }

    [Fact]
    public void TheDefinitionComesAlongOnlyWhenAsked()
    {
        Assert.Null(Json(Knowing().Expand(AllAnimals, new ExpandRequest()))["compose"]);
        Assert.Equal(Animals, (string?)Json(Knowing().Expand(AllAnimals, new ExpandRequest { IncludeDefinition = true }))["compose"]!["include"]![0]!["system"]);
    }

    [Fact]
    public void TheSameQuestionHasTheSameIdentifier()
    {
        string? Identifier(ExpandRequest request) => (string?)Json(Knowing().Expand(AllAnimals, request))["expansion"]!["identifier"];

        Assert.Equal(Identifier(new ExpandRequest()), Identifier(new ExpandRequest()));
        Assert.NotEqual(Identifier(new ExpandRequest()), Identifier(new ExpandRequest { ActiveOnly = true }));
    }

    [Theory]
    [InlineData("1.2", "1.2", null, 5)]
    [InlineData(null, "1.1", IssueCode.Conflict, 0)]
    [InlineData("1.1", null, IssueCode.NotSupported, 0)]
    public void VersionsAreForcedAndChecked(string? force, string? check, string? failure, int total)
    {
        var expanded = Knowing().Expand(AllAnimals, new ExpandRequest
        {
            ForceSystemVersions = force is null ? [] : [$"{Animals}|{force}"],
            CheckSystemVersions = check is null ? [] : [$"{Animals}|{check}"],
        });

        Assert.Equal(failure, expanded.Failure?.Issues[0].Code);
        Assert.Equal(total, failure is null ? (int)Json(expanded)["expansion"]!["total"]! : 0);
    }

    [Fact]
    public void SystemsCanBeLeftOut()
        => Assert.Equal("", Tree(Json(Knowing().Expand(AllAnimals, new ExpandRequest { ExcludeSystems = [Animals] }))));

    [Theory]
    [InlineData("""{"include":[{"system":"http://unitsofmeasure.org"}]}""", IssueCode.TooCostly)]
    [InlineData("""{"include":[{"system":"http://snomed.info/sct","filter":[{"property":"concept","op":"is-a","value":"1"}]}]}""", IssueCode.NotSupported)]
    [InlineData("""{"include":[{"system":"http://example.org/nobody-knows"}]}""", IssueCode.NotSupported)]
    [InlineData("""{"include":[{"valueSet":["http://example.org/ValueSet/nobody-knows"]}]}""", IssueCode.NotFound)]
    [InlineData("""{"include":[{"system":"http://example.org/CodeSystem/animals","filter":[{"property":"code","op":"regex","value":"("}]}]}""", IssueCode.NotSupported)]
    [InlineData("""{"include":[{"valueSet":["http://example.org/ValueSet/ring"]}]}""", IssueCode.Processing)]
    public void WhatCannotBeListedInWholeIsAFailure(string compose, string code)
    {
        const string Ring = """{"resourceType":"ValueSet","url":"http://example.org/ValueSet/ring","status":"active","compose":{"include":[{"valueSet":["http://example.org/ValueSet/ring"]}]}}""";

        var expanded = Knowing(Ring).Expand(Of(compose), new ExpandRequest());

        Assert.Equal((FailureKind.Unprocessable, code), (expanded.Failure!.Kind, expanded.Failure.Issues[0].Code));
    }

    [Fact]
    public void AnUnknownValueSetIsNotFound() => Assert.Equal(FailureKind.NotFound, Knowing().Expand(new DefinitionChoice("http://example.org/none"), new ExpandRequest()).Failure!.Kind);

    [Fact]
    public void TooManyCodesAreToldAndCanBeHadInPages()
    {
        var all = new DefinitionChoice("http://terminology.hl7.org/ValueSet/v3-ActCode");

        Assert.Equal(IssueCode.TooCostly, Knowing().Expand(all, new ExpandRequest()).Failure!.Issues[0].Code);
        Assert.Equal(10, Json(Knowing().Expand(all, new ExpandRequest { Count = 10 }))["expansion"]!["contains"]!.AsArray().Count);
    }

    [Fact]
    public void CatastrophicRegularExpressionsEnd()
    {
        var compose = """{"include":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","filter":[{"property":"display","op":"regex","value":"(([a-zA-Z ]+)+)+[0-9]"}]}]}""";
        var started = TimeProvider.System.GetTimestamp();

        var expanded = Knowing().Expand(Of(compose), new ExpandRequest());

        Assert.Equal(IssueCode.NotSupported, expanded.Failure!.Issues[0].Code);
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(10));
    }
}
