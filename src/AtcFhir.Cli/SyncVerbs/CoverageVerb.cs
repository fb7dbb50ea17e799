using System.CommandLine;

namespace AtcFhir.Cli.SyncVerbs;

/// <summary><c>atcfhir sync coverage</c>: what of the trial's concepts comes from the hospital and goes there.</summary>
internal static class CoverageVerb
{
    public static Command Command { get; } = Build();

    private static Command Build()
    {
        var command = new Command("coverage", "What of the trial's concepts comes from the hospital and goes there.") { Shared.Hospital, Shared.Json };
        command.SetAction(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult arguments, CancellationToken cancel)
    {
        await using var exchange = await Exchange.Open();
        var name = arguments.GetValue(Shared.Hospital)!;
        if (await exchange.Coverage.ReadAsync(name, cancel) is not { } coverage)
        {
            Console.Error.WriteLine($"No hospital named {name} is configured.");
            return ExitCode.CouldNotRun;
        }

        if (arguments.GetValue(Shared.Json))
        {
            Shared.WriteJson(coverage);
            return ExitCode.Done;
        }

        Console.WriteLine($"{"from the hospital",-28} {"in the trial",12} {"quarantine",12} {"gone",8}");
        foreach (var stream in coverage.FromHospital)
        {
            Shared.WriteLine($"{stream.Type,-28} {stream.Live,12} {stream.Quarantined,12} {stream.Gone,8}");
        }

        Console.WriteLine();
        Console.WriteLine($"{"to the hospital",-28} {"type",-16} {"as",-22} {"delivered",10} {"by hand",8} {"waiting",8}");
        foreach (var concept in coverage.ToHospital)
        {
            Shared.WriteLine($"{concept.Concept,-28} {concept.Type,-16} {concept.Route,-22} {concept.Delivered,10} {concept.Worklist,8} {concept.Waiting,8}");
        }

        if (coverage.Skipped.Count > 0)
        {
            Console.WriteLine();
            Console.WriteLine("codes outside the catalogue, counted and not stored");
            foreach (var (code, count) in coverage.Skipped.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal))
            {
                Shared.WriteLine($"{count,8}  {code}");
            }
        }

        return ExitCode.Done;
    }
}
