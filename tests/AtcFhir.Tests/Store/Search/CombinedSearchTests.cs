using AtcFhir.R4.Definitions;
using AtcFhir.Store;
using AtcFhir.Store.Search;
using CsCheck;
using Hl7.Fhir.Model;

namespace AtcFhir.Tests.Store.Search;

/// <summary>
/// Random combinations of what <see cref="BruteForceTests"/> tries one by one: several parameters, alternatives, chains and _has of some depth, _include and
/// _revinclude, in pages of any size and order; judged by going through all official examples. More than a run takes: CsCheck_Iter=10000.
/// </summary>
public class CombinedSearchTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ACombinationFindsWhatItsPartsFindTogether()
    {
        await using var test = new TestStore();
        var judge = await StoreWithOwnIds(test);
        await Gen.Int[0, int.MaxValue - 1].SampleAsync(
            async seed =>
            {
                var dice = new Random(seed);
                var search = new CombinedQuery(judge, dice).Make();
                var expected = judge.Resources.Where(entry => entry.Resource.TypeName == search.Type && search.Conditions.All(condition => condition.Holds(entry.Resource))).Select(entry => entry.Id).Order(StringComparer.Ordinal).ToList();
                var (found, cursor) = (new List<string>(), (string?)null);
                do
                {
                    var parsed = SearchRequest.Parse(test.Store.SearchParameters, search.Type, search.Text, SearchHandling.Strict);
                    Assert.True(parsed.Succeeded, $"{search}: {parsed.Failure?.Issues[0].Text}");
                    var answer = await test.Store.Search(parsed.Value.Query with { Cursor = cursor }, Cancel);
                    Assert.True(answer.Succeeded, $"{search}: {answer.Failure?.Issues[0].Text}");
                    var matches = answer.Value.Matches.Select(NameOf).ToList();
                    Assert.True(answer.Value.Total == expected.Count, $"{search}: total {answer.Value.Total}, expected {expected.Count}: {string.Join(' ', expected)}");
                    Assert.True(answer.Value.Next is null ? matches.Count <= search.Count : matches.Count == search.Count, $"{search}: a page of {matches.Count}");
                    Assert.Equal((search.ToString(), search.Brings(matches)), (search.ToString(), string.Join(' ', answer.Value.Included.Select(NameOf).Order(StringComparer.Ordinal))));
                    found.AddRange(matches);
                    cursor = answer.Value.Next;
                }
                while (cursor is not null);

                Assert.Equal((search.ToString(), string.Join(' ', expected)), (search.ToString(), string.Join(' ', found.Order(StringComparer.Ordinal))));
            },
            threads: 1);
    }

    private static string NameOf(StoredResource resource) => $"{resource.Type}/{resource.Id}";

    /// <summary>The examples that the SDK reads, under the ids that others refer to them by; those that contain others have tests of their own.</summary>
    private static async Task<BruteForce> StoreWithOwnIds(TestStore test)
    {
        var documents = R4Examples.All.Select(example => (example.Utf8, Document: AtcFhir.R4.Documents.ResourceDocument.Parse(example.Utf8).Value))
            .Where(one => one.Document.Id is not null && !one.Document.Root.Child("contained").Exists).DistinctBy(one => (one.Document.ResourceType, one.Document.Id)).ToList();
        var judge = new BruteForce(documents.Select(one => ($"{one.Document.ResourceType}/{one.Document.Id}", one.Utf8)));
        var known = judge.Resources.Select(entry => entry.Id).ToHashSet();
        foreach (var chunk in documents.Where(one => known.Contains($"{one.Document.ResourceType}/{one.Document.Id}")).Chunk(100))
        {
            Assert.Null((await test.Commit([.. chunk.Select(one => ResourceWrite.Update(test.Store.Prepare(one.Document, one.Document.Id)))])).Failure);
        }

        Assert.True(known.Count > 500, $"{known.Count} examples");
        return judge;
    }
}

/// <summary>One condition of a search, as text and as what it means.</summary>
internal sealed record CombinedCondition(string Text, Func<Resource, bool> Holds);

/// <param name="Brings">What a page of these matches brings along, sorted.</param>
internal sealed record CombinedSearch(string Type, IReadOnlyList<CombinedCondition> Conditions, string Text, int Count, Func<IReadOnlyList<string>, string> Brings)
{
    public override string ToString() => $"{Type}?{Text}";
}

/// <summary>Makes a search by chance, around a resource that fulfils most of it.</summary>
internal sealed class CombinedQuery(BruteForce judge, Random dice)
{
    public CombinedSearch Make()
    {
        var around = Pick(judge.Resources).Resource;
        var conditions = new List<CombinedCondition>();
        for (var number = dice.Next(1, 4); number > 0; number--)
        {
            if (Condition(around, depth: 0) is { } condition)
            {
                conditions.Add(condition);
            }
        }

        var count = Pick([1, 2, 3, 7, 1000]);
        List<string> parts = [.. conditions.Select(condition => condition.Text), $"_count={count}", "_total=accurate"];
        if (dice.Next(2) == 0)
        {
            parts.Add($"_sort={(dice.Next(2) == 0 ? "-" : "")}{Pick([.. Parameters(around.TypeName).Select(parameter => parameter.Code), "_id", "_lastUpdated"])}");
        }

        var (bringing, includes) = Includes(around.TypeName);
        return new CombinedSearch(around.TypeName, conditions, string.Join('&', parts.Concat(includes)), count, bringing);
    }

