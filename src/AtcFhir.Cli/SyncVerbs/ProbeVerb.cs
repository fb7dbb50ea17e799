using System.CommandLine;
using AtcFhir.Sync.Hospital;

namespace AtcFhir.Cli.SyncVerbs;

/// <summary><c>atcfhir sync probe</c>: finds out what the hospital's server does.</summary>
internal static class ProbeVerb
{
    public static Command Command { get; } = Build();

    private static Command Build()
    {
        var command = new Command("probe", "Find out what the hospital's server does, on a resource of ours that is deleted afterwards.") { Shared.Hospital, Shared.Json };
        command.SetAction(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult arguments, CancellationToken cancel)
    {
        await using var exchange = await Exchange.Open();
        var probed = await exchange.Pass.ProbeAsync(arguments.GetValue(Shared.Hospital)!, cancel);
        if (!probed.TryGet(out var profile, out var failure))
        {
            return Shared.Fail(failure);
        }

        if (arguments.GetValue(Shared.Json))
        {
            Shared.WriteJson(profile);
            return ExitCode.Done;
        }

        Line("version ids", profile.Versions switch { VersionForm.None => "none", VersionForm.Integer => "numbers that grow", _ => "opaque" });
        Line("meta.lastUpdated", profile.HasLastUpdated ? "yes" : "no");
        Line("search by _lastUpdated", profile.SearchesLastUpdated ? "works" : profile.SearchTried ? "does not work" : "could not be tried yet");
        Line("so a pass reads", profile.ReadsChanges ? "what changed" : "each patient as a whole");
        Line("If-Match", Honoured(profile.IfMatch));
        Line("If-None-Exist", Honoured(profile.IfNoneExist));
        Line("identifiers of ours", profile.KeepsIdentifiers ? "are kept" : "are dropped");
        Line("_history", profile.History ? "served" : "not served");
        Line("a deleted resource reads as", profile.DeletedIsGone ? "410" : "404");
        Line("seriousness is spelled", profile.Serious);
        Line("clock, against ours", string.Create(CultureInfo.InvariantCulture, $"{profile.ClockSkew:+0;-0;0} s"));
        foreach (var (what, types) in Creates(profile.CanCreate ?? new Dictionary<string, bool>()))
        {
            Line(what, types);
        }

        return ExitCode.Done;
    }

    /// <summary>Of which types the server allows a create, as it says itself: in few words where it names most types of R4.</summary>
    internal static IEnumerable<(string What, string Types)> Creates(IReadOnlyDictionary<string, bool> canCreate)
    {
        const int Few = 20;
        foreach (var allowed in (bool[])[true, false])
        {
            var types = canCreate.Where(pair => pair.Value == allowed).Select(pair => pair.Key).Order(StringComparer.Ordinal).ToList();
            if (types.Count > 0)
            {
                yield return (allowed ? "create is allowed of" : "create is not allowed of", types.Count <= Few ? string.Join(", ", types) : $"{types.Count} types");
            }
        }
    }

    private static string Honoured(bool? honoured) => honoured switch { true => "honoured", false => "ignored", _ => "could not be tried" };

    private static void Line(string what, string found) => Console.WriteLine($"{what,-28} {found}");
}
