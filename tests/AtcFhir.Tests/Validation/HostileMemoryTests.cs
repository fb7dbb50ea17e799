using AtcFhir.Tests.Validation.Profiles;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Tests.Validation;

/// <summary>What documents leave behind in a validator. The memory of the whole process is measured, so nothing runs beside.</summary>
[Collection(Alone)]
public sealed class HostileMemoryTests
{
    private const string Alone = "memory of the process";

    [Fact]
    public void CanonicalsThatNobodyKnowsDoNotFillTheMemory()
    {
        var validator = new Validator(ConformanceSource.Official);
        var before = 0L;
        for (var i = 0; i < 50_000; i += 1_000)
        {
            var urls = string.Join(',', Enumerable.Range(i, 1_000).Select(n => $$$"""{"url":"http://example.org/{{{n}}}/a-url-that-is-rather-long-so-that-it-would-be-seen","valueBoolean":true}"""));
            _ = validator.Validate(ProfileFixture.Read($$$"""{"resourceType":"Patient","extension":[{{{urls}}}]}"""));
            before = i == 20_000 ? GC.GetTotalMemory(true) : before;
        }

        var grown = GC.GetTotalMemory(true) - before;
        Assert.True(grown < 3_000_000, $"{grown} bytes more are kept.");
    }

    [CollectionDefinition(Alone, DisableParallelization = true)]
    public sealed class NothingBeside;
}
