namespace AtcFhir.Tests.Sync;

/// <summary>
/// A few lives of the simulation in each test run; as many as wanted with <c>ATCFHIR_SYNC_SEEDS=1000-1999 dotnet run --project tests/AtcFhir.Tests --
/// -class AtcFhir.Tests.Sync.SimulationTests</c>.
/// </summary>
public sealed class SimulationTests
{
    public static TheoryData<int> Seeds
    {
        get
        {
            var range = (Environment.GetEnvironmentVariable("ATCFHIR_SYNC_SEEDS") ?? "1-8").Split('-').Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToList();
            return [.. Enumerable.Range(range[0], range[^1] - range[0] + 1)];
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task TheInvariantsHoldAfterALifeUnderFaults(int seed) => Simulation.RunAsync(seed);
}
