using System.Text.RegularExpressions;
using AtcFhir.R4.Documents;
using AtcFhir.Trial.Concepts;
using AtcFhir.Trial.Register;

namespace AtcFhir.Tests.Trial.Register;

public partial class StudyImportTests
{
    public static TheoryData<string> All => [.. Records.Names];

    [Theory]
    [MemberData(nameof(All))]
    public void EveryLineIsInTheBundleOrInTheReport(string name) => AssertEveryLineIsAccountedFor(Records.Read(name));

    [Theory]
    [MemberData(nameof(All))]
    public void TheBundleIsWellFormed(string name) => Assert.Empty(Parse(StudyImport.Run(Records.Read(name)).Bundle).Issues);

    [Theory]
    [MemberData(nameof(All))]
    public void TheBundleIsValidAndItsStudyMeetsTheProfile(string name)
    {
        var bundle = StudyImport.Run(Records.Read(name)).Bundle;

        Assert.Empty(TrialValidation.Errors(bundle).Select(issue => $"{issue.Text} {issue.Expression}"));
        Assert.Empty(TrialValidation.Errors(Entries(bundle)[0].JsonSpan.ToArray(), TrialStudy.Concept.Profile).Select(issue => $"{issue.Text} {issue.Expression}"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void TheBundleAndReportAreAsTheFilesShow(string name)
    {
        var imported = StudyImport.Run(Records.Read(name));

        Golden.Check($"Register/{name}.bundle.json", imported.Bundle);
        Golden.CheckText($"Register/{name}.report.txt", string.Concat(imported.Lines.Select(line => $"{line.Number,4} {line.Use,-9} {line.Where}\n")));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void TheStudyIsReadBackAsItWasWritten(string name)
    {
        var study = Entries(StudyImport.Run(Records.Read(name)).Bundle).First(resource => resource.Type.Name == "ResearchStudy");
        var document = ResourceDocument.Parse(study.JsonSpan.ToArray()).Value;

        Assert.Equal(document.Utf8.ToArray(), TrialStudy.FromFhir(document).Value.ToFhir());
    }

    [Fact]
    public void DamagedRecordsLoseNothingEither()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var record = RecordMutation.Of(Records.Read(Records.Names[seed % Records.Names.Count]), seed);

            AssertEveryLineIsAccountedFor(record);
            Assert.Empty(TrialValidation.Errors(StudyImport.Run(record).Bundle).Select(issue => $"seed {seed}: {issue.Text} {issue.Expression}"));
        }
    }

    [Fact]
    public void AnythingAtAllIsAnswered()
    {
        AssertEveryLineIsAccountedFor("no register at all\n\n{\"resourceType\":\"Patient\"}\n# \n####\n**:**\n:");
        Assert.Empty(Parse(StudyImport.Run(string.Empty).Bundle).Issues);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void EveryReferenceIsToAResourceOfTheBundle(string name)
    {
        var bundle = Parse(StudyImport.Run(Records.Read(name)).Bundle);
        var known = Entries(bundle.Utf8.ToArray()).Select(resource => $"{resource.Type.Name}/{resource.Child("id").Text}").ToHashSet();
        for (var index = 0; index < bundle.NodeCount; index++)
        {
            var node = bundle.NodeAt(index);
            if (node.Name == "reference" && node.Parent.Type.Name == "Reference")
                Assert.Contains(node.Text!, known);
        }
    }

    [Fact]
    public void AThirtyFirstOfFebruaryIsReported()
        => Assert.Contains(StudyImport.Run(Records.Read("invented-paediatric")).Lines, line => line.Text == "Last updated: 29-02-2021" && line.Use == LineUse.NotTaken);

    private static void AssertEveryLineIsAccountedFor(string record)
    {
        var imported = StudyImport.Run(record);
        var given = record.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => !string.IsNullOrWhiteSpace(line)).ToList();
        Assert.Equal(given, imported.Lines.Select(line => line.Text));

        var words = Records.WordsOf(imported.Bundle);
        foreach (var line in imported.Lines.Where(line => line.Use is LineUse.Taken or LineUse.Repeated))
            Assert.True(Parts(line.Text).All(part => words.Contains(part, StringComparison.OrdinalIgnoreCase)), $"line {line.Number}: {line.Text}");
    }

    // What a line says, without its marks and its label, in the pieces that the import may have put in several places.
    private static IEnumerable<string> Parts(string line)
    {
        var text = Label().Replace(Records.Even(line).TrimStart('#', ' '), string.Empty).Trim('*', ' ').Trim();
        if (DutchDate().Match(text) is { Success: true } date)
            return [$"{date.Groups[3].Value}-{date.Groups[2].Value}-{date.Groups[1].Value}"];

        return text is "Actual" or "Anticipated" ? [] : Separators().Split(text).Select(part => part.Trim().TrimStart('-').TrimEnd(';').Trim()).Where(part => part.Length > 0 && part != "NL");
    }

    private static ResourceDocument Parse(byte[] json) => ResourceDocument.Parse(json).Value;

    private static List<Node> Entries(byte[] bundle) => [.. Parse(bundle).Root.ChildrenOf("entry").ToList().Select(entry => entry.Child("resource"))];

    [GeneratedRegex(@"^(<b>[^<]*</b>:?|\*\*[^*:]+:\s*\*\*|(Published|Last updated|Study type|Masking|Control|Allocation|Intervention model|Primary purpose|Recruitment status|Start date \(anticipated\)|Enrollment|Type|Product type|Brand name|Generic name|Registration|Date|Application type|Review commission|ID|Source|Title|Status|Primary sponsor|Source\(s\) of monetary or material Support|Keyword):)\s*\**")]
    private static partial Regex Label();

    [GeneratedRegex(@"^(\d\d)-(\d\d)-(\d{4})$")]
    private static partial Regex DutchDate();

    // Columns of a table, criteria and keywords on one line, a city and its postal code.
    [GeneratedRegex(@"\t|\s*;\s*|,\s*|(?<=^(EudraCT|CCMO|OMON|ClinicalTrials\.gov|NTR-new|NTR-old|Other|ISRCTN))\s|\s(?=\d{4} [A-Z]{2}$)")]
    private static partial Regex Separators();
}