    private T Pick<T>(IReadOnlyList<T> list) => list[dice.Next(list.Count)];

    private static List<SearchParameterDefinition> Parameters(string type) => [.. SearchParameterRegistry.R4.For(type)
        .Where(definition => definition.Type is not (SearchParameterType.Composite or SearchParameterType.Special) && definition.Code is not ("_id" or "_lastUpdated"))];

    private IReadOnlyList<Base> Values(Resource resource, SearchParameterDefinition parameter) => judge.Values($"{resource.TypeName}/{resource.Id}", resource, parameter);

    private CombinedCondition? Condition(Resource around, int depth) => (depth < 3 ? dice.Next(5) : 0) switch
    {
        1 or 2 => Chain(around, depth),
        3 => Has(around, depth),
        _ => Simple(around),
    };

    private CombinedCondition? Simple(Resource around)
    {
        var withValue = Parameters(around.TypeName).Where(parameter => Values(around, parameter).Count > 0).ToList();
        if (withValue.Count == 0)
        {
            return null;
        }

        var parameter = Pick(withValue);
        if (MatchingRules.From(parameter, Pick(Values(around, parameter)), dice.Next(100_000)) is not { BareId: null } query)
        {
            return null;
        }

        var (modifier, _) = Split(query);
        if (modifier.Length == 0 && Pick(judge.Resources.Where(entry => entry.Resource.TypeName == around.TypeName).ToList()).Resource is var other && Values(other, parameter) is { Count: > 0 } others
            && MatchingRules.From(parameter, Pick(others), dice.Next(100_000)) is { BareId: null } or && Split(or) is ("", var alternative))
        {
            return new CombinedCondition($"{parameter.Code}{query.Text},{alternative}", resource => query.Matches(Values(resource, parameter)) || or.Matches(Values(resource, parameter)));
        }

        return new CombinedCondition(parameter.Code + query.Text, resource => query.Matches(Values(resource, parameter)));
    }

    private static (string Modifier, string Value) Split(OracleQuery query)
    {
        var equals = query.Text.IndexOf('=', StringComparison.Ordinal);
        return (query.Text[..equals], query.Text[(equals + 1)..]);
    }

    private CombinedCondition? Chain(Resource around, int depth)
    {
        var links = References(around.TypeName).SelectMany(parameter => Targets(around, parameter).Select(target => (Parameter: parameter, Target: target))).ToList();
        if (links.Count == 0)
        {
            return Simple(around);
        }

        var (parameter, target) = Pick(links);
        return Condition(target, depth + 1) is { } condition
            ? new CombinedCondition($"{parameter.Code}:{target.TypeName}.{condition.Text}", resource => Targets(resource, parameter).Any(one => one.TypeName == target.TypeName && condition.Holds(one)))
            : null;
    }

    private CombinedCondition? Has(Resource around, int depth)
    {
        var links = judge.Resources.SelectMany(entry => References(entry.Resource.TypeName).Where(parameter => Targets(entry.Resource, parameter).Contains(around)).Select(parameter => (Parameter: parameter, Source: entry.Resource))).ToList();
        if (links.Count == 0)
        {
            return Simple(around);
        }

        var (parameter, source) = Pick(links);
        return Condition(source, depth + 1) is { } condition
            ? new CombinedCondition(
                $"_has:{source.TypeName}:{parameter.Code}:{condition.Text}",
                resource => judge.Resources.Any(entry => entry.Resource.TypeName == source.TypeName && Targets(entry.Resource, parameter).Contains(resource) && condition.Holds(entry.Resource)))
            : null;
    }

    private (Func<IReadOnlyList<string>, string> Brings, IReadOnlyList<string> Texts) Includes(string type)
    {
        var (texts, rules) = (new List<string>(), new List<Func<Resource, IEnumerable<Resource>>>());
        if (dice.Next(3) == 0 && References(type) is { Count: > 0 } references)
        {
            var parameter = Pick(references);
            texts.Add($"_include={type}:{parameter.Code}");
            rules.Add(match => Targets(match, parameter));
        }

        if (dice.Next(3) == 0)
        {
            var source = Pick(judge.Resources).Resource.TypeName;
            if (References(source).Where(parameter => parameter.Targets.Contains(type)).ToList() is { Count: > 0 } back)
            {
                var parameter = Pick(back);
                texts.Add($"_revinclude={source}:{parameter.Code}");
                rules.Add(match => judge.Resources.Where(entry => entry.Resource.TypeName == source && Targets(entry.Resource, parameter).Contains(match)).Select(entry => entry.Resource));
            }
        }

        return (page => string.Join(' ', page.SelectMany(name => rules.SelectMany(rule => rule(Named(name)!))).Select(resource => $"{resource.TypeName}/{resource.Id}").Distinct().Except(page).Order(StringComparer.Ordinal)), texts);
    }

    private static List<SearchParameterDefinition> References(string type) => [.. Parameters(type).Where(parameter => parameter.Type == SearchParameterType.Reference)];

    private IEnumerable<Resource> Targets(Resource resource, SearchParameterDefinition parameter) => MatchingRules.ReferencesOf(Values(resource, parameter)).Select(Named).OfType<Resource>().Distinct();

    private Resource? Named(string name) => judge.Find(name);
}
