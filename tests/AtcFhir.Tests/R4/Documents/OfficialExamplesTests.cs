using System.Text;
using AtcFhir.R4.Documents;

namespace AtcFhir.Tests.R4.Documents;

public class OfficialExamplesTests
{
    /// <summary>Official examples that break R4's own rules, with the reason.</summary>
    private static readonly Dictionary<string, string> TrulyInvalid = new(StringComparer.Ordinal)
    {
        ["Questionnaire-qs1"] = "32 items have no linkId (1..1).",
    };

    [Fact]
    public void OnlyTrulyInvalidOnesAreFlagged()
    {
        List<string> flagged = [];
        foreach (var example in R4Examples.All)
        {
            var parsed = ResourceDocument.Parse(example.Utf8);
            if (!parsed.TryGet(out var document, out var failure))
            {
                flagged.Add($"{example.Name}: {failure.Issues[0].Text}");
            }
            else if (!document.IsWellFormed && !TrulyInvalid.ContainsKey(example.Name))
            {
                flagged.Add($"{example.Name}: {string.Join(" | ", document.Issues.Take(3).Select(issue => issue.Expression + " " + issue.Text))}");
            }
        }

        Assert.Empty(flagged);
    }

    [Fact]
    public void TheOnesListedAsInvalidAreFlagged()
    {
        foreach (var name in TrulyInvalid.Keys)
        {
            Assert.False(ResourceDocument.Parse(R4Examples.Get(name)).Value.IsWellFormed, name);
        }
    }

    [Fact]
    public void ABodyComesBackByteForByteApartFromIdAndMeta()
    {
        foreach (var example in R4Examples.All)
        {
            var document = ResourceDocument.Parse(example.Utf8).Value;
            var original = Encoding.UTF8.GetString(example.Utf8);

            var stored = Json.Read(Encoding.UTF8.GetString(document.ToStored("x1").Compose("3", DateTimeOffset.UnixEpoch)));
            var back = stored.WithIdentity(document.Id, document.VersionId, null).Text();

            Assert.Equal("x1", stored.Id);
            if (!document.Root.Child("meta").Exists && document.Id is not null)
            {
                Assert.Equal(original.TrimStart('\uFEFF'), back);
            }
        }
    }
}
