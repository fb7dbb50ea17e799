using System.Text.Json.Nodes;
using AtcFhir.Sync.Enrolment;
using AtcFhir.Sync.Keys;
using AtcFhir.Sync.Ledger;

namespace AtcFhir.Tests.Sync;

/// <summary>
/// A trial and a hospital that live for a while under faults: the ward writes, corrects and deletes, the trial's staff report and correct, and
/// passes run while answers get lost, the process ends and the hospital's clock, cache and index are what they are. One seed, one life.
/// Then faults and edits stop, and the invariants of the sync are asked for.
/// </summary>
internal sealed class Simulation
{
    private const int Steps = 60;

    private readonly Random random;
    private readonly CrashPlan plan = new();
    private readonly bool deletes;
    private readonly Dictionary<string, string> wardEdits = new(StringComparer.Ordinal);
    private SyncWorld world = null!;
    private readonly List<EnrolledSubject> subjects = [];
    private bool isQuiet;
    private int next;
    private bool crashes;

    private Simulation(int seed)
    {
        random = new Random(seed);
        deletes = random.Next(2) == 0;
    }

    public static async Task RunAsync(int seed)
    {
        var simulation = new Simulation(seed);
        try
        {
            await simulation.LiveAsync(seed);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw new InvalidOperationException($"Seed {seed}: {failure.Message}", failure);
        }
    }

    private async Task LiveAsync(int seed)
    {
        await using var made = await SyncWorld.Make(Traits(), seed, store => new CrashingStore(store, plan), withStudy: false);
        world = made;
        world.Sync.SweepHours = deletes ? 0.05 : 1e6; // a sweep hides what a pull misses, so half of the lives have none
        world.Hospital.Interfere = Interfere;
        isQuiet = true;
        await world.Put("""{"resourceType":"ResearchStudy","id":"atc-anakinra1","status":"active"}""");
        foreach (var patient in new[] { "p1", "p2" })
        {
            world.AddPatient(patient);
            subjects.Add(await world.Enrol(patient));
        }

        isQuiet = false;
        for (var step = 0; step < Steps; step++)
        {
            await StepAsync();
            await NothingAliveIsDeletedAsync();
            world.Time.Advance(TimeSpan.FromSeconds(random.Next(1, 90)));
        }

        isQuiet = true;
        world.Time.Advance(TimeSpan.FromMinutes(15));
        for (var cycle = 0; cycle < 6; cycle++)
        {
            await world.Run();
            await NothingAliveIsDeletedAsync();
            world.Time.Advance(TimeSpan.FromMinutes(4));
        }

        await NothingMovesAnyMoreAsync();
        await BothSidesAgreeAsync();
        NothingWasMadeTwice();
        TheWardsEditsStand();
    }

