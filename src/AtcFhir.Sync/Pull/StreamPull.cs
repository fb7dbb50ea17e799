using AtcFhir.R4.Documents;
using AtcFhir.Store;
using AtcFhir.Store.Side;
using AtcFhir.Sync.Border;
using AtcFhir.Sync.Hospital;
using AtcFhir.Sync.Keys;
using AtcFhir.Sync.Ledger;

namespace AtcFhir.Sync.Pull;

/// <summary>
/// Reads one stream of one patient: all pages through the border, then, when the whole stream was listed, what is missing; and only at the
/// very end, in a transaction of its own, the cursor. A fault anywhere leaves the cursor where it was.
/// </summary>
internal sealed class StreamPull(PassContext pass, EnrolmentRow lane, HospitalStream stream)
{
    /// <summary>An absent resource has to be asked for twice, this far apart, before a 404 counts as deleted: search indexes and replicas lag.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(60);

    private readonly HashSet<string> seen = new(StringComparer.Ordinal);

    private bool lacksLastUpdated;

    /// <summary>Null when all is read; otherwise what stopped it.</summary>
    public async Task<HospitalFault?> RunAsync(CancellationToken cancel)
    {
        if (pass.Keys.Reveal(lane.Surrogate) is not { } patient)
        {
            return new(HospitalFaultKind.NotUsable, "the hospital's id of the patient is not known; a patient who was enrolled by identifier only is read once the hospital has been asked");
        }

        var row = await pass.Store.StreamAsync(pass.Hospital, lane.Surrogate, stream.Name, cancel).ConfigureAwait(false);
        var full = row.Cursor is null || !pass.Profile.ReadsChanges || row.Swept is null || pass.Now - row.Swept > pass.SweepInterval;
        string? since = full ? null : Instant(row.Cursor!.Value - pass.Overlap);
        var (first, fault) = await ReadPagesAsync(patient.Id, since, cancel).ConfigureAwait(false);
        if (fault is null && full)
        {
            fault = await LookForMissingAsync(cancel).ConfigureAwait(false);
        }

        if (fault is not null)
        {
            return fault;
        }

        // Where lastUpdated turned out to be absent, a cursor would promise what the hospital cannot keep.
        var cursor = lacksLastUpdated || !pass.Profile.ReadsChanges ? null : first;
        return await pass.CommitAsync([LedgerWrites.Advance(row, cursor, full ? pass.Now : null)], cancel).ConfigureAwait(false);
    }

    private async Task<(DateTimeOffset? First, HospitalFault? Fault)> ReadPagesAsync(string patientId, string? since, CancellationToken cancel)
    {
        var rounds = 0;
        while (true)
        {
            var known = seen.Count;
            var (first, pages, keyed, fault) = await ReadOnceAsync(patientId, since, cancel).ConfigureAwait(false);

            // Several pages by next links only: the set may have moved under them, so read again until nothing new turns up.
            if (fault is not null || pages == 1 || keyed || seen.Count == known || ++rounds == 3)
            {
                return (first, fault);
            }
        }
    }

    private async Task<(DateTimeOffset? First, int Pages, bool Keyed, HospitalFault? Fault)> ReadOnceAsync(string patientId, string? since, CancellationToken cancel)
    {
        var sorted = pass.Profile.ReadsChanges;
        var url = stream.Query(patientId, since, pass.Client.Options.PageSize, sorted);
        var visited = new HashSet<string>(StringComparer.Ordinal);
        DateTimeOffset? first = null;
        var (position, keyed) = (since, sorted);
        for (var pages = 1; ; pages++)
        {
            if (!visited.Add(url))
            {
                return (first, pages, keyed, new(HospitalFaultKind.NotUsable, $"search of {stream.Type}: the next links go in a circle"));
            }

            var (page, fault) = SearchPage.Read(await pass.Client.GetAsync(url, $"search of {stream.Type}", cancel).ConfigureAwait(false), stream.Type, pass.Client);
            if (page is null)
            {
                return (first, pages, keyed, fault);
            }

            if (page.SelfParameters is { Count: > 0 } used && !used.Contains("patient") && !used.Contains("subject") && !used.Contains("individual") && pages == 1)
            {
                return (first, pages, keyed, new(HospitalFaultKind.Privacy, $"search of {stream.Type}: the server did not take the patient parameter, so the answer may be of all patients; nothing of it was used"));
            }

            first ??= page.Date ?? Newest(page);
            if (await TakeAsync(page, cancel).ConfigureAwait(false) is { } stop)
            {
                return (first, pages, keyed, stop);
            }

            if (page.Next is null)
            {
                return (first, pages, keyed, null);
            }

            // Keyset: ask again from the last one on instead of following a link whose page may have shifted. Inside a tie only the link leads on.
            var last = keyed ? LastOf(page) : null;
            keyed = last is not null;
            if (last is not null && last != position)
            {
                (url, position) = (stream.Query(patientId, last, pass.Client.Options.PageSize, sorted), last);
            }
            else
            {
                url = page.Next;
            }
        }
    }

