using System.CommandLine;
using System.Text.Json.Nodes;
using AtcFhir.Sync.Border;

namespace AtcFhir.Cli.SyncVerbs;

/// <summary><c>atcfhir sync quarantine</c>: what of the hospital is in scope but not valid, and why.</summary>
internal static class QuarantineVerb
{
    public static Command Command { get; } = Build();

    private static Command Build()
    {
        var command = new Command("quarantine", "What of the hospital is in scope but not valid, and why. Its content stays sealed.") { Shared.AnyHospital, Shared.Json };
        command.SetAction(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult arguments, CancellationToken cancel)
    {
        await using var exchange = await Exchange.Open();
        var held = await exchange.Quarantine.ListAsync(arguments.GetValue(Shared.AnyHospital), cancel);
        if (arguments.GetValue(Shared.Json))
        {
            Shared.WriteJson(held.Select(one => new { one.Id, one.Hospital, one.PatientId, one.ResourceType, one.Concept, one.Since, one.Attempts, Outcome = JsonNode.Parse(one.Outcome) }));
            return ExitCode.Done;
        }

        foreach (var one in held)
        {
            Shared.WriteLine($"{one.Id}  {one.Hospital}  {one.ResourceType} ({one.Concept}) of Patient/{one.PatientId}, since {one.Since:u}, looked at {(one.Attempts == 1 ? "once" : $"{one.Attempts} times")}");
            foreach (var text in Texts(one))
            {
                Console.WriteLine("  " + text);
            }
        }

        Console.WriteLine(held.Count == 0 ? "The quarantine is empty." : "atcfhir sync replay ID takes one through the border again, atcfhir sync replay --all all of them.");
        return ExitCode.Done;
    }

    private static IEnumerable<string> Texts(QuarantinedResource held)
        => (JsonNode.Parse(held.Outcome)?["issue"]?.AsArray() ?? []).Select(issue =>
            string.Join(": ", new[] { (string?)issue?["expression"]?[0], (string?)issue?["details"]?["text"] ?? (string?)issue?["diagnostics"] }.OfType<string>()));
}
