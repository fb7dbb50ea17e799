using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using AtcFhir.Store;
using AtcFhir.Validation;

namespace AtcFhir.Server.Fhir;

/// <summary>
/// FHIR transaction interaction: routes and rights of every entry, then ids, then references, then rules, then one write of everything. What fails
/// before or in that write leaves nothing behind. Reads come last and see what was written. <see href="https://hl7.org/fhir/R4/http.html#trules"/>
/// </summary>
internal static class Transaction
{
    /// <summary>Entries from which on all cores share the work, unless other Bundles keep them busy: sharing costs, and makes all of them ready at the same late time.</summary>
    private const int Many = 16;

    /// <summary>Of a plan: who loses a race for what a condition matches has lost it by the next.</summary>
    private const int MostTries = 4;

    public static async ValueTask<FhirResponse> Run(
        FhirEndpoint endpoint, Access access, FhirRequest request, IReadOnlyList<BundleEntry> entries, CancellationToken cancel)
    {
        for (var tries = 1; ; tries++)
        {
            var writes = new List<PlannedWrite>();
            try
            {
                if (await Run(endpoint, access, request, entries, writes, isLast: tries == MostTries, cancel) is { } answer)
                {
                    return answer;
                }
            }
            finally
            {
                writes.ForEach(write => write.Document?.Dispose());
            }
        }
    }

    /// <summary>Null when another request came between the plan and the write, so that a condition leads elsewhere, unless it is the last try.</summary>
    private static async ValueTask<FhirResponse?> Run(
        FhirEndpoint endpoint, Access access, FhirRequest request, IReadOnlyList<BundleEntry> entries, List<PlannedWrite> writes, bool isLast, CancellationToken cancel)
    {
        foreach (var entry in entries.Where(entry => entry.Request.Method != "GET").OrderBy(entry => ProcessingOrder.Of(entry.Request.Method)))
        {
            if (!(await PlannedWrite.Of(endpoint, access, entry, cancel)).TryGet(out var planned, out var failure))
            {
                return Outcomes.Of(At(entry, failure));
            }

            writes.Add(planned);
        }

        if (OverlapOf(writes) is { } overlap)
        {
            return Outcomes.Of(overlap);
        }

        var links = new TransactionLinks(endpoint, request.BaseUrl, writes);
        await links.LookUp(writes, cancel);
        var complete = new Result<ResourceWrite>[writes.Count];
        Each(writes.Count, endpoint.HasIdleCores, i => complete[i] = Complete(endpoint, access, writes, i, links));
        for (var i = 0; i < writes.Count; i++)
        {
            if (complete[i].Failure is { } failure)
            {
                return Outcomes.Of(At(writes[i].Entry, failure));
            }
        }

        if (await RefusedRead(endpoint, access, entries, writes, cancel) is { } refused)
        {
            return refused;
        }

        var audit = Audit.Of(access, request, "transaction");
        var committed = await endpoint.Store.Commit(new WriteBatch([.. complete.Select(write => write.Value)], audit), cancel);
        if (!isLast && committed.Writes.Where((write, i) => write.Outcome == WriteOutcome.Conflict && writes[i].Condition is not null).Any())
        {
            return null;
        }

        return committed.Failure is { } broken
            ? Outcomes.Of(Blamed(writes, committed, broken))
            : await Answer(endpoint, access, request, entries, writes, committed, cancel);
    }

    /// <summary>
    /// The answer to the first GET that fails: then nothing is written either, since a transaction is accepted when each entry gets 2xx or 3xx. They are
    /// carried out once before it for that; what only comes about by the transaction is known from its entries.
    /// One that fails only behind the write, since another request came between, is told in its entry.
    /// <see href="https://hl7.org/fhir/R4/http.html#transaction-response"/>
    /// </summary>
    private static async ValueTask<FhirResponse?> RefusedRead(FhirEndpoint endpoint, Access access, IReadOnlyList<BundleEntry> entries, List<PlannedWrite> writes, CancellationToken cancel)
    {
        foreach (var read in entries.Where(entry => entry.Request.Method == "GET"))
        {
            var write = read.Path.Count >= 2 ? writes.Find(write => write.Type == read.Path[0] && write.Id == read.Path[1]) : null;
            if (write is { Kind: not WriteKind.Delete })
            {
                continue;
            }

            if (write is not null && read.Path.Count == 2)
            {
                return Outcomes.Of(At(read, new Failure(FailureKind.Deleted, IssueCode.Deleted, $"{write.Type}/{write.Id} is deleted by this transaction, before it is read.")));
            }

            if (await Batch.Answer(endpoint, access, read, cancel) is { Succeeded: false } failed)
            {
                return Outcomes.Of(failed.Status, [.. failed.Issues.Select(read.Placed)]);
            }
        }

        return null;
    }

