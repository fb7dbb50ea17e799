using AtcFhir.R4.Outcomes;
using AtcFhir.Server.Fhir;
using AtcFhir.Store;
using AtcFhir.Store.Search;

namespace AtcFhir.Server.Bulk;

/// <summary>
/// Carries an export out, a page at a time, and saves its state after each, so that it goes on after a restart. It shows the store as it was when it began:
/// of what changes meanwhile the version of then is taken. <see href="https://hl7.org/fhir/uv/bulkdata/STU2/export.html"/>
/// </summary>
internal sealed class ExportRun(FhirEndpoint endpoint, JobFolder folder, BulkSection settings, Action<BulkJob> progress)
{
    private const int FeedPage = 1000;

    public async Task<Result<BulkJob>> Run(BulkJob job, CancellationToken cancel)
    {
        var order = job.Export!;
        var reading = Read(order, cancel);
        while (order.TypeIndex < order.Types.Count)
        {
            if (!(await reading).TryGet(out var page, out var failure))
            {
                return failure;
            }

            // The database looks for the next page while this one goes to the disk.
            var next = order with { TypeIndex = order.TypeIndex + (page.Next is null ? 1 : 0), Cursor = page.Next };
            reading = Read(next, cancel);
            var files = Write(job, order, page);
            (order, job) = (next, job with { Output = files, Count = files.Sum(file => file.Count), Export = next });
            Save(job);
        }

        return (await ChangedMeanwhile(job, cancel)).TryGet(out var whole, out var broken) ? await Deletions(WithLeftOut(whole), cancel) : broken;
    }

    /// <summary>What a lenient client was spared is told to it all the same. <see href="https://hl7.org/fhir/uv/bulkdata/STU2/export.html#response---complete-status"/></summary>
    private BulkJob WithLeftOut(BulkJob job)
    {
        using var writer = new NdjsonWriter(folder, job.Id, "errors-", settings.FileBytes, []);
        foreach (var name in job.Export!.LeftOut ?? [])
        {
            writer.Write("OperationOutcome", OperationOutcomeJson.ToUtf8([new Issue(IssueSeverity.Warning, IssueCode.NotSupported, $"$export has no parameter {name} here; it was left out.")]));
        }

        writer.Flush();
        return job with { Errors = writer.Files };
    }

    /// <summary>The page that the order is at; an empty one at its end.</summary>
    private async Task<Result<SearchPage>> Read(ExportOrder order, CancellationToken cancel)
    {
        if (order.TypeIndex == order.Types.Count)
        {
            return new SearchPage([], [], null, null);
        }

        return ExportQuery.Of(endpoint.Store.SearchParameters, order, order.Types[order.TypeIndex]).TryGet(out var query, out var failure)
            ? await endpoint.Store.Search(query with { Cursor = order.Cursor }, cancel)
            : failure;
    }

    private IReadOnlyList<BulkFile> Write(BulkJob job, ExportOrder order, SearchPage page)
    {
        using var writer = new NdjsonWriter(folder, job.Id, "", settings.FileBytes, job.Output);
        foreach (var match in page.Matches.Where(match => match.Seq <= order.Seq))
        {
            writer.Write(order.Types[order.TypeIndex], Body(order, match));
        }

        writer.Flush();
        return writer.Files;
    }

    /// <summary>
    /// What was written after the start was left out above, unless its page had been read before: of what existed, its version of then belongs to the export when it
    /// fulfils the filters and compartments by its own content.
    /// </summary>
    private async Task<Result<BulkJob>> ChangedMeanwhile(BulkJob job, CancellationToken cancel)
    {
        var order = job.Export!;
        var changed = await ChangedSince(order, cancel);
        foreach (var file in job.Output.Where(file => changed.Any(one => one.Type == file.Type)))
        {
            await foreach (var id in NdjsonIds.Of(folder.PathOf(job.Id, file.Name), file.Bytes, cancel))
            {
                changed.Remove((file.Type, id));
            }
        }

        using var writer = new NdjsonWriter(folder, job.Id, "", settings.FileBytes, job.Output);
        foreach (var (type, id) in changed)
        {
            if (await AsOf(order.Seq, type, id, cancel) is not { IsDeleted: false } then)
            {
                continue;
            }

            if (!(await Belongs(order, then, cancel)).TryGet(out var belongs, out var failure))
            {
                return failure;
            }

            if (belongs)
            {
                writer.Write(type, Body(order, then));
            }
        }

        writer.Flush();
        return job with { Output = writer.Files, Count = writer.Files.Sum(file => file.Count) };
    }

