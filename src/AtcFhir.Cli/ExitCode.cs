namespace AtcFhir.Cli;

/// <summary>What a verb's exit code says.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Invalid = 1;
    public const int CouldNotRun = 2;
}
