using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Tests.Validation;

/// <summary>What the page about the validator shows compiles and does what it says.</summary>
public class ReadmeTests
{
    private static string Docs(string file) => File.ReadAllText(Path.Combine(Trial.Repository.Root, "docs", "validation", file));

    [Fact]
    public void TheExampleIsThisCode()
    {
        var written = new List<string>();
        Run(written);
        Assert.Contains(written, line => line.Contains("ECOG performance status goes from 0 to 5; found 7", StringComparison.Ordinal));

        var page = Docs("README.md");
        var block = page[(page.IndexOf("```csharp\n", StringComparison.Ordinal) + 10)..];
        block = block[..block.IndexOf("```\n", StringComparison.Ordinal)];
        var source = File.ReadAllText(Path.Combine(Trial.Repository.Root, "tests", "AtcFhir.Tests", "Validation", "ReadmeTests.cs"));
        var code = Lines(source.Replace("Trial.Repository.Root + \"/profiles/package\"", "\"profiles/package\"", StringComparison.Ordinal).Replace("written.Add(", "Console.WriteLine(", StringComparison.Ordinal));
        Assert.All(Lines(block), line => Assert.Contains(line, code));
    }

    private static void Run(List<string> written)
    {
        var package = FhirPackage.Open(Trial.Repository.Root + "/profiles/package").Value;
        var validator = new Validator(ConformanceSource.Official.With(package));

        using var document = ResourceDocument.Parse("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueInteger":7}"""u8.ToArray()).Value;
        var result = validator.Validate(document, ValidateRequest.For("https://example.org/atcfhir/StructureDefinition/ecog-performance-status"));

        foreach (var issue in result.Issues)
        {
            written.Add($"{issue.Line}:{issue.Column} {issue.Severity} {issue.Rule} {issue.Expression}: {issue.Text}");
        }
    }

    private static HashSet<string> Lines(string text) => [.. text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];

    [Fact]
    public void ThePageOfErrataIsTheTable()
    {
        var rows = Errata.All.GroupBy(erratum => (erratum.Published, erratum.Corrected)).Select(group =>
            $"## {string.Join(", ", group.Select(erratum => erratum.Key))}\n\n{group.First().Reason}\n\nPublished:\n\n```\n{group.Key.Published}\n```\n\nUsed:\n\n```\n{group.Key.Corrected}\n```\n");
        Trial.Golden.CheckText(
            Path.Combine("..", "..", "..", "docs", "validation", "errata.md"),
            "# Errata\n\nThe official definitions are kept as they are published. These corrections are applied when they load, to the invariant of that key with exactly that\n"
            + "expression; `Errata` in `AtcFhir.R4` is the table, of which this page is made. An invariant counts as kept unless its expression is false, so those that only\n"
            + "come out empty need no entry. Besides: `Resource.id` is published as a string; its text and its format say id, and so it is treated.\n\n" + string.Join('\n', rows));
    }
}
