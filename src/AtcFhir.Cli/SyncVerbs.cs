using System.CommandLine;
using System.Text.Json;
using AtcFhir.Sync.Hospital;
using AtcFhir.Sync.Reports;

namespace AtcFhir.Cli;

/// <summary><c>atcfhir sync run</c> and <c>atcfhir sync status</c>, on the same store as the server.</summary>
internal static class SyncVerbs
{
    private static readonly Option<string> Hospital = new("--hospital") { Description = "Name of the hospital in the configuration.", DefaultValueFactory = _ => HospitalOptions.DefaultName };
    private static readonly Option<bool> Json = new("--json") { Description = "One JSON object instead of text." };
    private static readonly JsonSerializerOptions Camel = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };

    public static Command Command { get; } = Build();

    private static Command Build()
    {
        var run = new Command("run", "Run one pass: enrol from the hospital's group, pull, push.") { Hospital, Json };
        run.SetAction(Run);
        var status = new Command("status", "How things stand with each hospital.") { Json };
        status.SetAction(Status);
        return new Command("sync", "The exchange with the hospital.") { run, status };
    }

    private static async Task<int> Run(ParseResult arguments, CancellationToken cancel)
    {
        await using var exchange = Exchange.Open();
        var report = await exchange.Pass.RunAsync(arguments.GetValue(Hospital)!, cancel);
        if (arguments.GetValue(Json))
        {
            Console.WriteLine(JsonSerializer.Serialize(report, Camel));
        }
        else
        {
            Write(report);
        }

        return report.Succeeded ? ExitCode.Done : ExitCode.Invalid;
    }

    private static async Task<int> Status(ParseResult arguments, CancellationToken cancel)
    {
        await using var exchange = Exchange.Open();
        var hospitals = await exchange.Status.ReadAsync(cancel);
        if (arguments.GetValue(Json))
        {
            Console.WriteLine(JsonSerializer.Serialize(hospitals, Camel));
            return ExitCode.Done;
        }

        foreach (var hospital in hospitals)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{hospital.Hospital}: {hospital.State}, {hospital.Enrolled} enrolled, {hospital.Links} linked, {hospital.Delivered} delivered, {hospital.Pending} pending, {hospital.Quarantined} in quarantine, {hospital.Conflicts} conflicts; last pass {hospital.LastPass?.ToString("u", CultureInfo.InvariantCulture) ?? "never"}"));
            if (hospital.LastFault is { } fault)
            {
                Console.WriteLine("  last fault: " + fault);
            }
        }

        return ExitCode.Done;
    }

    private static void Write(SyncReport report)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Hospital}: {report.Enrolled} enrolled; pulled {report.Pulled}: {report.Mapped} mapped, {report.Unchanged} unchanged, {report.Quarantined} quarantined, {report.Withheld} withheld, {report.Removed} removed; pushed {report.Pushed}, {report.PushUnchanged} unchanged, {report.Conflicts} conflicts"));
        foreach (var (code, count) in report.Skipped.OrderByDescending(pair => pair.Value))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  not in the catalogue: {code} ({count})"));
        }

        foreach (var fault in report.Faults)
        {
            Console.Error.WriteLine($"  {fault.Where}: {fault.What}");
        }
    }
}
