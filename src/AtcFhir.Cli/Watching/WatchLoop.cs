using System.Threading.Channels;
using AtcFhir.Cli.Validation;

namespace AtcFhir.Cli.Watching;

/// <summary>
/// Validates all, then again what changes: the files themselves, or everything when a package or profile changed. Ends when it is cancelled, or when the
/// source of changes is.
/// </summary>
/// <param name="messages">Where it says what it is doing; the reports go their own way.</param>
internal sealed class WatchLoop(ValidateSettings settings, Func<ValidationReport> reports, TextWriter messages, TimeProvider time)
{
    /// <summary>An editor writes a file in several steps; one look at the end of them is enough.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(200);

    private readonly SortedDictionary<string, bool> valid = new(StringComparer.Ordinal);
    private ValidationRun? run;

    /// <summary>True when everything was valid in the end.</summary>
    public async Task<bool> Run(ChannelReader<string> changes, CancellationToken cancel)
    {
        try
        {
            await Look(changed: null, cancel);
            while (await changes.WaitToReadAsync(cancel))
            {
                await Task.Delay(Settle, time, cancel);
                var changed = new HashSet<string>(StringComparer.Ordinal);
                while (changes.TryRead(out var path))
                {
                    changed.Add(Path.GetFullPath(path));
                }

                await Look(changed, cancel);
            }
        }
        catch (OperationCanceledException)
        {
            messages.WriteLine("Stopped watching.");
        }
        finally
        {
            run?.Dispose();
        }

        return valid.Count > 0 && valid.Values.All(isValid => isValid);
    }

    private async Task Look(HashSet<string>? changed, CancellationToken cancel)
    {
        var isNewKnowledge = run is null || changed is null || changed.Any(settings.IsKnowledge);
        if (!isNewKnowledge && !changed!.Any(IsInput) && !changed!.Any(valid.ContainsKey))
        {
            return;
        }

        // The list of files is read anew each time: some may have come or gone.
        if (!ValidationRun.Prepare(settings).TryGet(out var prepared, out var failure))
        {
            Say(failure.Issues[0].Text);
            return;
        }

        // What a terminology server said of a value set that is new now is forgotten with the old run.
        if (isNewKnowledge || run is null)
        {
            run?.Dispose();
            run = prepared;
        }

        var known = prepared.Files.Select(Path.GetFullPath).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in valid.Keys.Where(file => !known.Contains(file)).ToList())
        {
            valid.Remove(gone);
        }

        var files = prepared.Files.Where(file => isNewKnowledge || changed!.Contains(Path.GetFullPath(file)) || !valid.ContainsKey(Path.GetFullPath(file))).ToList();
        if (files.Count > 0)
        {
            await Validate(run, files, cancel);
        }

        Say(string.Create(CultureInfo.InvariantCulture, $"{valid.Count(file => file.Value)} of {valid.Count} files valid. Watching; Ctrl-C ends."));
    }

    private async Task Validate(ValidationRun current, List<string> files, CancellationToken cancel)
    {
        var report = new Noting(reports(), valid);
        foreach (var file in files)
        {
            valid[Path.GetFullPath(file)] = true;
        }

        if (await current.Execute(files, report, null, cancel) is { Failure: { } failure })
        {
            Say(failure.Issues[0].Text);
            foreach (var unseen in files.Select(Path.GetFullPath).Where(file => !report.Seen.Contains(file)))
            {
                valid[unseen] = false;
            }
        }
    }

    private static bool IsInput(string path) => Path.GetExtension(path) is ".json" or ".xml" or ".ndjson";

    private void Say(string text) => messages.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[{time.GetLocalNow():HH:mm:ss}] {text}"));

    /// <summary>Passes everything on, and remembers which files are invalid.</summary>
    private sealed class Noting(ValidationReport inner, SortedDictionary<string, bool> valid) : ValidationReport
    {
        public HashSet<string> Seen { get; } = new(StringComparer.Ordinal);

        public override void Start() => inner.Start();

        public override void Add(Validated validated)
        {
            Seen.Add(Path.GetFullPath(validated.Input.File));
            valid[Path.GetFullPath(validated.Input.File)] &= validated.IsValid;
            inner.Add(validated);
        }

        public override void End()
        {
            inner.End();
            (inner as IDisposable)?.Dispose();
        }
    }
}