    private async Task<HospitalFault?> TakeAsync(SearchPage page, CancellationToken cancel)
    {
        var envelopes = new List<Envelope>(page.Matches.Count);
        foreach (var match in page.Matches)
        {
            lacksLastUpdated |= match.LastUpdated is null;
            var envelope = Envelope.Open(pass.Hospital, match.Document);
            if (pass.Crossing.PatientOf(pass.OriginOf(lane, stream.Name), match.Document) != lane.Surrogate)
            {
                return new(HospitalFaultKind.Privacy, $"search of {stream.Type}: the page has a resource of another patient; nothing of the page was used");
            }

            envelopes.Add(envelope);
        }

        foreach (var surrogate in pass.Keys.Mint([.. envelopes.Select(envelope => envelope.Name)]))
        {
            seen.Add(surrogate);
        }

        return await pass.TakeAsync(lane, stream.Name, envelopes, cancel).ConfigureAwait(false);
    }

    /// <summary>
    /// What the stream does not list any more may be deleted, or hidden for a moment: a read decides, and many at once are never deletions but
    /// a revoked right, an index being rebuilt, or another server.
    /// </summary>
    private async Task<HospitalFault?> LookForMissingAsync(CancellationToken cancel)
    {
        var links = await pass.Store.LinksAsync(lane.Surrogate, stream.Name, cancel).ConfigureAwait(false);
        var missing = links.Where(link => link.State != LinkState.Gone && !seen.Contains(link.Surrogate)).ToList();
        if (missing.Count > Math.Max(5, links.Count / 50))
        {
            return new(HospitalFaultKind.NotUsable, $"{stream.Type}: {missing.Count} of {links.Count} resources are not listed any more; that many at once are not taken as deleted until a person has looked");
        }

        foreach (var link in missing)
        {
            if (pass.Keys.Reveal(link.Surrogate) is not { } key)
            {
                continue; // It came through the intake without an id: nothing to ask for.
            }

            var reply = await pass.Client.ReadAsync(link.RemoteType, key.Id, cancel).ConfigureAwait(false);
            var fault = reply switch
            {
                { IsSuccess: true, Body: { } body } => await StillThereAsync(body, key, cancel).ConfigureAwait(false),
                { Status: 410, Fault: null } => await RemoveAsync(link, cancel).ConfigureAwait(false),
                { Status: 404, Fault: null } when link.Misses > 0 && pass.Now - link.Missed >= Settling => await RemoveAsync(link, cancel).ConfigureAwait(false),
                { Status: 404, Fault: null } => link.Misses > 0 ? null : await pass.CommitAsync([LedgerWrites.Missed(link.Surrogate, pass.Now)], cancel).ConfigureAwait(false),
                _ => reply.Fault ?? new(HospitalFaultKind.NotUsable, $"read of {link.RemoteType}: answered {reply.Status}"),
            };
            if (fault is not null)
            {
                return fault;
            }
        }

        return null;
    }

    private async Task<HospitalFault?> StillThereAsync(ResourceDocument body, HospitalKey key, CancellationToken cancel)
    {
        if (body.ResourceType != key.Type || (body.Id is { } id && id != key.Id))
        {
            return new(HospitalFaultKind.NotUsable, $"read of {key.Type}: the answer is another resource than asked for");
        }

        // It may have been moved to another patient's record: then it is not ours any more, and not ours to look at.
        return pass.Crossing.PatientOf(pass.OriginOf(lane, stream.Name), body) == lane.Surrogate
            ? await pass.TakeAsync(lane, stream.Name, [Envelope.Open(pass.Hospital, body).Known(key)], cancel).ConfigureAwait(false)
            : new(HospitalFaultKind.Privacy, $"read of {key.Type}: it belongs to another patient now; a person has to look");
    }

    private async Task<HospitalFault?> RemoveAsync(LinkRow link, CancellationToken cancel)
    {
        var passage = await pass.Crossing.RemoveAsync(new Passage(CrossingKind.Updated), pass.Now, lane, link, link, cancel).ConfigureAwait(false);
        var writes = new List<ResourceWrite>();
        writes.AddRange(passage.Deletions.Select(deletion => ResourceWrite.Delete(deletion.Type, deletion.Id)));
        writes.AddRange(passage.Resources.Select(resource => ResourceWrite.Update(pass.Store.Prepare(resource, resource.Id), resource.Id)));
        var audit = pass.OriginOf(lane, stream.Name).Audit with { Action = "pull-delete" };
        var commit = await pass.Store.Commit(new WriteBatch(writes, audit) { Statements = [pass.Fence(), .. passage.Statements] }, cancel).ConfigureAwait(false);
        if (!commit.Committed)
        {
            return PassContext.FaultOf(commit.Failure!);
        }

        if (passage.Released is { } body)
        {
            pass.Keys.DropBody(body);
        }

        pass.Tally.Removed++;
        return null;
    }

    /// <summary>The last match's lastUpdated, when the page is really in that order; null sends the reader along the next links.</summary>
    private static string? LastOf(SearchPage page)
    {
        DateTimeOffset? before = null;
        foreach (var match in page.Matches)
        {
            if (match.LastUpdated is null || !DateTimeOffset.TryParse(match.LastUpdated, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) || at < before)
            {
                return null;
            }

            before = at;
        }

        return page.Matches.Count == 0 ? null : page.Matches[^1].LastUpdated;
    }

    private static DateTimeOffset? Newest(SearchPage page)
    {
        DateTimeOffset? newest = null;
        foreach (var match in page.Matches)
        {
            if (DateTimeOffset.TryParse(match.LastUpdated, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) && !(at < newest))
            {
                newest = at;
            }
        }

        return newest;
    }

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
