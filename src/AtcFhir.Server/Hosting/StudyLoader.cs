using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using AtcFhir.Server.Fhir;
using AtcFhir.Store;
using AtcFhir.Sync;
using AtcFhir.Trial.Concepts;
using AtcFhir.Trial.Study;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Server.Hosting;

/// <summary>
/// Puts the study package into the store behind the first answer, under the ids that its resources have. What is there already in the same content stays; a
/// resource that somebody edited is reported and left alone. Our own profiles must compile wholly, or the server stops.
/// </summary>
internal sealed class StudyLoader(
    StudyPackage study, FhirEndpoint endpoint, Readiness readiness, SyncStart sync, IHostApplicationLifetime host, ILogger<StudyLoader> logger) : BackgroundService
{
    private const string Action = "load study";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // listening does not wait for this
        if (!ProfilesAreSound())
        {
            readiness.Failed("A profile of the study package does not compile; the log names it.");
            Environment.ExitCode = 1;
            host.StopApplication();
            return;
        }

        while (await Hindrance(stoppingToken) is { } hindrance)
        {
            readiness.Failed("The study cannot be loaded yet. " + hindrance);
            await Task.Delay(Pause, endpoint.Time, stoppingToken);
        }

        readiness.Done();
        sync.Ready();
    }

    /// <summary>Null when the study is loaded; otherwise why the database does not take it now, which is no reason to stop.</summary>
    private async Task<string?> Hindrance(CancellationToken cancel)
    {
        try
        {
            if (await Load(cancel) is { } busy)
            {
                return busy.Issues[0].Text;
            }

            if (endpoint.Uploads is { } uploads)
            {
                await uploads.Refresh(cancel);
            }

            return null;
        }
        catch (StoreUnavailableException away)
        {
            return away.Message;
        }
    }

    private bool ProfilesAreSound()
    {
        var validator = endpoint.Validator();
        var sound = true;
        foreach (var profile in ConceptCatalog.All.Select(concept => concept.Profile).Where(validator.IsKnown))
        {
            foreach (var issue in validator.Lint(profile))
            {
                sound &= !issue.IsError;
                logger.Log(issue.IsError ? LogLevel.Critical : LogLevel.Warning, "Profile {Profile}: {Issue}", profile, issue.Text);
            }
        }

        return sound;
    }

    /// <returns>A failure when the database is busy, full or away.</returns>
    private async Task<Failure?> Load(CancellationToken cancel)
    {
        var writes = new List<ResourceWrite>();
        foreach (var resource in study.Conformance.Concat(study.Instances))
        {
            if (!ResourceDocument.Parse(resource.Json).TryGet(out var document, out var failure) || document.Id is not { } id)
            {
                logger.LogWarning("{File} of the study package is no resource with an id: {Issue}", resource.File, failure?.Issues[0].Text ?? "it has no id");
            }
            else if (!endpoint.Serves(document.ResourceType))
            {
                continue;
            }
            else if (await IsOurs(document.ResourceType, id, cancel))
            {
                writes.Add(ResourceWrite.Update(endpoint.Store.Prepare(document, id)) with { SkipUnchanged = true });
            }
            else
            {
                logger.LogWarning("{Type}/{Id} of the study package was edited here and is left as it is", document.ResourceType, id);
            }
        }

        foreach (var operation in OwnOperations.Definitions().Where(operation => endpoint.Serves(operation.ResourceType)))
        {
            if (await IsOurs(operation.ResourceType, operation.Id!, cancel))
            {
                writes.Add(ResourceWrite.Update(endpoint.Store.Prepare(operation, operation.Id)) with { SkipUnchanged = true });
            }
        }

        var audit = new AuditEntry(Access.System.Actor, Action, $"{study.Package.Name}#{study.Package.Version}");
        var committed = await endpoint.Store.Commit(new WriteBatch(writes, audit), cancel);
        if (committed.Failure is { } broken)
        {
            if (broken.Kind == FailureKind.Busy)
            {
                return broken;
            }

            throw new InvalidOperationException("The study package cannot be stored: " + broken.Issues[0].Text);
        }

        logger.LogInformation(
            "Study package {Package} {Version}: {New} resources written, {Same} unchanged",
            study.Package.Name,
            study.Package.Version,
            committed.Writes.Count(write => write.Outcome is WriteOutcome.Created or WriteOutcome.Updated),
            committed.Writes.Count(write => write.Outcome == WriteOutcome.Unchanged));
        return null;
    }

    /// <summary>True when the resource is not there, or when the last hand that wrote it was this loader.</summary>
    private async ValueTask<bool> IsOurs(string type, string id, CancellationToken cancel)
    {
        if (await endpoint.Store.Read(type, id, cancel) is null)
        {
            return true;
        }

        var rows = await endpoint.Store.Audit(new AuditQuery(Type: type, Id: id), cancel);
        return rows is [.., { Entry: { Actor: "system", Action: Action } }];
    }
}
