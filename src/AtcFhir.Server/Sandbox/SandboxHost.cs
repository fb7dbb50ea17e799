using AtcFhir.Server.Fhir;
using AtcFhir.Server.Hosting;
using AtcFhir.Store;
using AtcFhir.Sync;
using AtcFhir.Sync.Enrolment;
using AtcFhir.Sync.Hospital;
using AtcFhir.Sync.Keys;
using AtcFhir.Trial.Synthetic;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace AtcFhir.Server.Sandbox;

/// <summary>Fills the sandbox hospital, tells the sync where it is, and lets its days pass.</summary>
internal sealed class SandboxHost : BackgroundService
{
    private readonly SandboxOptions options;
    private readonly SandboxCalendar calendar;
    private readonly TrialStaff staff;
    private readonly SandboxPersona persona;
    private readonly HospitalOptions hospital;
    private readonly SyncStart start;
    private readonly Readiness readiness;
    private readonly IServer server;
    private readonly IHostApplicationLifetime host;
    private readonly TimeProvider time;
    private readonly ILogger<SandboxHost> logger;

    public SandboxHost(
        IOptions<SandboxOptions> options, SandboxEndpoint sandbox, SyntheticHospital synthetic, SandboxPersona persona, FhirEndpoint trial, KeyStore keys, Enroller enroller,
        HospitalDirectory hospitals, SyncStart start, Readiness readiness, IServer server, IHostApplicationLifetime host, TimeProvider time, ILogger<SandboxHost> logger)
    {
        this.options = options.Value;
        calendar = new SandboxCalendar(sandbox.Endpoint.Store, synthetic, persona);
        staff = new TrialStaff(trial.Store, keys, enroller, synthetic, persona);
        hospital = hospitals.Find(HospitalOptions.DefaultName)!;
        (this.persona, this.start, this.readiness, this.server, this.host, this.time, this.logger) = (persona, start, readiness, server, host, time, logger);
        start.Hold(); // the hospital's first days come before the first pass
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await StartedAsync(stoppingToken);
        await calendar.AdvanceAsync(options.FirstDay, stoppingToken);
        if (Address() is { } address)
        {
            hospital.BaseUrl = new Uri(address, SandboxServices.BasePath);
            hospital.EnrolmentGroup ??= "Group/" + persona.IdOf(SyntheticHospital.EnrolmentGroupId);
            logger.LogInformation("Sandbox hospital ({Persona}) at {Url}, day {Day}", persona.Name, hospital.BaseUrl, await calendar.TodayAsync(stoppingToken));
            start.Release();
        }
        else
        {
            logger.LogInformation("The sandbox hospital is not reachable over HTTP; the sync leaves it alone");
        }

        await LiveAsync(stoppingToken);
    }

    private async Task LiveAsync(CancellationToken cancel)
    {
        using var reporting = new PeriodicTimer(TimeSpan.FromSeconds(Math.Clamp(options.SecondsPerDay, 0.05, 5)), time);
        var (began, first) = (time.GetTimestamp(), await calendar.TodayAsync(cancel));
        while (await reporting.WaitForNextTickAsync(cancel))
        {
            var passed = options.SecondsPerDay == 0 ? 0 : (int)(time.GetElapsedTime(began).TotalSeconds / options.SecondsPerDay);
            await calendar.AdvanceAsync(first + passed, cancel);
            if (readiness.Pending is null)
            {
                await staff.ReportAsync(first + passed, cancel);
            }
        }
    }

    private async Task StartedAsync(CancellationToken cancel)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = host.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(cancel);
    }

    /// <summary>Where this process listens, as it reaches itself: over loopback, plain HTTP when there is a choice.</summary>
    private Uri? Address()
    {
        foreach (var address in (server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []).OrderBy(address => address.StartsWith("https", StringComparison.Ordinal)))
        {
            if (Uri.TryCreate(address.Replace("//+", "//127.0.0.1", StringComparison.Ordinal).Replace("//*", "//127.0.0.1", StringComparison.Ordinal), UriKind.Absolute, out var url))
            {
                var local = new UriBuilder(url);
                if (local.Host is "0.0.0.0" or "[::]" or "::")
                {
                    local.Host = "127.0.0.1";
                }

                return local.Uri;
            }
        }

        return null;
    }
}
