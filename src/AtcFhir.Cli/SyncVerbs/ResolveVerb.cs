using System.CommandLine;
using AtcFhir.R4.Outcomes;
using AtcFhir.Sync.Conflicts;

namespace AtcFhir.Cli.SyncVerbs;

/// <summary><c>atcfhir sync resolve REFERENCE</c>: a person's decision.</summary>
internal static class ResolveVerb
{
    private static readonly Argument<string> Reference = new("reference") { Description = "As sync conflicts lists it: AdverseEvent/12, Patient/x7f… of a frozen patient, hospital for a suspect hospital." };
    private static readonly Option<string?> Take = new("--take") { Description = "Whose version stands. Of something lost: trial delivers it anew, hospital leaves it away. Of something refused: trial sends it once more." };
    private static readonly Option<string?> With = new("--with") { Description = "File with the merged resource: it becomes the trial's, and is written to the hospital." };

    public static Command Command { get; } = Build();

    private static Command Build()
    {
        Take.AcceptOnlyFromAmong("trial", "hospital");
        var command = new Command("resolve", "Decide about a conflict, or let a frozen patient or suspect hospital go on.") { Reference, Take, With, Shared.Hospital, Shared.Json };
        command.SetAction(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult arguments, CancellationToken cancel)
    {
        var (reference, take, file) = (arguments.GetValue(Reference)!, arguments.GetValue(Take), arguments.GetValue(With));
        var isRelease = reference == "hospital" || reference.StartsWith("Patient/", StringComparison.Ordinal);
        if (!isRelease && (take is null) == (file is null))
        {
            Console.Error.WriteLine("Say --take trial, --take hospital, or --with FILE.");
            return ExitCode.CouldNotRun;
        }

        if (file is not null && !System.IO.File.Exists(file))
        {
            Console.Error.WriteLine($"There is no file {file}.");
            return ExitCode.CouldNotRun;
        }

        await using var exchange = await Exchange.Open();
        var hospital = arguments.GetValue(Shared.Hospital)!;
        var resolved = file is null
            ? await exchange.Conflicts.ResolveAsync(hospital, reference, take == "hospital" ? Side.Hospital : Side.Trial, "cli", cancel)
            : await exchange.Conflicts.MergeAsync(hospital, reference, await System.IO.File.ReadAllBytesAsync(file, cancel), "cli", cancel);
        if (!resolved.TryGet(out var what, out var failure))
        {
            if (failure.Kind == FailureKind.NotFound)
            {
                Console.Error.WriteLine($"There is nothing to decide about {reference}; atcfhir sync conflicts lists what waits.");
                return ExitCode.Invalid;
            }

            return Shared.Fail(failure);
        }

        if (arguments.GetValue(Shared.Json))
        {
            Shared.WriteJson(new { hospital, reference, what });
        }
        else
        {
            Console.WriteLine($"{reference}: {what}");
        }

        return ExitCode.Done;
    }
}
