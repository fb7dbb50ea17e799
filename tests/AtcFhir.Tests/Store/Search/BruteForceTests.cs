using AtcFhir.R4.Definitions;
using AtcFhir.R4.Outcomes;
using AtcFhir.Store.Search;
using CsCheck;

namespace AtcFhir.Tests.Store.Search;

public class BruteForceTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ASearchFindsWhatTheParametersOwnFhirPathFinds()
    {
        await using var test = new TestStore();
        var written = await ExamplesRoundTripTests.StoreAll(test);
        var judge = new BruteForce(written.Zip(R4Examples.All, (resource, example) => (resource.Id, example.Utf8)));
        Assert.True(judge.Resources.Count > 600, $"{judge.Resources.Count} examples are read by the SDK.");
        var known = judge.Resources.Select(entry => entry.Id).ToHashSet();

        await Gen.Select(Gen.Int[0, judge.Resources.Count - 1], Gen.Int[0, 999], Gen.Int[0, 999], Gen.Int[0, 99_999]).SampleAsync(
            async (resourceAt, parameterAt, valueAt, choice) =>
            {
                var (id, resource) = judge.Resources[resourceAt];
                var parameters = SearchParameterRegistry.R4.For(resource.TypeName).Where(definition => definition.Type != SearchParameterType.Composite && definition.Code is not ("_id" or "_lastUpdated")).ToList();
                parameters.RemoveAll(definition => judge.Values(id, resource, definition).Count == 0);
                if (parameters.Count == 0)
                {
                    return;
                }

                var parameter = parameters[parameterAt % parameters.Count];
                var values = judge.Values(id, resource, parameter);
                if (MatchingRules.From(parameter, values[valueAt % values.Count], choice) is not { } query)
                {
                    return;
                }

                var text = $"{parameter.Code}{query.Text}&_count=1000";
                var parsed = SearchRequest.Parse(SearchParameterRegistry.R4, resource.TypeName, text, SearchHandling.Strict);
                Assert.True(parsed.Succeeded, $"{resource.TypeName}?{text}: {parsed.Failure?.Issues[0].Text}");
                var page = await test.Store.Search(parsed.Value.Query, Cancel);
                if (judge.IsAmbiguous(resource.TypeName, parameter, query))
                {
                    Assert.Equal(IssueCode.MultipleMatches, page.Failure?.Issues[0].Code);
                    return;
                }

                Assert.True(page.Succeeded, $"{resource.TypeName}?{text}: {page.Failure?.Issues[0].Text}");
                var found = page.Value.Matches.Select(match => match.Id).Where(known.Contains).Order(StringComparer.Ordinal).ToArray();
                var expected = judge.Matching(resource.TypeName, parameter, query.Matches);
                Assert.True(found.SequenceEqual(expected), $"{resource.TypeName}?{text}: found {found.Length}, expected {expected.Length}; first value: {judge.Values(id, resource, parameter)[0]}");
            },
            iter: 1000,
            threads: 1);
    }

    /// <summary>Not by chance: every parameter of every type that has a value in an example, with a value of up to three examples and three forms of query each, in turn.</summary>
    [Fact]
    public async Task EveryParameterWithAValueInTheExamplesFindsIt()
    {
        await using var test = new TestStore();
        var written = await ExamplesRoundTripTests.StoreAll(test);
        var judge = new BruteForce(written.Zip(R4Examples.All, (resource, example) => (resource.Id, example.Utf8)));
        var known = judge.Resources.Select(entry => entry.Id).ToHashSet();
        var (wrong, parameters, turn) = (new List<string>(), 0, 0);
        foreach (var group in judge.Resources.GroupBy(entry => entry.Resource.TypeName))
        {
            foreach (var parameter in SearchParameterRegistry.R4.For(group.Key).Where(definition => definition.Type != SearchParameterType.Composite && definition.Code is not ("_id" or "_lastUpdated")))
            {
                var withValue = group.Where(entry => judge.Values(entry.Id, entry.Resource, parameter).Count > 0).Take(3).ToList();
                parameters += withValue.Count > 0 ? 1 : 0;
                foreach (var (entry, choice) in withValue.SelectMany(entry => new[] { (entry, turn++), (entry, turn + 8), (entry, turn + 7919) }))
                {
                    if (MatchingRules.From(parameter, judge.Values(entry.Id, entry.Resource, parameter)[0], choice) is not { } query)
                    {
                        continue;
                    }

                    var text = $"{parameter.Code}{query.Text}&_count=1000";
                    var parsed = SearchRequest.Parse(SearchParameterRegistry.R4, group.Key, text, SearchHandling.Strict);
                    var page = parsed.Succeeded ? await test.Store.Search(parsed.Value.Query, Cancel) : parsed.Failure!;
                    if (judge.IsAmbiguous(group.Key, parameter, query) && page.Failure is { Issues: [{ Code: IssueCode.MultipleMatches }, ..] })
                    {
                        continue;
                    }

                    var found = page.Succeeded ? page.Value.Matches.Select(match => match.Id).Where(known.Contains).Order(StringComparer.Ordinal).ToArray() : [];
                    if (!found.SequenceEqual(judge.Matching(group.Key, parameter, query.Matches)))
                    {
                        wrong.Add($"{group.Key}?{text}: found {found.Length} {page.Failure?.Issues[0].Text}");
                    }
                }
            }
        }

        Assert.True(parameters > 700, $"{parameters} parameters have values in the examples.");
        Assert.True(wrong.Count == 0, $"{wrong.Count}:\n{string.Join('\n', wrong.Take(30))}");
    }

    /// <summary>Every composite parameter that has values in the examples: its components' own expressions on each outer element, evaluated by the SDK.</summary>
    [Fact]
    public async Task ACompositeFindsWhatItsComponentsFindInOneElement()
    {
        await using var test = new TestStore();
        var written = await ExamplesRoundTripTests.StoreAll(test);
        var judge = new BruteForce(written.Zip(R4Examples.All, (resource, example) => (resource.Id, example.Utf8)));
        var known = judge.Resources.Select(entry => entry.Id).ToHashSet();
        var (wrong, parameters, queries, turn) = (new List<string>(), new HashSet<string>(), 0, 0);
        foreach (var group in judge.Resources.GroupBy(entry => entry.Resource.TypeName))
        {
            foreach (var composite in SearchParameterRegistry.R4.For(group.Key).Where(CanBeJudged))
            {
                var components = composite.Components.Select(component => (component.Expression, Definition: SearchParameterRegistry.R4.For(group.Key).Single(definition => definition.Url == component.Definition))).ToList();
                foreach (var outer in group.SelectMany(entry => judge.Values(entry.Id, entry.Resource, composite)).Take(6).SelectMany(element => Enumerable.Repeat(element, 5)))
                {
                    var parts = components.Select(component => BruteForce.Parts(outer, component.Expression) is [var first, ..] ? MatchingRules.From(component.Definition, first, turn++) : null).ToList();
                    if (parts.Exists(part => part is null || part.Text[0] != '='))
                    {
                        continue;
                    }

                    queries++;
                    parameters.Add(composite.Url);
                    var text = $"{composite.Code}={string.Join('$', parts.Select(part => part!.Text[1..]))}&_count=1000";
                    var expected = group.Where(entry => judge.Values(entry.Id, entry.Resource, composite)
                        .Any(element => components.Zip(parts).All(pair => pair.Second!.Matches(BruteForce.Parts(element, pair.First.Expression))))).Select(entry => entry.Id).Order(StringComparer.Ordinal);
                    var found = (await test.Ids(group.Key, text)).Where(known.Contains).Order(StringComparer.Ordinal).ToArray();
                    if (!found.SequenceEqual(expected))
                    {
                        wrong.Add($"{group.Key}?{text}: found {found.Length}, expected {expected.Count()}");
                    }
                }
            }
        }

        Assert.True(parameters.Count > 8 && queries > 40, $"{queries} queries on {parameters.Count} composite parameters");
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {queries}:\n{string.Join('\n', wrong.Take(30))}");
    }

    /// <summary>DocumentReference-relationship has its two expressions exchanged in R4; what stands elsewhere in the resource needs more than the element.</summary>
    private static bool CanBeJudged(SearchParameterDefinition definition) => definition.Type == SearchParameterType.Composite
        && !definition.Url.EndsWith("DocumentReference-relationship", StringComparison.Ordinal) && !definition.Components.Any(component => component.Expression.StartsWith('%'));
}
