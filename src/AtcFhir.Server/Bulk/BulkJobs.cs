using System.Collections.Concurrent;
using System.Threading.Channels;
using AtcFhir.R4.Outcomes;
using AtcFhir.Server.Fhir;
using Microsoft.Extensions.Options;

namespace AtcFhir.Server.Bulk;

/// <summary>
/// Runs exports, imports and requests that nobody waits for behind the requests that asked for them: exports and imports one after the other, the others a few
/// at a time, so that they cannot take the machine from everybody else. Exports and imports that were not finished when the process ended go on when it starts
/// again; other requests have failed then.
/// </summary>
internal sealed class BulkJobs : BackgroundService
{
    private const int RequestsAtATime = 2;

    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(10);

    private readonly FhirEndpoint endpoint;
    private readonly BulkSection settings;
    private readonly ILogger<BulkJobs> logger;
    private readonly Channel<string> bulk = Channel.CreateUnbounded<string>();
    private readonly Channel<string> requests = Channel.CreateUnbounded<string>();
    private readonly ConcurrentDictionary<string, Running> running = new();

    public BulkJobs(FhirEndpoint endpoint, IOptions<BulkSection> settings, ILogger<BulkJobs> logger)
    {
        (this.endpoint, this.settings, this.logger) = (endpoint, settings.Value, logger);
        Folder = new JobFolder(Path.GetFullPath(settings.Value.Folder));
    }

    public JobFolder Folder { get; }

    /// <summary>Takes a job; it fails when too many wait.</summary>
    /// <param name="request">Of a <see cref="JobKind.Request"/>: what it does.</param>
    public Result<BulkJob> Start(BulkJob job, Func<CancellationToken, ValueTask<FhirResponse>>? request = null)
    {
        if (running.Count >= settings.QueueLimit)
        {
            return new Failure(FailureKind.Busy, IssueCode.Throttled, "Too many exports, imports and other jobs are waiting; try again later.");
        }

        try
        {
            Folder.Save(job);
        }
        catch (IOException full) when (DiskFull.Is(full))
        {
            Folder.Delete(job.Id);
            return DiskFull.Refusal;
        }

        Enqueue(job, request);
        return job;
    }

    /// <summary>The job as it stands; null when it is not there, or when somebody else started it.</summary>
    public BulkJob? Find(string id, string actor)
    {
        var job = running.TryGetValue(id, out var now) ? now.Job : Folder.Load(id);
        return job?.Actor == actor && job.State != JobState.Cancelled && !(job.Expires <= endpoint.Time.GetUtcNow()) ? job : null;
    }

    /// <summary>Ends it if it runs, and takes its files away.</summary>
    public void Cancel(string id)
    {
        if (!running.TryGetValue(id, out var now) || !now.Cancel())
        {
            running.TryRemove(id, out _);
            Folder.Delete(id);
        }
    }

    /// <summary>Waits until the job is over.</summary>
    public Task Ended(string id, CancellationToken cancel) => running.TryGetValue(id, out var now) ? now.Ended.Task.WaitAsync(cancel) : Task.CompletedTask;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Folder.DeleteUnfinished(); // before anybody can send one
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        foreach (var job in Folder.All().Where(job => job.State == JobState.Waiting).OrderBy(job => job.TransactionTime))
        {
            if (running.ContainsKey(job.Id))
            {
                continue; // it came in while the process was starting
            }

            if (job.Kind == JobKind.Request)
            {
                Folder.Save(job with { State = JobState.Failed, Failure = RequestRun.Lost, Expires = endpoint.Time.GetUtcNow() + settings.KeepFor });
            }
            else
            {
                Enqueue(job, request: null);
            }
        }

