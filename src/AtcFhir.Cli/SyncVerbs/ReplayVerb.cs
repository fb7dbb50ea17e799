using System.CommandLine;
using AtcFhir.Sync.Border;

namespace AtcFhir.Cli.SyncVerbs;

/// <summary><c>atcfhir sync replay ID</c>: a resource in quarantine takes the way through the border again.</summary>
internal static class ReplayVerb
{
    private static readonly Argument<string?> Id = new("id") { Arity = ArgumentArity.ZeroOrOne, Description = "As sync quarantine lists it." };
    private static readonly Option<bool> All = new("--all") { Description = "Everything in quarantine." };

    public static Command Command { get; } = Build();

    private static Command Build()
    {
        var command = new Command("replay", "Take what is in quarantine through the border again, after the mapping, the study or the consent was mended.") { Id, All, Shared.AnyHospital, Shared.Json };
        command.SetAction(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult arguments, CancellationToken cancel)
    {
        var id = arguments.GetValue(Id);
        if ((id is null) != arguments.GetValue(All))
        {
            Console.Error.WriteLine("Say which one (an id of sync quarantine), or --all.");
            return ExitCode.CouldNotRun;
        }

        await using var exchange = await Exchange.Open();
        IEnumerable<string> ids = id is not null ? [id] : (await exchange.Quarantine.ListAsync(arguments.GetValue(Shared.AnyHospital), cancel)).Select(held => held.Id);
        var done = new List<Replayed>();
        foreach (var one in ids)
        {
            var replayed = await exchange.Quarantine.ReplayAsync(one, "cli", cancel);
            done.Add(replayed.TryGet(out var result, out var failure)
                ? new Replayed(one, result.Kind.ToString(), result.Locations.Count == 0 ? null : result.Locations[0], [.. result.Issues.Select(issue => issue.Text)], result.Kind is not (CrossingKind.Quarantined or CrossingKind.NoConsent or CrossingKind.NotEnrolled or CrossingKind.Refused))
                : new Replayed(one, failure.Kind.ToString(), null, [.. failure.Issues.Select(issue => issue.Text)], false));
        }

        if (arguments.GetValue(Shared.Json))
        {
            Shared.WriteJson(done);
        }
        else
        {
            done.ForEach(Write);
            Shared.WriteLine($"{done.Count(one => one.Passed)} of {done.Count} passed the border");
        }

        return done.TrueForAll(one => one.Passed) ? ExitCode.Done : ExitCode.Invalid;
    }

    private static void Write(Replayed replayed)
    {
        Console.WriteLine($"{replayed.Id}  {replayed.Became}{(replayed.Location is { } location ? " " + location : "")}");
        foreach (var text in replayed.Issues)
        {
            Console.WriteLine("  " + text);
        }
    }

    /// <param name="Became">Created, Updated, Quarantined again, …</param>
    private sealed record Replayed(string Id, string Became, string? Location, IReadOnlyList<string> Issues, bool Passed);
}
