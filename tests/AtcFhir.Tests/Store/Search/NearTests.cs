using AtcFhir.Store.Search;

namespace AtcFhir.Tests.Store.Search;

/// <summary>Location?near=…: Nijmegen and Arnhem are 15.7 km apart by the great circle, Nijmegen and Rotterdam 94.7 km.</summary>
public class NearTests
{
    [Theory]
    [InlineData("near=51.8425|5.8528", "nijmegen")]
    [InlineData("near=51.8425|5.8528|15", "nijmegen")]
    [InlineData("near=51.8425|5.8528|16", "arnhem nijmegen")]
    [InlineData("near=51.8425|5.8528|16|km", "arnhem nijmegen")]
    [InlineData("near=51.8425|5.8528|15000|m", "nijmegen")]
    [InlineData("near=51.8425|5.8528|16000|m", "arnhem nijmegen")]
    [InlineData("near=51.8425|5.8528|59|[mi_i]", "arnhem nijmegen rotterdam")]
    [InlineData("near=51.8425|5.8528|1,51.9225|4.4792|1", "nijmegen rotterdam")]
    [InlineData("near=51.8425|5.8528|100&name=arn", "arnhem")]
    [InlineData("near=0|-179.95|20", "line")]
    [InlineData("near=51.8425|5.8528|100&_sort=-name&_count=2", "rotterdam nijmegen")]
    public async Task FindsWhatLiesWithinTheDistance(string query, string expected)
    {
        await using var test = new TestStore();
        foreach (var (id, latitude, longitude) in new[] { ("arnhem", "51.9836", "5.8669"), ("line", "0", "179.95"), ("nijmegen", "51.8425", "5.8528"), ("rotterdam", "51.9225", "4.4792") })
        {
            await test.Create($$"""{"resourceType":"Location","name":"{{id}}","position":{"latitude":{{latitude}},"longitude":{{longitude}}} }""", id);
        }

        await test.Create("""{"resourceType":"Location","name":"nowhere"}""", "nowhere");

        Assert.Equal(expected, string.Join(' ', await test.Ids("Location", query)));
    }

    [Theory]
    [InlineData("Location", "near=51.8425")]
    [InlineData("Location", "near=91|5")]
    [InlineData("Location", "near=51|5|ten")]
    [InlineData("Location", "near=51|5|-1")]
    [InlineData("Location", "near=51|5|1|kg")]
    [InlineData("Location", "near=51|5||km")]
    [InlineData("Patient", "near=51|5")]
    public async Task WhatIsNoPlaceIsRefused(string type, string query)
    {
        await using var test = new TestStore();

        Assert.False(SearchRequest.Parse(test.Store.SearchParameters, type, query, SearchHandling.Strict).Succeeded);
    }
}
