using System.CommandLine;
using AtcFhir.Sync.Conflicts;

namespace AtcFhir.Cli.SyncVerbs;

/// <summary><c>atcfhir sync conflicts</c>: everything that waits for a person's decision.</summary>
internal static class ConflictsVerb
{
    public static Command Command { get; } = Build();

    private static Command Build()
    {
        var command = new Command("conflicts", "What waits for a person: edits on both sides, what vanished or was refused, frozen patients, suspect hospitals.") { Shared.AnyHospital, Shared.Json };
        command.SetAction(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult arguments, CancellationToken cancel)
    {
        await using var exchange = await Exchange.Open();
        var open = await exchange.Conflicts.ListAsync(arguments.GetValue(Shared.AnyHospital), cancel);
        if (arguments.GetValue(Shared.Json))
        {
            Shared.WriteJson(open);
            return ExitCode.Done;
        }

        foreach (var decision in open)
        {
            Console.WriteLine($"{Word(decision.Kind),-9} {decision.Hospital,-12} {decision.Reference}");
            Console.WriteLine("          " + decision.Why + (decision.Elements.Count == 0 ? "" : " " + string.Join(", ", decision.Elements)));
            if (decision.Decided is { } side)
            {
                Console.WriteLine($"          decided: the {(side == Side.Trial ? "trial" : "hospital")}'s stands; the next pass carries it out");
            }
        }

        Console.WriteLine(open.Count == 0 ? "Nothing waits for a person." : "atcfhir sync diff REFERENCE shows the versions of a conflict; atcfhir sync resolve REFERENCE --take trial|hospital decides.");
        return ExitCode.Done;
    }

    private static string Word(OpenKind kind) => kind switch
    {
        OpenKind.Conflict => "conflict",
        OpenKind.Lost => "lost",
        OpenKind.Refused => "refused",
        OpenKind.Frozen => "frozen",
        _ => "suspect",
    };
}
