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
        while (order.TypeIndex < order.Types.Count)
        {
            if (!(await Page(job, cancel)).TryGet(out var next, out var failure))
            {
                return failure;
            }

            (job, order) = (next, next.Export!);
            Save(job);
        }

        job = await ChangedMeanwhile(job, cancel);
        job = await Deletions(job, cancel);
        return job;
    }

    private async Task<Result<BulkJob>> Page(BulkJob job, CancellationToken cancel)
    {
        var order = job.Export!;
        var type = order.Types[order.TypeIndex];
        if (!ExportQuery.Of(endpoint.Store.SearchParameters, order, type).TryGet(out var query, out var failure)
            || !(await endpoint.Store.Search(query with { Cursor = order.Cursor }, cancel)).TryGet(out var page, out failure))
        {
            return failure;
        }

        using var writer = new NdjsonWriter(folder, job.Id, "", settings.FileBytes, job.Output);
        foreach (var match in page.Matches.Where(match => match.Seq <= order.Seq))
        {
            writer.Write(type, Body(order, match));
        }

        writer.Flush();
        var isLast = page.Next is null;
        return job with
        {
            Output = writer.Files,
            Count = writer.Files.Sum(file => file.Count),
            Export = order with { TypeIndex = order.TypeIndex + (isLast ? 1 : 0), Cursor = page.Next },
        };
    }

    /// <summary>
    /// What was written after the start was left out above; if it existed before, its version of then belongs to the export. Whether that version matches
    /// filters or compartments cannot be searched any more, so with those only unchanged resources are sure to be in it.
    /// </summary>
    private async Task<BulkJob> ChangedMeanwhile(BulkJob job, CancellationToken cancel)
    {
        var order = job.Export!;
        if (order.Filters.Count > 0 || order.Scope.Length > 0)
        {
            return job;
        }

        using var writer = new NdjsonWriter(folder, job.Id, "", settings.FileBytes, job.Output);
        var (seen, after, last) = (new HashSet<(string, string)>(), order.Seq, await endpoint.Store.LastSeq(cancel));
        while (after < last)
        {
            var changes = await endpoint.Store.Changes(after, new ChangeFilter([.. order.Types]), FeedPage, cancel);
            foreach (var change in changes.Where(change => seen.Add((change.Type, change.Id))))
            {
                if (await AsOf(order.Seq, change, cancel) is { IsDeleted: false } then && (order.Since is null || then.LastUpdated >= order.Since))
                {
                    writer.Write(then.Type, Body(order, then));
                }
            }

            after = changes.Count < FeedPage ? last : changes[^1].Seq;
        }

        writer.Flush();
        return job with { Output = writer.Files, Count = writer.Files.Sum(file => file.Count) };
    }

    private async Task<StoredResource?> AsOf(long seq, StoredResource change, CancellationToken cancel)
    {
        for (var version = long.Parse(change.VersionId, CultureInfo.InvariantCulture) - 1; version > 0; version--)
        {
            var then = await endpoint.Store.ReadVersion(change.Type, change.Id, version.ToString(CultureInfo.InvariantCulture), cancel);
            if (then is null || then.Seq <= seq)
            {
                return then;
            }
        }

        return null;
    }

    /// <summary>With _since: what was deleted since then, as transaction Bundles that would delete it elsewhere.</summary>
    private async Task<BulkJob> Deletions(BulkJob job, CancellationToken cancel)
    {
        var order = job.Export!;
        if (order.Since is null || order.Scope.Length > 0)
        {
            return job;
        }

        using var writer = new NdjsonWriter(folder, job.Id, "deleted-", settings.FileBytes, []);
        foreach (var type in order.Types)
        {
            string? cursor = null;
            do
            {
                if (!(await endpoint.Store.History(new HistoryQuery(type, Since: order.Since, Count: FeedPage, Cursor: cursor), cancel)).TryGet(out var page, out _))
                {
                    break;
                }

                foreach (var gone in page.Entries.Where(entry => entry.IsDeleted && entry.Seq <= order.Seq))
                {
                    if (await endpoint.Store.Read(gone.Type, gone.Id, cancel) is { } now && (now.Seq == gone.Seq || now.Seq > order.Seq))
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
