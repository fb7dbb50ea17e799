using System.Security.Cryptography;
using System.Text;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Server.Fhir;
using AtcFhir.Store;
using AtcFhir.Validation;

namespace AtcFhir.Server.Bulk;

/// <summary>
/// Carries an import out: lines are read, checked, and written in groups of one transaction each. A line that cannot be taken is reported and the others go on.
/// A line with an id is an update, one without gets an id that follows from job and line, so that going over lines twice changes nothing.
/// One group is checked while the one before it is written.
/// </summary>
internal sealed class ImportRun(FhirEndpoint endpoint, JobFolder folder, BulkSection settings, Action<BulkJob> progress)
{
    /// <summary>What a group holds lives through a collection, and all requests wait for those: 500 lines doubled the longest waits (docs/performance.md).</summary>
    private const int GroupLines = 200;

    /// <summary>Lines that are gone over again, at most, when the process ends; each state that is kept waits for the disk.</summary>
    private const int LinesBetweenStates = 1000;
    private const int GroupBytes = 8 * 1024 * 1024;
    private const string Errors = "errors-";

    public async Task<Result<BulkJob>> Run(BulkJob job, CancellationToken cancel)
    {
        await using var input = new FileStream(folder.PathOf(job.Id, JobFolder.InputName), FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.Asynchronous);
        input.Position = job.Import!.Offset;
        await using var reader = new LineReader(input, job.Import.Lines, endpoint.Limits.MaxBytes);
        var kept = job.Import.Lines;
        var ahead = Check(job, reader, cancel);
        try
        {
            while (await ahead is { Lines.Count: > 0 } group)
            {
                ahead = Check(job, reader, cancel);
                job = await Write(job, group, cancel);
                progress(job);
                if (job.Import!.Lines - kept >= LinesBetweenStates)
                {
                    kept = job.Import.Lines;
                    folder.Save(job);
                }
            }
        }
        catch (InvalidDataException tooLong)
        {
            return new Failure(FailureKind.TooLarge, IssueCode.TooLong, tooLong.Message);
        }
        finally
        {
            // It reads from what is closed next.
            await ((Task)ahead).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return job;
    }

    /// <summary>The next lines and what became of each; none at the end.</summary>
    private async Task<Checked> Check(BulkJob job, LineReader reader, CancellationToken cancel)
    {
        var lines = await reader.Next(GroupLines, GroupBytes, cancel);
        var taken = new Result<ResourceWrite>[lines.Count];
        await BackgroundThreads.ForEach(lines.Count, index => taken[index] = Take(job, lines[index]), cancel);
        return new Checked(lines, taken);
    }

    private async Task<BulkJob> Write(BulkJob job, Checked group, CancellationToken cancel)
    {
        var (lines, taken) = group;
        var failures = new SortedDictionary<long, Failure>();
        var counts = job.Output.ToDictionary(file => file.Type, file => file.Count);
        var batch = new List<(NumberedLine Line, ResourceWrite Write)>();
        var batched = new HashSet<(string Type, string? Id)>();
        foreach (var (line, result) in lines.Zip(taken))
        {
            if (!result.TryGet(out var write, out var failure))
            {
                failures[line.Number] = failure;
                continue;
            }

            // One resource is written once in a transaction; the second line comes in the next.
            if (!batched.Add((write.Type, write.Id)))
            {
                await Commit(job, batch, counts, failures, cancel);
                batched.Clear();
                batched.Add((write.Type, write.Id));
            }

            batch.Add((line, write));
        }

        await Commit(job, batch, counts, failures, cancel);
        using var errors = new NdjsonWriter(folder, job.Id, Errors, settings.FileBytes, job.Errors);
        foreach (var (number, failure) in failures)
        {
            errors.Write("OperationOutcome", OperationOutcomeJson.ToUtf8([.. failure.Issues.Select(issue => issue with { Line = (int)Math.Min(number, int.MaxValue) })]));
        }

        errors.Flush();
        return job with
        {
            Import = new ImportProgress(lines[^1].Offset, lines[^1].Number, job.Import!.Failed + failures.Count),
            Count = counts.Values.Sum(),
            Output = [.. counts.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => new BulkFile(pair.Key, "", pair.Value, 0))],
            Errors = errors.Files,
        };
    }

    private Result<ResourceWrite> Take(BulkJob job, NumberedLine line)
    {
        if (!ResourceDocument.Parse(line.Utf8, endpoint.Limits).TryGet(out var document, out var broken))
        {
            return broken;
        }

        using var untilPrepared = document;
        if (!endpoint.Serves(document.ResourceType))
        {
            return new Failure(FailureKind.NotFound, IssueCode.NotSupported, $"Resource type {document.ResourceType} is not served.");
        }

        var id = document.Id ?? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{job.Id}/{line.Number}")))[..16]);
        if (!Identity.IsId(id, endpoint.Persona.MaxIdLength))
        {
            return new Failure(FailureKind.Malformed, [Issue.Error(IssueCode.Value, "The id is not a FHIR id.") with { Expression = document.ResourceType + ".id" }]);
        }

        if (!Incoming.Check(endpoint, document, document.ResourceType, document.Id is null ? ValidateMode.Create : ValidateMode.Update).TryGet(out var incoming, out broken))
        {
            return broken;
        }

        return ResourceWrite.Update(endpoint.Store.Prepare(incoming.Document, id)) with
        {
            SkipUnchanged = true,
            Audit = new AuditEntry(job.Actor, "import", job.RequestId, Patient: Audit.PatientOf(incoming.Document)),
        };
    }

    /// <summary>All of them in one transaction; when that fails each by itself, so that one that cannot be written does not hold up the others.</summary>
    private async Task Commit(
        BulkJob job, List<(NumberedLine Line, ResourceWrite Write)> batch, Dictionary<string, long> counts, SortedDictionary<long, Failure> failures, CancellationToken cancel)
    {
        if (batch.Count == 0)
        {
            return;
        }

        var whole = await Write(job, batch.Select(one => one.Write), cancel);
        foreach (var (line, write) in batch)
        {
            if (whole is not null && await Write(job, [write], cancel) is { } failure)
            {
                failures[line.Number] = failure;
            }
            else
            {
                counts[write.Type] = counts.GetValueOrDefault(write.Type) + 1;
            }
        }

        batch.Clear();
    }

    private async Task<Failure?> Write(BulkJob job, IEnumerable<ResourceWrite> writes, CancellationToken cancel)
        => (await endpoint.Store.Commit(WriteBatch.Of(new AuditEntry(job.Actor, "import", job.RequestId), [.. writes]), cancel)).Failure;

    private sealed record Checked(List<NumberedLine> Lines, Result<ResourceWrite>[] Taken);
}