    /// <summary>References first, since rules may look at them; then what any single write has to pass; then what the store wants to know.</summary>
    private static Result<ResourceWrite> Complete(FhirEndpoint endpoint, Access access, List<PlannedWrite> writes, int index, TransactionLinks links)
    {
        var write = writes[index];
        if (write.Document is { } document)
        {
            if (!links.Rewrite(write.Entry, document).TryGet(out var rewritten, out var dangling))
            {
                return dangling;
            }

            if (!ReferenceEquals(rewritten, document))
            {
                writes[index] = write with { Document = rewritten };
                document.Dispose();
            }

            var mode = write.Kind == WriteKind.Create ? ValidateMode.Create : write.Condition is null ? ValidateMode.Update : ValidateMode.None;
            if (!Incoming.Check(endpoint, rewritten, write.Type, mode).TryGet(out var incoming, out var broken))
            {
                return broken;
            }

            writes[index] = write = write with { Document = incoming.Document, Issues = incoming.Issues };
        }

        var complete = write.ToWrite(endpoint, access);
        if (write.Condition is null)
        {
            // Its id is settled, so nobody reads it any more; many Bundles may wait for the writer.
            write.Document?.Dispose();
        }

        return complete;
    }

    private static void Each(int count, bool isShared, Action<int> work)
    {
        if (count >= Many && isShared)
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, work);
            return;
        }

        for (var i = 0; i < count; i++)
        {
            work(i);
        }
    }

    private static async ValueTask<FhirResponse> Answer(
        FhirEndpoint endpoint,
        Access access,
        FhirRequest request,
        IReadOnlyList<BundleEntry> entries,
        List<PlannedWrite> writes,
        CommitResult committed,
        CancellationToken cancel)
    {
        var answers = new FhirResponse[entries.Count];
        for (var i = 0; i < writes.Count; i++)
        {
            answers[writes[i].Entry.Index] = Written.Answer(writes[i].Entry.Request, committed.Writes[i], writes[i].Issues);
        }

        foreach (var read in entries.Where(entry => entry.Request.Method == "GET"))
        {
            answers[read.Index] = await Batch.Answer(endpoint, access, read, cancel);
        }

        return Bundles.Answer("transaction-response", endpoint.Time.GetUtcNow(), answers);
    }

    /// <summary>
    /// One resource may be written once: by an id, or by a condition. Two entries with the same condition that nothing fulfils yet would each create what the
    /// other then matches. And a fullUrl names one of them (bdl-7). <see href="https://hl7.org/fhir/R4/http.html#trules"/>
    /// </summary>
    private static Failure? OverlapOf(List<PlannedWrite> writes)
    {
        if (writes.Where(write => write.Id is not null).GroupBy(write => (write.Type, write.Id)).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            return Duplicate(twice.Last(), $"{twice.Key.Type}/{twice.Key.Id} is written by more than one entry.");
        }

        if (writes.Where(write => write is { Kind: not WriteKind.Delete, Condition: not null }).GroupBy(write => (write.Type, write.Condition!.Scope)).FirstOrDefault(group => group.Count() > 1) is { } same)
        {
            var first = same.First().Entry.Expression;
            return Duplicate(same.Last(), $"The condition is that of {first} too, so both are about one {same.Key.Type}. Send it once, and let other entries refer to it by its fullUrl.");
        }

        if (writes.Where(write => write.Entry is { FullUrl: not null, Resource.Exists: true }).GroupBy(write => write.Entry.FullUrl, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } named)
        {
            return Duplicate(named.Last(), $"{named.First().Entry.Expression} has the same fullUrl, so a reference to it would have two targets.");
        }

        return null;
    }

    private static Failure Duplicate(PlannedWrite write, string text)
        => new(FailureKind.Malformed, [Issue.Error(IssueCode.Duplicate, text) with { Expression = write.Entry.Expression }]);

    private static Failure Blamed(List<PlannedWrite> writes, CommitResult committed, Failure failure)
    {
        for (var i = 0; i < committed.Writes.Count; i++)
        {
            if (committed.Writes[i].Failed && committed.Writes[i].Outcome != WriteOutcome.NotReached)
            {
                return At(writes[i].Entry, Uncounted(failure, i, committed.Writes.Count));
            }
        }

        return failure;
    }

    /// <summary>Without the number that the store gives to a write: it counts in the order of processing, the client in that of the Bundle.</summary>
    private static Failure Uncounted(Failure failure, int write, int writes)
    {
        var prefix = string.Create(CultureInfo.InvariantCulture, $"Entry {write + 1} of {writes}: ");
        return failure with { Issues = [.. failure.Issues.Select(issue => issue with { Text = issue.Text.StartsWith(prefix, StringComparison.Ordinal) ? issue.Text[prefix.Length..] : issue.Text })] };
    }

    /// <summary>The failure with each issue placed in the Bundle.</summary>
    private static Failure At(BundleEntry entry, Failure failure) => new(failure.Kind, [.. failure.Issues.Select(entry.Placed)]);
}
