using Microsoft.Extensions.DependencyInjection;
using static AtcFhir.Tests.Server.Fhir.Resources;

namespace AtcFhir.Tests.Server.Fhir;

/// <summary>A search whose time runs out, by a clock that leaps. Without validation on write (Validation:OnWrite=Off).</summary>
public class SearchCostTests
{
    [Theory]
    [InlineData("Patient?family:contains=x,y,z&_total=accurate")]
    [InlineData("?_type=Patient&_content=nobody&_total=accurate")]
    [InlineData("Patient?_has:Observation:subject:code:not=nothing&family:contains=x,y,z&_total=accurate")]
    public async Task ASearchThatWorksTooLongIsRefusedAndTheServerGoesOn(string search)
    {
        var clock = new LeapingClock();
        await using var app = await new ServerApp(services => services.AddSingleton<TimeProvider>(clock), "Validation:OnWrite=Off").Ready();
        Assert.Equal(200, (await app.Post("", Bundle("batch", [.. Enumerable.Range(0, 1500).Select(number => Entry("POST", "Patient", Patient(identifier: $"{number}")))]))).Status);

        clock.IsLeaping = true;
        var refused = await app.Get(search);
        clock.IsLeaping = false;

        refused.Refuses(503, "too-costly");
        Assert.NotNull(refused.Header("Retry-After"));
        Assert.Equal(200, (await app.Get("Patient?_count=1")).Status);
    }

    private sealed class LeapingClock : TimeProvider
    {
        private long leaps;

        public bool IsLeaping { get; set; }

        public override long GetTimestamp() => base.GetTimestamp() + ((IsLeaping ? Interlocked.Increment(ref leaps) : Interlocked.Read(ref leaps)) * 20 * TimestampFrequency);
    }
}
