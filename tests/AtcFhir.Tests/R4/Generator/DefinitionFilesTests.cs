using System.Text.Json;
using AtcFhir.R4.Definitions;
using AtcFhir.R4.Generator;

namespace AtcFhir.Tests.R4.Generator;

public sealed class DefinitionFilesTests
{
    private static readonly Lazy<DefinitionSource> Source = new(() => DefinitionSource.FromExamplesPackage(R4Examples.Folder));

    /// <summary>Its official expansion is cut off after 1,000 of 6,401 codes.</summary>
    private const string CutOff = "c80-doc-typecodes";

    [Fact]
    public void TheCommittedFilesAreWhatTheGeneratorMakes()
    {
        var files = DefinitionFiles.Of(Source.Value).ToList();
        Assert.Equal(["r4.core.br", "r4.terminology.br", "r4.profiles.br", "r4.meanings.br"], files.Select(file => file.Name));
        Assert.All(files, file => Assert.True(new DefinitionFile(file.Name).Read().Span.SequenceEqual(file.Content), $"{file.Name} is out of date: run the generator."));
    }

    /// <summary>HL7 publishes expansions of most value sets; what we list without a terminology server has to be the same, but for retired codes, which they leave out.</summary>
    [Fact]
    public void TheCodesOfAValueSetAreThoseOfItsOfficialExpansion()
    {
        var codes = new ValueSetCodes(Source.Value);
        var retired = Source.Value.CodeSystems.SelectMany(system => Concepts.Of(system).Values).Where(concept => concept.IsInactive).Select(concept => concept.Code).ToHashSet(StringComparer.Ordinal);
        using var expansions = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(R4Examples.Folder, "Bundle-valueset-expansions.json")));
        var (compared, wider) = (0, new List<string>());
        foreach (var set in expansions.RootElement.Items("entry").Select(entry => entry.GetProperty("resource")).Where(set => set.Required("id") != CutOff))
        {
            if (codes.Of(set.Required("url")) is { } listed)
            {
                compared++;
                var official = Codes(set.GetProperty("expansion")).ToHashSet(StringComparer.Ordinal);
                Assert.Empty(official.Except(listed));
                if (listed.Except(official).Except(retired).Any())
                {
                    wider.Add(set.Required("id"));
                }
            }
        }

        // HL7's expansions leave out concepts that have a second parent by a child property; the code systems do name them.
        Assert.Equal(["detectedissue-category", "v3-ActPharmacySupplyType"], wider.Order(StringComparer.Ordinal));
        Assert.InRange(compared, 400, 553);
    }

    private static IEnumerable<string> Codes(JsonElement owner)
        => owner.Items("contains").SelectMany(item => Codes(item).Prepend(item.Required("code")));
}
