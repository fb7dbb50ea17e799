namespace AtcFhir.Tests.Sync;

/// <summary>The process ends at each boundary of a pass, one after the other; after a restart the passes lead to the same state as without.</summary>
public sealed class CrashTests
{
    /// <summary>Every third boundary in each test run, all of them with <c>ATCFHIR_SYNC_SEEDS</c> set.</summary>
    private static int Stride => Environment.GetEnvironmentVariable("ATCFHIR_SYNC_SEEDS") is null ? 3 : 1;

    [Theory]
    [InlineData("plain", CrashPoint.BeforeCommit)]
    [InlineData("plain", CrashPoint.AfterCommit)]
    [InlineData("plain", CrashPoint.BeforeRequest)]
    [InlineData("plain", CrashPoint.AfterRequest)]
    [InlineData("epic-like", CrashPoint.AfterRequest)]
    [InlineData("small", CrashPoint.AfterRequest)]
    internal async Task AnyCrashLeadsToTheSameStateInTheEnd(string hospital, CrashPoint point)
    {
        var expected = await RunAsync(hospital, null, 0);
        for (var count = 1; ; count += Stride)
        {
            var state = await RunAsync(hospital, point, count);
            if (state is null)
            {
                Assert.True(count > 5, "The crash came nowhere.");
                return;
            }

            Assert.True(expected == state, $"{hospital}, {point} {count}: {state} instead of {expected}");
        }
    }

    /// <summary>What is there in the end; null when the crash point was not reached that often.</summary>
    private static async Task<string?> RunAsync(string hospital, CrashPoint? point, int count)
    {
        var plan = new CrashPlan();
        await using var world = await SyncWorld.Make(SyncPassTests.TraitsOf(hospital), wrap: store => new CrashingStore(store, plan), withStudy: false);
        world.Hospital.Interfere = (_, done) =>
        {
            plan.Pass(done ? CrashPoint.AfterRequest : CrashPoint.BeforeRequest);
            return null;
        };
        await world.Put("""{"resourceType":"ResearchStudy","id":"atc-anakinra1","status":"active"}""");
        world.AddPatient("p1");
        for (var i = 0; i < 3; i++)
        {
            world.AddCrp("crp-" + i, "p1", "1" + i);
        }

        var subject = await world.Enrol();
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject));
        if (point is { } at)
        {
            plan.At(at, count);
            try
            {
                await world.Run();
                return null;
            }
            catch (Crash)
            {
                plan.Clear();
            }

            await world.Restart();
            world.Time.Advance(TimeSpan.FromMinutes(2)); // the lease of the dead runs out
        }

        Assert.InRange(await world.Settle(), 1, 6);
        var observations = (await world.Trial("Observation")).Select(crp => crp["valueQuantity"]!["value"]!.ToJsonString()).Order(StringComparer.Ordinal);
        var versions = (await world.Trial("Observation")).Sum(crp => int.Parse(crp["meta"]!["versionId"]!.GetValue<string>(), CultureInfo.InvariantCulture));
        return $"{string.Join(',', observations)} in {versions} versions; {world.Hospital.Living("ResearchStudy").Count()} studies, {world.Hospital.Living("ResearchSubject").Count()} subjects, {world.Hospital.Living("AdverseEvent").Count()} events, {(await world.Trial("Task")).Count} tasks";
    }
}
