using System.CommandLine;

namespace AtcFhir.Cli.SyncVerbs;

/// <summary><c>atcfhir sync …</c>: the exchange with the hospital, on the same store as the server.</summary>
internal static class SyncCommand
{
    public static Command Command { get; } = new("sync", "The exchange with the hospital, on the same store as the server.")
    {
        ProbeVerb.Command,
        CoverageVerb.Command,
        RunVerb.Command,
        StatusVerb.Command,
        DiffVerb.Command,
        ConflictsVerb.Command,
        ResolveVerb.Command,
        QuarantineVerb.Command,
        ReplayVerb.Command,
    };
}
