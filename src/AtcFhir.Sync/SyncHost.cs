using AtcFhir.Store;
using AtcFhir.Sync.Hospital;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AtcFhir.Sync;

/// <summary>
/// When the passes may begin: as soon as the host says <see cref="Ready"/> (the study is loaded), and nobody holds the start any more (a sandbox
/// hospital that is still being filled).
/// </summary>
public sealed class SyncStart
{
    private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int open = 1;

    /// <summary>Delays the start until <see cref="Release"/>; to be called before the host starts.</summary>
    public void Hold() => Interlocked.Increment(ref open);

    public void Release() => Ready();

    /// <summary>To be called once.</summary>
    public void Ready()
    {
        if (Interlocked.Decrement(ref open) == 0)
        {
            started.TrySetResult();
        }
    }

    internal Task WaitAsync(CancellationToken cancel) => started.Task.WaitAsync(cancel);
}

/// <summary>Runs a pass over each hospital at its interval; one that fails or hangs does not hold the others.</summary>
public sealed class SyncHost : BackgroundService
{
    private readonly Func<SyncPass> pass;
    private readonly HospitalDirectory hospitals;
    private readonly SyncOptions options;
    private readonly SyncStart start;
    private readonly TimeProvider time;
    private readonly Entropy entropy;
    private readonly ILogger<SyncHost> logger;

    internal SyncHost(Func<SyncPass> pass, HospitalDirectory hospitals, SyncOptions options, SyncStart start, TimeProvider time, Entropy entropy, ILogger<SyncHost> logger)
        => (this.pass, this.hospitals, this.options, this.start, this.time, this.entropy, this.logger) = (pass, hospitals, options, start, time, entropy, logger);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Enabled)
        {
            return;
        }

        await start.WaitAsync(stoppingToken).ConfigureAwait(false);
        await Task.WhenAll(hospitals.Hospitals.Where(hospital => hospital.Value.BaseUrl is not null).Select(hospital => LoopAsync(hospital.Key, stoppingToken))).ConfigureAwait(false);
    }

    private async Task LoopAsync(string hospital, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await pass().RunAsync(hospital, cancel).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A defect in one pass must not end the others; it is logged by type and place, since its text may quote data.
            catch (Exception defect)
#pragma warning restore CA1031
            {
                logger.LogError("Sync of {Hospital} failed: {Exception} at {Place}", hospital, defect.GetType().FullName, defect.StackTrace);
            }

            await Task.Delay(Pause(), time, cancel).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).ConfigureAwait(false);
        }
    }

    /// <summary>The interval and up to a tenth more, so that many installations do not knock at the same second.</summary>
    private TimeSpan Pause()
    {
        Span<byte> dice = stackalloc byte[1];
        entropy(dice);
        return TimeSpan.FromSeconds(options.IntervalSeconds * (1 + (dice[0] / 2550.0)));
    }
}
