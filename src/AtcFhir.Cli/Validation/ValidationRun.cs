using AtcFhir.Cli.Inputs;
using AtcFhir.R4.Outcomes;
using AtcFhir.Trial.Study;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;
using AtcFhir.Validation.Terminology.Remote;

namespace AtcFhir.Cli.Validation;

/// <summary>A validator with everything that it was told to know, and the files that it is to look at.</summary>
internal sealed class ValidationRun : IDisposable
{
    private readonly Validator validator;
    private readonly ValidateRequest request;
    private readonly TerminologyServerOptions? server;
    private RemoteCheck? remote;

    private ValidationRun(Validator validator, ValidateSettings settings, IReadOnlyList<string> files)
        => (this.validator, request, server, Files) = (validator, settings.Request, settings.Terminology, files);

    public IReadOnlyList<string> Files { get; }

    /// <summary>Fails when a file, package or profile is missing or cannot be read.</summary>
    public static Result<ValidationRun> Prepare(ValidateSettings settings)
    {
        try
        {
            var (files, missing) = InputFiles.Find(settings.Paths);
            if (missing is not null)
            {
                return new Failure(
                    FailureKind.NotFound,
                    IssueCode.NotFound,
                    Directory.Exists(missing) ? $"There is no .json, .xml or .ndjson file in the folder {missing}." : $"There is no file, folder or match for {missing}.");
            }

            if (!Knowledge(settings).TryGet(out var source, out var failure))
            {
                return failure;
            }

            var validator = new Validator(source);

            // A profile that nobody defines is an error of each resource (ATC-V001) only where there are several to choose from; here it is a typing error.
            return settings.Request.Profiles!.FirstOrDefault(profile => !validator.IsKnown(profile)) is { } unknown
                ? new Failure(FailureKind.NotFound, IssueCode.NotFound, $"The profile {unknown} is not known; give the package that defines it with --package, or its file with --with.")
                : new ValidationRun(validator, settings, files);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return Unreadable(unreadable);
        }
    }

    /// <summary>Validates the files, several at a time, and reports them in their order; true when all are valid.</summary>
    public async Task<RunEnd> Execute(IReadOnlyList<string> files, ValidationReport report, ProgressBar? progress, CancellationToken cancel)
    {
        var allValid = true;
        try
        {
            report.Start();
            if (server is null)
            {
                foreach (var validated in ByItself(files, cancel))
                {
                    Take(validated);
                }
            }
            else
            {
                remote ??= new RemoteCheck(validator, server);
                await foreach (var validated in remote.Run(files.SelectMany(InputFiles.Read), request, cancel))
                {
                    Take(validated);
                }
            }

            progress?.Clear();
            report.End();
            (report as IDisposable)?.Dispose();
            return new RunEnd(allValid);
        }
        catch (AggregateException several) when (several.InnerExceptions.FirstOrDefault(inner => inner is IOException or UnauthorizedAccessException) is { } unreadable)
        {
            return new RunEnd(false, Unreadable(unreadable));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new RunEnd(false, Unreadable(unreadable));
        }
        catch (OperationCanceledException)
        {
            progress?.Clear();
            return new RunEnd(false, new Failure(FailureKind.Busy, IssueCode.Timeout, "Stopped."));
        }

        void Take(Validated validated)
        {
            allValid &= validated.IsValid;
            progress?.Clear();
            report.Add(validated);
            progress?.Step(validated.Input.File, validated.IsValid);
        }
    }

    public void Dispose() => remote?.Dispose();

    /// <summary>For one resource the start of threads would take longer than the validation.</summary>
    private IEnumerable<Validated> ByItself(IReadOnlyList<string> files, CancellationToken cancel)
        => files is [var only] && InputFiles.IsOneResource(only)
            ? InputFiles.Read(only).Select(Validate)
            : files.SelectMany(InputFiles.Read).AsParallel().AsOrdered().WithCancellation(cancel).WithMergeOptions(ParallelMergeOptions.NotBuffered).Select(Validate);

    private Validated Validate(InputResource input)
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

    private static Result<ConformanceSource> Knowledge(ValidateSettings settings)
    {
        var source = ConformanceSource.Official.With(StudyPackage.Embedded.Package);
        foreach (var path in settings.Packages)
        {
            if (!FhirPackage.Open(path).TryGet(out var package, out var failure))
            {
                return failure;
            }

            source = source.With(package);
        }

        foreach (var path in settings.With)
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

    /// <summary>A file that cannot be read, or a report that cannot be written; the system says which.</summary>
    private static Failure Unreadable(Exception why) => new(FailureKind.NotFound, IssueCode.Processing, why.Message);
}