    private HospitalTraits Traits() => new()
    {
        Versions = Pick("integer", "opaque", "none"),
        HasLastUpdated = random.Next(3) > 0,
        HonoursIfMatch = random.Next(3) > 0,
        HonoursIfNoneExist = random.Next(3) > 0,
        KeepsIdentifiers = true,
        EmptyBodies = random.Next(3) == 0,
        DeletedReadsAs = Pick(404, 410),
        HasMetadata = random.Next(2) == 0,
        MaxPage = Pick(2, 3, 1000),
        Normalises = random.Next(3) == 0,
        CommitLag = Pick(TimeSpan.Zero, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(200)),
        IndexLag = Pick(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromSeconds(5)),
        Skew = Pick(TimeSpan.FromMinutes(-40), TimeSpan.Zero, TimeSpan.FromMinutes(25)),
        Granularity = Pick(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1)),
    };

    private async Task StepAsync()
    {
        switch (random.Next(100))
        {
            case < 22:
                WardWrites();
                break;
            case < 27 when deletes:
                WardDeletes();
                break;
            case < 36:
                await StaffReportsAsync();
                break;
            case < 40:
                WardEditsAdverseEvent();
                break;
            default:
                await PassAsync();
                break;
        }
    }

    private void WardWrites()
    {
        var living = world.Hospital.Living("Observation").Where(pair => pair.Key.Contains("/w", StringComparison.Ordinal) && !world.Hospital.IsLocked(pair.Key)).ToList();
        if (living.Count == 0 || random.Next(2) == 0)
        {
            var id = $"w{next++}";
            world.Hospital.Ward("Observation/" + id, JsonNode.Parse(SyncWorld.Crp(id, Pick("p1", "p2"), Value()))!.AsObject(), Lag());
            return;
        }

        var (key, body) = living[random.Next(living.Count)];
        var edited = body.DeepClone().AsObject();
        edited["valueQuantity"]!["value"] = JsonNode.Parse(Value());
        edited["status"] = Pick("amended", "corrected", "entered-in-error");
        world.Hospital.Ward(key, edited, Lag());
    }

    private void WardDeletes()
    {
        var living = world.Hospital.Living("Observation").Where(pair => pair.Key.Contains("/w", StringComparison.Ordinal) && !world.Hospital.IsLocked(pair.Key)).ToList();
        if (living.Count > 0)
        {
            world.Hospital.Ward(living[random.Next(living.Count)].Key, null, Lag());
        }
    }

    private async Task StaffReportsAsync()
    {
        isQuiet = true;
        var subject = subjects[random.Next(2)];
        var id = $"ae-{subject.SubjectNumber}-{random.Next(3)}";
        var reported = JsonNode.Parse(AdverseEvents.Pneumonia(id, subject, grade: random.Next(1, 5), outcome: Pick("resolved", "recovering", "ongoing")).Utf8.Span)!.AsObject();
        if (await world.Store.Read("AdverseEvent", id, SyncWorld.Cancel) is { IsDeleted: false } known)
        {
            reported["date"] = JsonNode.Parse(known.Body.Span)!["date"]!.DeepClone(); // The staff change what they have to say, not what they read.
        }

        await world.Put(reported.ToJsonString());
        isQuiet = false;
    }

    private void WardEditsAdverseEvent()
    {
        var living = world.Hospital.Living("AdverseEvent").Where(pair => !world.Hospital.IsLocked(pair.Key)).ToList();
        if (living.Count == 0 || random.Next(3) > 0)
        {
            return;
        }

        var (key, body) = living[random.Next(living.Count)];
        var edited = body.DeepClone().AsObject();
        if (random.Next(3) > 0)
        {
            edited["date"] = wardEdits[key] = $"2019-02-{random.Next(12, 28)}"; // The staff never touch it: it has to come together with what they say.
        }
        else
        {
            edited["outcome"] = JsonNode.Parse(AdverseEvents.Pneumonia("x", subjects[0], outcome: Pick("resolved", "recovering", "ongoing", "unknown")).Utf8.Span)!["outcome"]!.DeepClone();
        }

        world.Hospital.Ward(key, edited, TimeSpan.Zero);
    }

    private async Task PassAsync()
    {
        try
        {
            crashes = true;
            await world.Run();
        }
        catch (Crash)
        {
            plan.Clear();
            await world.Restart();
            world.Time.Advance(TimeSpan.FromSeconds(31)); // the lease of the dead runs out
        }
        finally
        {
            plan.Clear();
            crashes = false;
        }
    }

    private HttpResponseMessage? Interfere(HttpRequestMessage request, bool done)
    {
        if (isQuiet)
        {
            return null;
        }

        if (crashes && random.Next(100) < 2)
        {
            plan.At(CrashPoint.BeforeRequest, 1);
            plan.Pass(CrashPoint.BeforeRequest);
        }

        if (random.Next(100) < 2)
        {
            plan.At(Pick(CrashPoint.BeforeCommit, CrashPoint.AfterCommit), random.Next(1, 4));
        }

        return random.Next(100) switch
        {
            < 4 => throw new HttpRequestException(HttpRequestError.ResponseEnded),
            < 5 => new HttpResponseMessage(System.Net.HttpStatusCode.OK) { Content = new StringContent("<html>", System.Text.Encoding.UTF8, "text/html") },
            < 6 => MemoryHospital.Outcome(503),
            _ => null,
        };
    }

    /// <summary>I3, after every step.</summary>
    private async Task NothingAliveIsDeletedAsync()
    {
        foreach (var (key, body) in world.Hospital.Living("Observation").Where(pair => pair.Key.Contains("/w", StringComparison.Ordinal)))
        {
            if (Surrogate(key) is { } surrogate && await world.Store.Read("Observation", surrogate, SyncWorld.Cancel) is { IsDeleted: true })
            {
                throw new InvalidOperationException($"I3: {key} is deleted in the trial and alive at the hospital ({body["status"]}).");
            }
        }
    }

    /// <summary>I9.</summary>
    private async Task NothingMovesAnyMoreAsync()
    {
        var before = await world.Totals();
        for (var pass = 0; pass < 2; pass++)
        {
            await world.Run();
        }

        Check(before == await world.Totals(), $"I9: still {await world.Totals()} after {before}.");
    }

    /// <summary>I2 and I8.</summary>
    private async Task BothSidesAgreeAsync()
    {
        foreach (var (key, body) in world.Hospital.Living("Observation").Where(pair => pair.Key.Contains("/w", StringComparison.Ordinal)))
        {
            var stored = Surrogate(key) is { } surrogate ? await world.Store.Read("Observation", surrogate, SyncWorld.Cancel) : null;
            Check(stored is { IsDeleted: false }, $"I2: {key} is not in the trial.");
            var here = JsonNode.Parse(stored!.Body.Span)!;
            Check(here["valueQuantity"]!["value"]!.ToJsonString() == body["valueQuantity"]!["value"]!.ToJsonString() && here["status"]!.ToJsonString() == body["status"]!.ToJsonString(), $"I8: {key} differs.");
        }

        if (deletes)
        {
            Check((await world.Trial("Observation")).Count == world.Hospital.Living("Observation").Count(), "I8: the trial has what the hospital deleted.");
        }

        var bases = await world.Store.BasesAsync("default", SyncWorld.Cancel);
        foreach (var happened in await world.Trial("AdverseEvent"))
        {
            var agreed = bases.FirstOrDefault(row => row.LocalType == "AdverseEvent" && row.LocalId == happened["id"]!.GetValue<string>());
            Check(agreed is not null, $"I8: {happened["id"]} was not delivered.");
            var remote = world.Hospital.Current("AdverseEvent/" + world.Keys.Reveal(agreed!.Surrogate)!.Id)!;
            foreach (var element in new[] { "outcome", "date" })
            {
                Check(agreed.State == BaseState.Conflict || remote[element]!.ToJsonString() == happened[element]!.ToJsonString(), $"I8: {element} of {happened["id"]} differs at the hospital ({agreed.State}).");
            }
        }
    }

    /// <summary>I7.</summary>
    private void NothingWasMadeTwice()
    {
        foreach (var type in new[] { "ResearchStudy", "ResearchSubject", "AdverseEvent" })
        {
            var twice = world.Hospital.Living(type).SelectMany(pair => pair.Body["identifier"] is JsonArray list ? list.Select(one => one!["value"]!.ToJsonString()) : [pair.Body["identifier"]!["value"]!.ToJsonString()])
                .GroupBy(value => value).FirstOrDefault(group => group.Count() > 1 && group.Key.Contains(type, StringComparison.Ordinal));
            Check(twice is null, $"I7: {twice?.Key} is at the hospital {twice?.Count()} times.");
        }
    }

    /// <summary>I6: what the ward typed into a resource of ours was not overwritten by us.</summary>
    private void TheWardsEditsStand()
    {
        foreach (var (key, date) in wardEdits)
        {
            Check(world.Hospital.Current(key)?["date"]?.GetValue<string>() == date, $"I6: the ward's edit of {key} is gone.");
        }
    }

    private string? Surrogate(string key) => world.Keys.Find(new HospitalKey("default", "Observation", key.Split('/')[1]));

    private TimeSpan? Lag() => world.Hospital.Traits.CommitLag == TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromSeconds(random.Next((int)world.Hospital.Traits.CommitLag.TotalSeconds));

    private string Value() => (1000 + next++).ToString(CultureInfo.InvariantCulture);

    private T Pick<T>(params T[] values) => values[random.Next(values.Length)];

    private static void Check(bool holds, string message)
    {
        if (!holds)
        {
            throw new InvalidOperationException(message);
        }
    }
}
