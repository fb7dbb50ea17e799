using System.CommandLine;

namespace AtcFhir.Cli.SyncVerbs;

/// <summary><c>atcfhir sync status</c>: how things stand.</summary>
internal static class StatusVerb
{
    public static Command Command { get; } = Build();

    private static Command Build()
    {
        var command = new Command("status", "How things stand with each hospital.") { Shared.Json };
        command.SetAction(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult arguments, CancellationToken cancel)
    {
        await using var exchange = await Exchange.Open();
        var hospitals = await exchange.Status.ReadAsync(cancel);
        if (arguments.GetValue(Shared.Json))
        {
            Shared.WriteJson(hospitals);
            return ExitCode.Done;
        }

        foreach (var hospital in hospitals)
        {
            Shared.WriteLine($"{hospital.Hospital}: {hospital.State}, {hospital.Enrolled} enrolled, {hospital.Links} linked, {hospital.Delivered} delivered, {hospital.Pending} pending, {hospital.Quarantined} in quarantine, {hospital.Conflicts} conflicts, {hospital.Worklist} for a person to enter; last pass {hospital.LastPass?.ToString("u", CultureInfo.InvariantCulture) ?? "never"}");
            if (hospital.LastFault is { } fault)
            {
                Console.WriteLine("  last fault: " + fault);
            }
        }

        return ExitCode.Done;
    }
}