    /// <summary>What existed at the start and was written since.</summary>
    private async Task<HashSet<(string Type, string Id)>> ChangedSince(ExportOrder order, CancellationToken cancel)
    {
        var (seen, changed, after, last) = (new HashSet<(string, string)>(), new HashSet<(string, string)>(), order.Seq, await endpoint.Store.LastSeq(cancel));
        while (after < last)
        {
            var changes = await endpoint.Store.Changes(after, new ChangeFilter([.. order.Types]), FeedPage, cancel);
            foreach (var change in changes.Where(change => seen.Add((change.Type, change.Id)) && !change.IsFirst))
            {
                changed.Add((change.Type, change.Id));
            }

            after = changes.Count < FeedPage ? last : changes[^1].Seq;
        }

        return changed;
    }

    private async Task<StoredResource?> AsOf(long seq, string type, string id, CancellationToken cancel)
    {
        var version = await endpoint.Store.Read(type, id, cancel);
        while (version is not null && version.Seq > seq)
        {
            version = await VersionBefore.Of(endpoint.Store, version, cancel);
        }

        return version;
    }

    /// <summary>Whether a version is one that the export asks for; what it refers to is taken as it is now.</summary>
    private async ValueTask<Result<bool>> Belongs(ExportOrder order, StoredResource version, CancellationToken cancel)
        => ExportQuery.Of(endpoint.Store.SearchParameters, order, version.Type).TryGet(out var query, out var failure) ? await endpoint.Store.Matches(query, version, cancel) : failure;

    /// <summary>
    /// With _since: what was deleted since then and belonged to the export before, as transaction Bundles that would delete it elsewhere. Of what is in compartments
    /// the newest version at the start decides; of the rest, who referred to it since then.
    /// </summary>
    private async Task<Result<BulkJob>> Deletions(BulkJob job, CancellationToken cancel)
    {
        var order = job.Export!;
        if (order.Since is null)
        {
            return job;
        }

        var referrers = new FormerReferrers(endpoint, order);
        using var writer = new NdjsonWriter(folder, job.Id, "deleted-", settings.FileBytes, []);
        foreach (var type in order.Types)
        {
            var (cursor, seen) = ((string?)null, new HashSet<string>());
            do
            {
                if (!(await endpoint.Store.History(new HistoryQuery(type, Since: order.Since, Count: FeedPage, Cursor: cursor), cancel)).TryGet(out var page, out var failure))
                {
                    return failure;
                }

                foreach (var gone in page.Entries.Where(entry => entry.Seq <= order.Seq && seen.Add(entry.Id) && entry.IsDeleted))
                {
                    if (await VersionBefore.Of(endpoint.Store, gone, cancel) is not { IsDeleted: false } living)
                    {
                        continue;
                    }

                    if (!(await Belonged(order with { Since = null }, living, referrers, cancel)).TryGet(out var belonged, out failure))
                    {
                        return failure;
                    }

                    if (belonged)
                    {
                        writer.Write("Bundle", Deletion(gone));
                    }
                }

                cursor = page.Next;
            }
            while (cursor is not null);
        }

        writer.Flush();
        return job with { Deleted = writer.Files };
    }

    private async ValueTask<Result<bool>> Belonged(ExportOrder order, StoredResource living, FormerReferrers referrers, CancellationToken cancel)
    {
        if (order.Scope.Length == 0 || ExportQuery.CompartmentTypes.Contains(living.Type))
        {
            return await Belongs(order, living, cancel);
        }

        return (await Belongs(order with { Scope = "" }, living, cancel)).TryGet(out var isAskedFor, out var failure) && isAskedFor
            ? await referrers.Had(living.Type, living.Id, cancel)
            : failure ?? (Result<bool>)false;
    }

    private static ReadOnlyMemory<byte> Deletion(StoredResource gone) => Json.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("resourceType"u8, "Bundle"u8);
        writer.WriteString("type"u8, "transaction"u8);
        writer.WriteStartArray("entry"u8);
        writer.WriteStartObject();
        writer.WriteStartObject("request"u8);
        writer.WriteString("method"u8, "DELETE"u8);
        writer.WriteString("url"u8, $"{gone.Type}/{gone.Id}");
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    /// <summary>_elements is "Type.element" or "element", which is of every type.</summary>
    private static ReadOnlyMemory<byte> Body(ExportOrder order, StoredResource resource)
    {
        var elements = order.Elements.Select(element => element.Split('.')).Where(parts => parts.Length == 1 || parts[0] == resource.Type).Select(parts => parts[^1]).ToList();
        return elements.Count == 0 ? resource.Body : Projection.Of(resource.Body, Presentation.Json with { Elements = elements });
    }

    private void Save(BulkJob job)
    {
        folder.Save(job);
        progress(job);
    }
}
