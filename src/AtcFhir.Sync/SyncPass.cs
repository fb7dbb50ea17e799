using AtcFhir.R4.Outcomes;
using AtcFhir.Store;
using AtcFhir.Store.Side;
using AtcFhir.Sync.Border;
using AtcFhir.Sync.Enrolment;
using AtcFhir.Sync.Hospital;
using AtcFhir.Sync.Keys;
using AtcFhir.Sync.Ledger;
using AtcFhir.Sync.Pull;
using AtcFhir.Sync.Push;
using AtcFhir.Sync.Reports;
using Microsoft.Extensions.Logging;

namespace AtcFhir.Sync;

/// <summary>
/// One pass over one hospital. It may be cut short anywhere, by a fault or by a power cut; the next one completes it, since whatever a pass
/// needs to know stands in the store, in the same transaction as what it did.
/// </summary>
public sealed class SyncPass
{
    private readonly IResourceStore store;
    private readonly KeyStore keys;
    private readonly Crossing crossing;
    private readonly Enroller enroller;
    private readonly FindHospital clients;
    private readonly SyncOptions options;
    private readonly TimeProvider time;
    private readonly ILogger<SyncPass> logger;
    private readonly string owner;

    internal SyncPass(IResourceStore store, KeyStore keys, Crossing crossing, Enroller enroller, FindHospital clients, SyncOptions options, TimeProvider time, ILogger<SyncPass> logger)
    {
        (this.store, this.keys, this.crossing, this.enroller, this.clients, this.options, this.time, this.logger) = (store, keys, crossing, enroller, clients, options, time, logger);
        owner = keys.Ring.NewId();
    }

