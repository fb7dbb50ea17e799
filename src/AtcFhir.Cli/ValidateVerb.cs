using System.CommandLine;
using AtcFhir.Cli.Inputs;
using AtcFhir.Cli.Validation;
using AtcFhir.R4.Outcomes;
using AtcFhir.Trial.Study;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Cli;

/// <summary><c>atcfhir validate FILE|DIR|GLOB|-…</c>: base R4, the profiles that a resource claims, and those asked for.</summary>
internal static class ValidateVerb
{
    private static readonly Argument<string[]> Paths = new("paths") { Arity = ArgumentArity.OneOrMore, Description = "Files (JSON, XML, NDJSON), folders, globs, or - for standard input." };
    private static readonly Option<string[]> Profiles = new("--profile") { Description = "Canonical of a profile to check against besides meta.profile; repeatable." };
    private static readonly Option<string[]> Packages = new("--package") { Description = "FHIR package, .tgz or folder; repeatable. The trial's own package is always known." };
    private static readonly Option<string[]> With = new("--with") { Description = "File with a supporting conformance resource; repeatable." };
    private static readonly Option<string> Output = new("--output") { Description = "text, json (one OperationOutcome), ndjson, sarif or junit.", DefaultValueFactory = _ => "text" };
    private static readonly Option<BestPractice> Practice = new("--best-practice") { Description = "Off, Information, Warning or Error.", DefaultValueFactory = _ => BestPractice.Off };

    public static Command Command { get; } = Build();

    private static Command Build()
    {
        var command = new Command("validate", "Validate FHIR R4 resources. Exit code 0: all valid, 1: some invalid, 2: could not run.")
        {
            Paths, Profiles, Packages, With, Output, Practice,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        if (ValidationReport.For(arguments.GetValue(Output)!) is not { } report)
        {
            return CouldNotRun($"--output is text, json, ndjson, sarif or junit; '{arguments.GetValue(Output)}' is none of them.");
        }

        var (files, missing) = InputFiles.Find(arguments.GetValue(Paths)!);
        if (missing is not null)
        {
            return CouldNotRun($"There is no file, folder or match for {missing}.");
        }

        if (!Knowledge(arguments.GetValue(Packages) ?? [], arguments.GetValue(With) ?? []).TryGet(out var source, out var failure))
        {
            return CouldNotRun(failure.Issues[0].Text);
        }

        var validator = new Validator(source);
        string[] profiles = [.. arguments.GetValue(Profiles) ?? []];
        if (profiles.FirstOrDefault(profile => !validator.IsKnown(profile)) is { } unknown)
        {
            return CouldNotRun($"The profile {unknown} is not known; give the package that defines it with --package, or its file with --with.");
        }

        var request = new ValidateRequest(profiles, BestPractice: arguments.GetValue(Practice));
        var allValid = true;
        report.Start();
        foreach (var validated in files.SelectMany(InputFiles.Read).AsParallel().AsOrdered().WithMergeOptions(ParallelMergeOptions.NotBuffered).Select(input => Validate(validator, input, request)))
        {
            allValid &= validated.IsValid;
            report.Add(validated);
        }

        report.End();
        (report as IDisposable)?.Dispose();
        return allValid ? ExitCode.Done : ExitCode.Invalid;
    }

    private static Validated Validate(Validator validator, InputResource input, ValidateRequest request)
    {
        if (!input.Parse().TryGet(out var document, out var failure))
        {
            return new Validated(input, failure.Issues);
        }

        using (document)
        {
            return new Validated(input, validator.Validate(document, request).Issues);
        }
    }

    private static Result<ConformanceSource> Knowledge(string[] packages, string[] with)
    {
        var source = ConformanceSource.Official.With(StudyPackage.Embedded.Package);
        foreach (var path in packages)
        {
            if (!FhirPackage.Open(path).TryGet(out var package, out var failure))
            {
                return failure;
            }

            source = source.With(package);
        }

        foreach (var path in with)
        {
            if (!System.IO.File.Exists(path))
            {
                return new Failure(FailureKind.NotFound, IssueCode.NotFound, $"There is no file {path}.");
            }

            foreach (var input in InputFiles.Read(path))
            {
                if (!input.Parse().TryGet(out var resource, out var failure))
                {
                    return new Failure(failure.Kind, IssueCode.Invalid, $"{input.Name}: {failure.Issues[0].Text}");
                }

                source = source.With(resource);
            }
        }

        return source;
    }

    private static int CouldNotRun(string why)
    {
        Console.Error.WriteLine(why);
        return ExitCode.CouldNotRun;
    }
}