        var lanes = Enumerable.Repeat(requests, RequestsAtATime).Append(bulk).Select(lane => Work(lane, stoppingToken));
        await Task.WhenAll([.. lanes, SweepNowAndThen(stoppingToken)]);
    }

    private void Enqueue(BulkJob job, Func<CancellationToken, ValueTask<FhirResponse>>? request)
    {
        running[job.Id] = new Running(job, request);
        (job.Kind == JobKind.Request ? requests : bulk).Writer.TryWrite(job.Id);
    }

    private async Task Work(Channel<string> lane, CancellationToken stopping)
    {
        await foreach (var id in lane.Reader.ReadAllAsync(stopping))
        {
            var now = running[id];
            var isSaved = true;
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping, now.Stop.Token);
            try
            {
                var ended = await Run(now, stop.Token);
                Finish(now, ended.TryGet(out var done, out var failure)
                    ? done
                    : now.Job with { State = JobState.Failed, Failure = failure.Issues[0].Text });
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // The process ends, and the job goes on in the next one; or it is cancelled.
            }
#pragma warning disable CA1031 // one job that fails must not end the others
            catch (Exception unexpected)
#pragma warning restore CA1031
            {
                logger.LogError("Job {Job} of request {RequestId} failed: {Exception} at {Place}", id, now.Job.RequestId, unexpected.GetType().FullName, unexpected.StackTrace);
                isSaved = TryFail(now, DiskFull.Is(unexpected) ? DiskFull.Text : $"The server met an unexpected condition. Its log names it under request id {now.Job.RequestId}.");
            }

            if (now.End())
            {
                Folder.Delete(id);
                isSaved = true;
            }

            if (isSaved)
            {
                running.TryRemove(id, out _);
            }

            now.Ended.TrySetResult();
        }
    }

    /// <summary>The job when it is over: done, or refused.</summary>
    private async Task<Result<BulkJob>> Run(Running now, CancellationToken cancel)
    {
        if (now.Request is { } request)
        {
            return await RequestRun.Run(now.Job, Folder, settings, request, cancel);
        }

        var ended = now.Job.Kind == JobKind.Export
            ? await new ExportRun(endpoint, Folder, settings, now.Advance).Run(now.Job, cancel)
            : await new ImportRun(endpoint, Folder, settings, now.Advance).Run(now.Job, cancel);
        return ended.TryGet(out var job, out var failure) ? job with { State = JobState.Done } : failure;
    }

    /// <summary>The reason for a failure may be that nothing can be written: then it is known until the process ends, and the lane goes on with the next job.</summary>
    private bool TryFail(Running now, string why)
    {
        var failed = now.Job with { State = JobState.Failed, Failure = why, Expires = endpoint.Time.GetUtcNow() + settings.KeepFor };
        try
        {
            Finish(now, failed);
            return true;
        }
        catch (Exception unsaved) when (unsaved is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning("The end of job {Job} cannot be written: {Exception}", failed.Id, unsaved.GetType().FullName);
            now.Advance(failed);
            return false;
        }
    }

    private void Finish(Running now, BulkJob job)
    {
        var ended = job with { Expires = endpoint.Time.GetUtcNow() + settings.KeepFor };
        Folder.Save(ended);
        now.Advance(ended);
        if (job.Kind == JobKind.Import)
        {
            File.Delete(Folder.PathOf(job.Id, JobFolder.InputName));
        }
    }

    private async Task SweepNowAndThen(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(SweepEvery, endpoint.Time);
        do
        {
            foreach (var job in Folder.All().Where(job => job.Expires <= endpoint.Time.GetUtcNow()))
            {
                Folder.Delete(job.Id);
            }

            foreach (var (id, _) in running.Where(job => job.Value.Job is { State: JobState.Failed, Expires: { } expires } && expires <= endpoint.Time.GetUtcNow()))
            {
                running.TryRemove(id, out var _);
            }
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    private sealed class Running(BulkJob job, Func<CancellationToken, ValueTask<FhirResponse>>? request)
    {
        public Func<CancellationToken, ValueTask<FhirResponse>>? Request { get; } = request;

        private readonly Lock turn = new();
        private bool isOver;

        public BulkJob Job { get; private set; } = job;

        public CancellationTokenSource Stop { get; } = new();

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Advance(BulkJob job)
        {
            lock (turn)
            {
                Job = Job.State == JobState.Cancelled ? job with { State = JobState.Cancelled } : job;
            }
        }

        /// <returns>False when it is over: what it left is the caller's.</returns>
        public bool Cancel()
        {
            lock (turn)
            {
                if (isOver)
                {
                    return false;
                }

                Job = Job with { State = JobState.Cancelled };
            }

            Stop.Cancel();
            return true;
        }

        /// <summary>From now on nobody can cancel it.</summary>
        /// <returns>True when somebody did.</returns>
        public bool End()
        {
            lock (turn)
            {
                isOver = true;
                return Job.State == JobState.Cancelled;
            }
        }
    }
}