    /// <summary>Finds out anew what the hospital's server does, and keeps it for the passes.</summary>
    public async Task<Result<HospitalProfile>> ProbeAsync(string hospital, CancellationToken cancel)
    {
        if (clients(hospital) is not { } client)
        {
            return NoSuchHospital();
        }

        var now = time.GetUtcNow();
        if (await Lease.AcquireAsync(store, hospital, owner, TimeSpan.FromSeconds(options.LeaseSeconds), now, cancel).ConfigureAwait(false) is not { } lease)
        {
            return new Failure(FailureKind.Busy, IssueCode.Transient, "Another process is at work on this hospital; try again.");
        }

        string? wrong = null;
        try
        {
            var pass = new PassContext(store, keys, crossing, client, await ProfileAsync(hospital, cancel).ConfigureAwait(false) ?? new HospitalProfile(), lease, options, time);
            wrong = (await ProbeAsync(pass, isDue: true, cancel).ConfigureAwait(false))?.What;
            return wrong is null ? pass.Profile : new Failure(FailureKind.Busy, IssueCode.Transient, "The hospital could not be probed: " + wrong + ".");
        }
        finally
        {
            await lease.ReleaseAsync(store, time.GetUtcNow(), wrong, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>What the next push to the hospital would do, as things stand in the store. Nobody is asked and nothing is written.</summary>
    public async Task<Result<List<PendingDelivery>>> PreviewAsync(string hospital, CancellationToken cancel)
    {
        if (clients(hospital) is not { } client)
        {
            return NoSuchHospital();
        }

        var pass = new PassContext(store, keys, crossing, client, await ProfileAsync(hospital, cancel).ConfigureAwait(false) ?? new HospitalProfile(), new Lease(hospital, owner, 0, TimeSpan.Zero), options, time);
        return new List<PendingDelivery>(await new PushWork(pass, options.PublicBase).PreviewAsync(cancel).ConfigureAwait(false));
    }

    /// <summary>Runs the pass. Faults are in the report; an exception is a defect.</summary>
    public async Task<SyncReport> RunAsync(string hospital, CancellationToken cancel)
    {
        var started = time.GetUtcNow();
        if (clients(hospital) is not { } client)
        {
            return Refused(hospital, started, "no hospital of that name has a BaseUrl");
        }

        if (await Lease.AcquireAsync(store, hospital, owner, TimeSpan.FromSeconds(options.LeaseSeconds), started, cancel).ConfigureAwait(false) is not { } lease)
        {
            return Refused(hospital, started, "another process is at work on this hospital");
        }

        PassContext? pass = null;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var beating = BeatAsync(lease, stop);
        try
        {
            pass = new PassContext(store, keys, crossing, client, await ProfileAsync(hospital, cancel).ConfigureAwait(false) ?? new HospitalProfile(), lease, options, time);
            await RunAsync(pass, stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            pass?.Tally.Fault(hospital, "another process took this hospital over", stops: true);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await beating.ConfigureAwait(false);
            await lease.ReleaseAsync(store, time.GetUtcNow(), pass?.Tally.Faults.Count > 0 ? pass.Tally.Faults[0].Where + ": " + pass.Tally.Faults[0].What : null, CancellationToken.None).ConfigureAwait(false);
        }

        var report = pass!.Tally.ToReport(hospital, started, time.GetUtcNow());
        Log(report);
        return report;
    }

    /// <summary>The pass, top to bottom. A fault of the hospital as a whole ends it; one of a single stream or resource ends only that.</summary>
    private async Task RunAsync(PassContext pass, CancellationToken cancel)
    {
        var push = new PushWork(pass, options.PublicBase);
        _ = await StepAsync(pass, "probe", () => ProbeAsync(pass, isDue: false, cancel)).ConfigureAwait(false)
            && await StepAsync(pass, "what was sent before", () => push.ResolveOpenAsync(cancel)).ConfigureAwait(false)
            && await StepAsync(pass, "enrolment Group", () => new GroupFeed(pass, enroller).RunAsync(cancel)).ConfigureAwait(false)
            && await PullAsync(pass, cancel).ConfigureAwait(false)
            && await MayPushAsync(pass, cancel).ConfigureAwait(false)
            && await StepAsync(pass, "push", () => push.RunAsync(cancel)).ConfigureAwait(false);
        await SaveProfileAsync(pass, cancel).ConfigureAwait(false);
    }

    private async Task<bool> PullAsync(PassContext pass, CancellationToken cancel)
    {
        var streams = HospitalStream.Of(pass.Client.Options);
        foreach (var lane in await store.EnrolmentsAsync(pass.Hospital, cancel).ConfigureAwait(false))
        {
            foreach (var stream in streams)
            {
                // Consent may have been withdrawn while the pass runs: asked again before each request, and once more in each transaction.
                if (await store.EnrolmentAsync(lane.Surrogate, cancel).ConfigureAwait(false) is not { IsOpen: true } current)
                {
                    break;
                }

                var fault = stream.IsPatient
                    ? await new PatientPull(pass, current).RunAsync(cancel).ConfigureAwait(false)
                    : await new StreamPull(pass, current, stream).RunAsync(cancel).ConfigureAwait(false);
                if (fault is null)
                {
                    continue;
                }

                var stops = IsOfTheWhole(fault);
                pass.Tally.Fault($"{stream.Name} of subject {lane.SubjectNumber}", fault.What, stops);
                if (stops)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private async Task<HospitalFault?> ProbeAsync(PassContext pass, bool isDue, CancellationToken cancel)
    {
        var rows = await store.Query(SideQuery.Of("SELECT probed FROM sync_hospital WHERE name = $1", pass.Hospital), cancel).ConfigureAwait(false);
        var lanes = await store.EnrolmentsAsync(pass.Hospital, cancel).ConfigureAwait(false);
        var probed = rows.Count == 0 ? null : rows[0].TimeOrNull(0);

        // The searches can be tried only on a patient who has data; until that has worked each pass tries again, by reading only.
        if (!isDue && probed is not null && pass.Now - probed < TimeSpan.FromDays(7) && (pass.Profile.SearchesLastUpdated || pass.Profile.SearchTried || lanes.Count == 0))
        {
            return null;
        }

        var patient = lanes.Where(lane => lane.IsOpen).Select(lane => keys.Reveal(lane.Surrogate)?.Id).FirstOrDefault(id => id is not null);
        var writes = isDue || probed is null || pass.Now - probed >= TimeSpan.FromDays(7);
        var (profile, fault) = await new Probe(pass.Client, options.IdentifierSystem, keys.Ring.NewId, time).RunAsync(pass.Profile, patient, writes, cancel).ConfigureAwait(false);
        if (profile is null)
        {
            return fault;
        }

        pass.Profile = profile;
        return await pass.CommitAsync([SideStatement.Of("UPDATE sync_hospital SET profile = $2, probed = coalesce($3, probed) WHERE name = $1", pass.Hospital, profile.ToJson(), writes ? LedgerWrites.Ms(pass.Now) : null)], cancel).ConfigureAwait(false);
    }

    private async Task<bool> MayPushAsync(PassContext pass, CancellationToken cancel)
    {
        var rows = await store.Query(SideQuery.Of("SELECT state FROM sync_hospital WHERE name = $1", pass.Hospital), cancel).ConfigureAwait(false);
        if (rows[0].Text(0) == "running")
        {
            return true;
        }

        pass.Tally.Fault(pass.Hospital, "the hospital shows an older history than before, as after the restore of a backup: nothing is written there until a person has looked", stops: true);
        return false;
    }

    private static async Task<bool> StepAsync(PassContext pass, string name, Func<Task<HospitalFault?>> step)
    {
        if (await step().ConfigureAwait(false) is not { } fault)
        {
            return true;
        }

        var stops = IsOfTheWhole(fault);
        if (!pass.Tally.Faults.Any(known => known.What == fault.What))
        {
            pass.Tally.Fault(name, fault.What, stops);
        }

        return !stops;
    }

    private static bool IsOfTheWhole(HospitalFault fault) => fault.Kind is HospitalFaultKind.NoAnswer or HospitalFaultKind.Busy or HospitalFaultKind.NotAllowed;

    private async Task<HospitalProfile?> ProfileAsync(string hospital, CancellationToken cancel)
    {
        var rows = await store.Query(SideQuery.Of("SELECT profile FROM sync_hospital WHERE name = $1", hospital), cancel).ConfigureAwait(false);
        return rows.Count == 0 ? null : HospitalProfile.FromJson(rows[0].TextOrNull(0));
    }

    private async Task SaveProfileAsync(PassContext pass, CancellationToken cancel)
    {
        var json = pass.Profile.ToJson();
        if (json != (await ProfileAsync(pass.Hospital, cancel).ConfigureAwait(false))?.ToJson())
        {
            await pass.CommitAsync([SideStatement.Of("UPDATE sync_hospital SET profile = $2 WHERE name = $1", pass.Hospital, json)], cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Prolongs the lease while requests take long; a lease that is lost cancels the pass.</summary>
    private async Task BeatAsync(Lease lease, CancellationTokenSource stop)
    {
        try
        {
            while (await PauseAsync(lease.Length / 3, stop.Token).ConfigureAwait(false))
            {
                var commit = await store.Commit(new WriteBatch([], null) { Statements = [lease.Fence(time.GetUtcNow())] }, stop.Token).ConfigureAwait(false);
                if (commit.Failure is { Kind: R4.Outcomes.FailureKind.Conflict })
                {
                    await stop.CancelAsync().ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The pass is over.
        }
    }

    /// <summary>False when it was cut short. Says so without an exception, since every pass ends here, and the first stack trace loads the symbol reader.</summary>
    private async Task<bool> PauseAsync(TimeSpan length, CancellationToken cancel)
    {
        await Task.Delay(length, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !cancel.IsCancellationRequested;
    }

    private static Failure NoSuchHospital() => new(FailureKind.NotFound, IssueCode.NotFound, "No hospital of that name has a BaseUrl.");

    private SyncReport Refused(string hospital, DateTimeOffset started, string why)
    {
        var tally = new Tally();
        tally.Fault(hospital, why, stops: true);
        var report = tally.ToReport(hospital, started, time.GetUtcNow());
        Log(report);
        return report;
    }

    private void Log(SyncReport report)
    {
        logger.Log(
            report.Pulled + report.Pushed + report.Enrolled + report.Removed > 0 ? LogLevel.Information : LogLevel.Debug,
            "Sync of {Hospital}: {Enrolled} enrolled, {Pulled} pulled, {Mapped} mapped, {Unchanged} unchanged, {Quarantined} quarantined, {Withheld} withheld, {Removed} removed, {Pushed} pushed, {Merged} merged, {Conflicts} conflicts in {Seconds:0.0} s",
            report.Hospital, report.Enrolled, report.Pulled, report.Mapped, report.Unchanged, report.Quarantined, report.Withheld, report.Removed, report.Pushed, report.Merged, report.Conflicts, (report.Ended - report.Started).TotalSeconds);
        foreach (var fault in report.Faults)
        {
            logger.LogWarning("Sync of {Hospital}, {Where}: {What}", report.Hospital, fault.Where, fault.What);
        }
    }
}
