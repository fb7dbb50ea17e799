using System.Text;

namespace AtcFhir.Tests.R4.Documents;

public class ResourceDocumentEditsTests
{
    private static readonly DateTimeOffset Time = new(2018, 10, 16, 9, 30, 0, 5, TimeSpan.FromHours(2));

    [Fact]
    public void IdentityIsInsertedBehindTheResourceType()
        => Assert.Equal(
            """{ "resourceType":"Patient","id":"a","meta":{"versionId":"3","lastUpdated":"2018-10-16T07:30:00.005Z"}, "active":true }""",
            Json.Read("""{ "resourceType":"Patient", "active":true }""").WithIdentity("a", "3", Time).Text());

    [Fact]
    public void IdentityReplacesWhatStandsThereAndKeepsTheRestOfMeta()
        => Assert.Equal(
            """{"meta":{"versionId":"2","lastUpdated":"2018-10-16T07:30:00.005Z","profile":["http://p"]},"resourceType":"Patient","id":"new"}""",
            Json.Read("""{"meta":{"versionId":"1", "profile":["http://p"] ,"lastUpdated":"2001-01-01T00:00:00Z"},"resourceType":"Patient","id":"old"}""")
                .WithIdentity("new", "2", Time).Text());

    [Fact]
    public void TheStampCanBeTakenAway()
        => Assert.Equal(
            """{"resourceType":"Patient","id":"a","meta":{"source":"http://s"}}""",
            Json.Read("""{"resourceType":"Patient","id":"a","meta":{"versionId":"1","source":"http://s","lastUpdated":"2001-01-01T00:00:00Z"}}""")
                .WithIdentity(null, null, null).Text());

    [Theory]
    [InlineData("""{"resourceType":"Patient" , "meta" : {"versionId":"1"},"active":true}""", """{"resourceType":"Patient" ,"active":true}""")]
    [InlineData("""{"meta":{"versionId":"1"},"resourceType":"Patient"}""", """{"resourceType":"Patient"}""")]
    public void AMetaThatHeldOnlyTheStampGoesWithIt(string before, string after)
        => Assert.Equal(after, Json.Read(before).WithIdentity(null, null, null).Text());

    [Theory]
    [InlineData("""{"resourceType":"Patient","active":true}""")]
    [InlineData("""{"active":true,"resourceType":"Patient"}""")]
    [InlineData("""{"resourceType":"Patient","id":"x","meta":{"versionId":"9","tag":[{"code":"t"}]},"active":true}""")]
    [InlineData("""{"meta":{"tag":[{"code":"t"}]},"active":true,"id":"x","resourceType":"Patient"}""")]
    public void TheStoredBodyComposesToTheSameAsTheEdit(string json)
    {
        var document = Json.Read(json);

        var composed = Encoding.UTF8.GetString(document.ToStored("a1").Compose("7", Time));

        Assert.Equal(document.WithIdentity("a1", "7", Time).Text(), composed);
        Assert.Equal("7", Json.Read(composed).VersionId);
    }

    [Fact]
    public void ReplacingValuesLeavesTheRestByteForByte()
    {
        var document = Json.Read("""{"resourceType":"Observation", "status":"final" ,"code":{"text":"x"},"subject":{"reference":"urn:uuid:1"}}""");

        var edited = document.Replace([(document.Root.Child("subject").Child("reference"), "\"Patient/1\""), (document.Root.Child("status"), "\"amended\"")]);

        Assert.Equal("""{"resourceType":"Observation", "status":"amended" ,"code":{"text":"x"},"subject":{"reference":"Patient/1"}}""", edited.Text());
    }
}
