using System.CommandLine;
using AtcFhir.Cli;
using AtcFhir.Cli.SyncVerbs;
using AtcFhir.Store;
using Microsoft.Extensions.Options;

// One file a verb. Exit codes: 0 done (valid), 1 invalid or not succeeded, 2 could not run.
var root = new RootCommand("AtcFhir: validate FHIR R4 resources, evaluate FHIRPath, and run the trial's exchange with the hospital.")
{
    ValidateVerb.Command,
    RuleVerb.Command,
    FhirPathVerb.Command,
    StudyVerbs.Command,
    SyncCommand.Command,
    StoreVerbs.Command,
    PackageVerb.Command,
};
var parsed = root.Parse(args);
if (UnknownWords.Of(parsed) is { } unknown)
{
    Console.Error.WriteLine(unknown + " Try --help.");
    return ExitCode.CouldNotRun;
}

if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors)
    {
        Console.Error.WriteLine(error.Message);
    }

    Console.Error.WriteLine("Try --help.");
    return ExitCode.CouldNotRun;
}

try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception e) when (e is StoreUnavailableException or UnusableStoreException or OptionsValidationException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(e.Message);
    return ExitCode.CouldNotRun;
}
