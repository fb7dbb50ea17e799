using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Tests.Validation.Profiles;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Tests.Validation;

/// <summary>
/// Profiles and value sets that go in circles, or that multiply: each ends in an answer. No clock is asked: followed step by step, none of them would end in the life of a machine,
/// and what is followed step by step takes memory besides.
/// </summary>
public sealed class HostileConformanceTests
{
    /// <summary>Many times what any of them takes, compiling its profiles included.</summary>
    private const long Enough = 400_000_000;

    [Fact]
    public void AProfileOfItselfEnds()
        => Ends(() =>
        {
            var profile = ProfileFixture.Profile("Observation", """{"id":"Observation.status","path":"Observation.status"}""", baseUrl: ProfileFixture.Url);
            Assert.Contains(Issues(ProfileFixture.Observation(), profile), issue => issue.IsError);
        });

    [Fact]
    public void ProfilesThatBuildOnEachOtherEnd()
        => Ends(() =>
        {
            var one = ProfileFixture.Profile("Observation", """{"id":"Observation.status","path":"Observation.status"}""", baseUrl: "http://example.org/other");
            var other = ProfileFixture.Profile("Observation", """{"id":"Observation.status","path":"Observation.status"}""", "http://example.org/other", ProfileFixture.Url);
            Assert.Contains(Issues(ProfileFixture.Observation(), one, other), issue => issue.IsError);
        });

    [Fact]
    public void AnElementThatHasToBeWhatItStandsInEnds()
        => Ends(() =>
        {
            var extension = ProfileFixture.Profile("Extension", """{"id":"Extension.extension","path":"Extension.extension","type":[{"code":"Extension","profile":["http://example.org/StructureDefinition/p"]}]}""");
            _ = Issues("""{"resourceType":"Patient","extension":[{"url":"http://example.org/StructureDefinition/p","extension":[{"url":"http://example.org/StructureDefinition/p","valueString":"x"}]}]}""", extension);
        });

    [Fact]
    public void MembersThatReferToEachOtherUnderAProfileEnd()
        => Ends(() =>
        {
            var profile = ProfileFixture.Profile("Observation", $$$"""{"id":"Observation.hasMember","path":"Observation.hasMember","type":[{"code":"Reference","targetProfile":["{{{ProfileFixture.Url}}}"]}]}""");
            var entries = string.Join(',', Enumerable.Range(0, 300).Select(i => $$$"""
                {"fullUrl":"http://example.org/fhir/Observation/o{{{i}}}","resource":{"resourceType":"Observation","id":"o{{{i}}}","meta":{"profile":["{{{ProfileFixture.Url}}}"]},"status":"final","code":{"text":"x"},
                 "hasMember":[{{{string.Join(',', Enumerable.Range(0, 300).Where(j => j != i).Take(40).Select(j => $$$"""{"reference":"Observation/o{{{j}}}"}"""))}}}]}}
                """));
            var bundle = ProfileFixture.Read($$$"""{"resourceType":"Bundle","type":"collection","entry":[{{{entries}}}]}""");
            Assert.DoesNotContain(new Validator(ConformanceSource.Official.With(profile)).Validate(bundle).Issues, issue => issue.IsError);
        });

    [Fact]
    public void ValueSetsThatImportThemselvesManyTimesEnd()
        => Ends(() =>
        {
            var set = ProfileFixture.Read($$$"""{"resourceType":"ValueSet","url":"http://example.org/v","status":"active","compose":{"include":[{{{string.Join(',', Enumerable.Repeat("""{"valueSet":["http://example.org/v"]}""", 20))}}}]}}""");
            _ = Issues("""{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://example.org/s","code":"c"}]}}""", Bound(), set);
        });

    [Fact]
    public void ValueSetsThatMultiplyEnd()
        => Ends(() =>
        {
            var sets = Enumerable.Range(0, 30).Select(i => ProfileFixture.Read(
                $$$"""{"resourceType":"ValueSet","url":"{{{(i == 0 ? "http://example.org/v" : $"http://example.org/v{i}")}}}","status":"active","compose":{"include":[{{{string.Join(',', Enumerable.Repeat($$$"""{"valueSet":["http://example.org/v{{{i + 1}}}"]}""", 10))}}}]}}"""));
            _ = Issues("""{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://example.org/s","code":"c"}]}}""", [Bound(), .. sets]);
        });

    [Fact]
    public void ACodeSystemThatIsItsOwnAncestorEnds()
        => Ends(() =>
        {
            var system = ProfileFixture.Read("""
                {"resourceType":"CodeSystem","url":"http://example.org/s","status":"active","content":"complete","property":[{"code":"parent","type":"code"}],
                 "concept":[{"code":"a","property":[{"code":"parent","valueCode":"b"}]},{"code":"b","property":[{"code":"parent","valueCode":"a"}]}]}
                """);
            var set = ProfileFixture.Read("""{"resourceType":"ValueSet","url":"http://example.org/v","status":"active","compose":{"include":[{"system":"http://example.org/s","filter":[{"property":"concept","op":"is-a","value":"c"}]}]}}""");
            _ = Issues("""{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://example.org/s","code":"a"}]}}""", Bound(), system, set);
        });

    [Theory]
    [InlineData("code.text.matches('^(a+)+$')")]
    [InlineData("code.text.matches('^(a|aa)+$')")]
    [InlineData("code.text.matches('(.*a){20}')")]
    [InlineData("code.text.matches('^(a+)+(?!b)$')")]
    [InlineData("code.text.replaceMatches('(a*)*b', 'x').length() > 0")]
    [InlineData("descendants().descendants().descendants().select(%resource.descendants()).count() > 0")]
    [InlineData("repeat(descendants() | %resource).count() > 0")]
    [InlineData("(1 | 2 | 3).aggregate($total & $total & 'aaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'a').length() < 1000")]
    public void InvariantsThatRunAwayEnd(string expression)
        => Ends(() =>
        {
            var profile = ProfileFixture.Profile("Observation", $$$"""{"id":"Observation.status","path":"Observation"}, {"id":"Observation.code","path":"Observation.code","constraint":[{"key":"x-1","severity":"error","human":"x","expression":{{{System.Text.Json.JsonSerializer.Serialize("%resource." + expression)}}}}]}""");
            Assert.All(Issues($$$"""{"resourceType":"Observation","status":"final","code":{"text":"{{{new string('a', 60)}}}!"}}""", profile), issue => Assert.DoesNotContain("Exception", issue.Text, StringComparison.Ordinal));
        });

    private static ResourceDocument Bound()
        => ProfileFixture.Profile("Observation", """{"id":"Observation.code","path":"Observation.code","binding":{"strength":"required","valueSet":"http://example.org/v"}}""");

    private static IReadOnlyList<Issue> Issues(string json, params ResourceDocument[] conformance) => ProfileFixture.Issues(json, conformance);

    private static void Ends(Action test)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        test();
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(bytes < Enough, $"{bytes} bytes were allocated.");
    }
}
