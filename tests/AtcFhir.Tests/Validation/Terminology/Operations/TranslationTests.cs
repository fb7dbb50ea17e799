using AtcFhir.R4.Outcomes;
using AtcFhir.Validation.Terminology;
using AtcFhir.Validation.Terminology.Operations;
using static AtcFhir.Tests.Validation.Terminology.Operations.Terms;

namespace AtcFhir.Tests.Validation.Terminology.Operations;

public class TranslationTests
{
    private const string Kin = "http://example.org/CodeSystem/kin";

    private const string MapUrl = "http://example.org/ConceptMap/animals-to-kin";

    private const string Map =
        """
        {"resourceType":"ConceptMap","url":"http://example.org/ConceptMap/animals-to-kin","version":"1","status":"active",
         "sourceCanonical":"http://example.org/ValueSet/animals","targetCanonical":"http://example.org/ValueSet/kin",
         "group":[
          {"source":"http://example.org/CodeSystem/animals","target":"http://example.org/CodeSystem/kin",
           "element":[
            {"code":"dog","target":[{"code":"wolf","display":"Wolf","equivalence":"wider","product":[{"property":"http://example.org/element/size","system":"http://example.org/CodeSystem/size","value":"big"}]}]},
            {"code":"poodle","target":[{"code":"wolf","equivalence":"wider","dependsOn":[{"property":"http://example.org/element/coat","value":"curly"}]}]},
            {"code":"stone","target":[{"equivalence":"unmatched"}]}],
           "unmapped":{"mode":"fixed","code":"other","display":"Other"}},
          {"source":"http://example.org/CodeSystem/animals","target":"http://example.org/CodeSystem/zoo","element":[],"unmapped":{"mode":"other-map","url":"http://example.org/ConceptMap/zoo"}}]}
        """;

    private const string Zoo =
        """
        {"resourceType":"ConceptMap","url":"http://example.org/ConceptMap/zoo","status":"active",
         "group":[{"source":"http://example.org/CodeSystem/animals","target":"http://example.org/CodeSystem/zoo","element":[{"code":"dodo","target":[{"code":"museum","equivalence":"relatedto"}]}]}]}
        """;

    private static TranslateAnswer Translate(TranslateRequest request, string? url = MapUrl) => Knowing(Map, Zoo).Translate(url is null ? null : new DefinitionChoice(url), request).Value;

    private static string Matches(TranslateAnswer answer) => string.Join(' ', answer.Matches.Select(match => $"{match.Equivalence}:{match.Coding?.Code}"));

    [Fact]
    public void FindsTheTargetWithItsProducts()
    {
        var answer = Translate(new TranslateRequest([Coding("dog")]));

        Assert.True(answer.Result);
        var match = Assert.Single(answer.Matches);
        Assert.Equal(("wider", new ConceptCoding(Kin, null, "wolf", "Wolf"), MapUrl + "|1"), (match.Equivalence, match.Coding, match.Map));
        Assert.Equal(("http://example.org/element/size", "big"), (match.Products[0].Element, match.Products[0].Code.Code));
    }

    [Theory]
    [InlineData("stone", false, "unmatched:")]
    [InlineData("animal", true, "inexact:other")]
    [InlineData("dodo", true, "inexact:other relatedto:museum")]
    [InlineData("poodle", false, "")]
    public void RulesForWhatHasNoTargetApply(string code, bool result, string matches)
    {
        var answer = Translate(new TranslateRequest([Coding(code)]));

        Assert.Equal((result, matches), (answer.Result, Matches(answer)));
        Assert.Equal(result, answer.Message is null);
    }

    [Fact]
    public void WhatDependsOnAnotherElementHoldsWithThatElementOnly()
        => Assert.Equal("wider:wolf", Matches(Translate(new TranslateRequest([Coding("poodle")], Dependencies: [("http://example.org/element/coat", new ConceptCoding(null, null, "curly"))]))));

    [Fact]
    public void BackwardsItLeadsToAllSources()
        => Assert.Equal("narrower:dog narrower:poodle", Matches(Translate(new TranslateRequest([new ConceptCoding(Kin, null, "wolf")], Reverse: true))));

    [Fact]
    public void WithoutAMapAllKnownOnesAreAsked() => Assert.Contains("relatedto:museum", Matches(Translate(new TranslateRequest([Coding("dodo")], TargetSystem: "http://example.org/CodeSystem/zoo"), null)), StringComparison.Ordinal);

    [Theory]
    [InlineData("http://example.org/ValueSet/kin", 1)]
    [InlineData("http://example.org/ValueSet/none", 0)]
    public void TheTargetChoosesTheMap(string target, int count) => Assert.Equal(count, Translate(new TranslateRequest([Coding("dog")], Target: target), null).Matches.Count);

    [Fact]
    public void AnUnknownMapIsNotFound() => Assert.Equal(FailureKind.NotFound, Knowing().Translate(new DefinitionChoice(MapUrl), new TranslateRequest([Coding("dog")])).Failure!.Kind);
}
