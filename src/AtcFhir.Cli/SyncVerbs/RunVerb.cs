using System.CommandLine;
using AtcFhir.Sync.Reports;

namespace AtcFhir.Cli.SyncVerbs;

/// <summary><c>atcfhir sync run</c>: one pass.</summary>
internal static class RunVerb
{
    public static Command Command { get; } = Build();

    private static Command Build()
    {
        var command = new Command("run", "Run one pass: enrol from the hospital's group, pull, push.") { Shared.Hospital, Shared.Json };
        command.SetAction(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult arguments, CancellationToken cancel)
    {
        await using var exchange = await Exchange.Open();
        var report = await exchange.Pass.RunAsync(arguments.GetValue(Shared.Hospital)!, cancel);
        if (arguments.GetValue(Shared.Json))
        {
            Shared.WriteJson(report);
        }
        else
        {
            Write(report);
        }

        return report.Succeeded ? ExitCode.Done : ExitCode.Invalid;
    }

    private static void Write(SyncReport report)
    {
        Shared.WriteLine($"{report.Hospital}: {report.Enrolled} enrolled; pulled {report.Pulled}: {report.Mapped} mapped, {report.Unchanged} unchanged, {report.Quarantined} quarantined, {report.Withheld} withheld, {report.Removed} removed; pushed {report.Pushed}, {report.PushUnchanged} unchanged, {report.Merged} merged, {report.Conflicts} conflicts");
        foreach (var (code, count) in report.Skipped.OrderByDescending(pair => pair.Value))
        {
            Shared.WriteLine($"  not in the catalogue: {code} ({count})");
        }

        foreach (var fault in report.Faults)
        {
            Console.Error.WriteLine($"  {fault.Where}: {fault.What}");
        }
    }
}
