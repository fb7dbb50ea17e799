using System.CommandLine;
using System.CommandLine.Parsing;
using AtcFhir.Cli.Inputs;
using AtcFhir.Cli.Validation;
using AtcFhir.Cli.Watching;
using AtcFhir.Validation;
using AtcFhir.Validation.Terminology.Remote;

namespace AtcFhir.Cli;

/// <summary><c>atcfhir validate FILE|DIR|GLOB|-…</c>: base R4, the profiles that a resource claims, and those asked for; profiles among the files are linted.</summary>
internal static class ValidateVerb
{
    private static readonly Argument<string[]> Paths = new("paths") { Arity = ArgumentArity.OneOrMore, Description = "Files (JSON, XML, NDJSON), folders, globs (**/*.json), or - for standard input." };
    private static readonly Option<string[]> Profiles = new("--profile") { Description = "Canonical of a profile to check against besides meta.profile; repeatable." };
    private static readonly Option<string[]> Packages = new("--package") { Description = "FHIR package, .tgz or folder; repeatable. The trial's own package is always known." };
    private static readonly Option<string[]> With = new("--with") { Description = "File with supporting conformance resources; repeatable." };
    private static readonly Option<string> Output = new("--output") { Description = "text, json (one OperationOutcome), ndjson, sarif or junit.", DefaultValueFactory = _ => "text" };
    private static readonly Option<string> Practice = new("--best-practice") { Description = "How loudly recommendations of the standard speak: off, info, warn or error.", DefaultValueFactory = _ => "off" };
    private static readonly Option<string> Extensions = new("--extensions") { Description = "any: an extension whose definition is not known is a warning; known: it is an error, as HL7's test suite has it.", DefaultValueFactory = _ => "any" };
    private static readonly Option<string> Mode = new("--mode") { Description = "Adds the rules of create, update or delete." };
    private static readonly Option<string[]> Suppress = new("--suppress") { Description = "Accept a known finding: RULE=REASON or RULE@PATH=REASON; it is then listed as a note. Repeatable." };
    private static readonly Option<bool> MustSupport = new("--must-support") { Description = "Note which elements that a profile marks as must support are absent." };
    private static readonly Option<int> MaxIssues = new("--max-issues") { Description = "List at most this many issues a resource.", DefaultValueFactory = _ => 500, CustomParser = CountOf };
    private static readonly Option<bool> Quiet = new("--quiet", "-q") { Description = "With text: only resources with errors or warnings, and the last line." };
    private static readonly Option<bool> Watch = new("--watch") { Description = "Validate again whatever changes, until Ctrl-C; packages and profiles are read again when they change." };

    private static readonly Option<string?> Terminology = new("--tx") { Description = "FHIR R4 base of a terminology server that is asked about codes which are not known here; it learns codes and value sets, nothing else. Without it nobody is asked." };

    public static Command Command { get; } = Build();

    private static Command Build()
    {
        var command = new Command("validate", "Validate FHIR R4 resources. Exit code 0: all valid, 1: some invalid, 2: could not run.")
        {
            Paths, Profiles, Packages, With, Output, Practice, Extensions, Mode, Suppress, MustSupport, MaxIssues, Quiet, Watch, Terminology,
        };
        command.SetAction(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult arguments, CancellationToken cancel)
    {
        if (!ValidateSettings.Of(
                arguments.GetValue(Paths)!,
                arguments.GetValue(Profiles) ?? [],
                arguments.GetValue(Packages) ?? [],
                arguments.GetValue(With) ?? [],
                new RuleChoices(arguments.GetValue(Practice)!, arguments.GetValue(Mode), arguments.GetValue(Suppress) ?? [], arguments.GetValue(MustSupport), arguments.GetValue(MaxIssues)) { Extensions = arguments.GetValue(Extensions)! })
            .TryGet(out var settings, out var failure))
        {
            return CouldNotRun(failure.Issues[0].Text);
        }

        var output = arguments.GetValue(Output)!;
        var isQuiet = arguments.GetValue(Quiet);
        if (ValidationReport.For(output, isQuiet) is null)
        {
            return CouldNotRun($"--output is text, json, ndjson, sarif or junit; '{output}' is none of them.");
        }

        if (arguments.GetValue(Terminology) is { } url)
        {
            var server = new TerminologyServerOptions { Url = Uri.TryCreate(url, UriKind.RelativeOrAbsolute, out var parsed) ? parsed : null };
            if (server.Url is null || server.Problem is not null)
            {
                return CouldNotRun($"--tx: {server.Problem ?? "that is no URL"}.");
            }

            settings = settings with { Terminology = server };
        }

        return arguments.GetValue(Watch)
            ? await KeepWatching(settings, () => ValidationReport.For(output, isQuiet)!, cancel)
            : await Once(settings, ValidationReport.For(output, isQuiet)!, cancel);
    }

    private static async Task<int> Once(ValidateSettings settings, ValidationReport report, CancellationToken cancel)
    {
        if (!ValidationRun.Prepare(settings).TryGet(out var run, out var failure))
        {
            return CouldNotRun(failure.Issues[0].Text);
        }

        using (run)
        {
            var progress = Console.IsErrorRedirected || run.Files.Count < 2 ? null : new ProgressBar(Console.Error, run.Files.Count, TimeProvider.System);
            var end = await run.Execute(run.Files, report, progress, cancel);
            return end.Failure is { } stopped ? CouldNotRun(stopped.Issues[0].Text) : end.AllValid ? ExitCode.Done : ExitCode.Invalid;
        }
    }

    private static async Task<int> KeepWatching(ValidateSettings settings, Func<ValidationReport> reports, CancellationToken cancel)
    {
        if (settings.Paths.Contains("-"))
        {
            return CouldNotRun("--watch needs files; standard input cannot be read again.");
        }

        if (ValidationRun.Prepare(settings) is { Failure: { } failure })
        {
            return CouldNotRun(failure.Issues[0].Text);
        }

        using var changes = new FolderChanges(settings.WatchedFolders);
        return await new WatchLoop(settings, reports, Console.Error, TimeProvider.System).Run(changes.Reader, cancel) ? ExitCode.Done : ExitCode.Invalid;
    }

    private static int CountOf(ArgumentResult given)
    {
        if (!int.TryParse(given.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count < 1)
        {
            given.AddError($"--max-issues is a number from 1 on; '{given.Tokens[0].Value}' is none.");
        }

        return count;
    }

    private static int CouldNotRun(string why)
    {
        Console.Error.WriteLine(why);
        return ExitCode.CouldNotRun;
    }
}
