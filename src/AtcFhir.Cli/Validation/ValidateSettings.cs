using AtcFhir.Cli.Inputs;
using AtcFhir.R4.Outcomes;
using AtcFhir.Validation;
using AtcFhir.Validation.Terminology.Remote;

namespace AtcFhir.Cli.Validation;

/// <summary>What the command line says of the rules, as text.</summary>
internal sealed record RuleChoices(string BestPractice, string? Mode, IReadOnlyList<string> Suppressions, bool MustSupport, int MaxIssues)
{
    /// <summary>any or known.</summary>
    public string Extensions { get; init; } = "any";
}

/// <summary>What is to be validated, with what and against what; the command line, checked.</summary>
internal sealed record ValidateSettings(IReadOnlyList<string> Paths, IReadOnlyList<string> Packages, IReadOnlyList<string> With, ValidateRequest Request)
{
    /// <summary>Whom to ask about codes that are not known here; null asks nobody.</summary>
    public TerminologyServerOptions? Terminology { get; init; }

    public static Result<ValidateSettings> Of(
        IReadOnlyList<string> paths, IReadOnlyList<string> profiles, IReadOnlyList<string> packages, IReadOnlyList<string> with, RuleChoices choices)
    {
        if (BestPracticeOf(choices.BestPractice) is not { } practice)
        {
            return new Failure(FailureKind.Malformed, IssueCode.Invalid, $"--best-practice is off, info, warn or error; '{choices.BestPractice}' is none of them.");
        }

        if (ModeOf(choices.Mode) is not { } mode)
        {
            return new Failure(FailureKind.Malformed, IssueCode.Invalid, $"--mode is create, update or delete; '{choices.Mode}' is none of them.");
        }

        if (choices.Extensions is not ("any" or "known"))
        {
            return new Failure(FailureKind.Malformed, IssueCode.Invalid, $"--extensions is any or known; '{choices.Extensions}' is neither.");
        }

        if (choices.MaxIssues < 1)
        {
            return new Failure(FailureKind.Malformed, IssueCode.Invalid, "--max-issues is a number from 1 on.");
        }

        var suppressions = new List<Suppression>();
        foreach (var text in choices.Suppressions)
        {
            if (!Suppression.Parse(text).TryGet(out var suppression, out var failure))
            {
                return failure;
            }

            suppressions.Add(suppression);
        }

        var request = new ValidateRequest([.. profiles], mode, BestPractice: practice, Suppressions: suppressions, MaxIssues: choices.MaxIssues, NoteMustSupport: choices.MustSupport, LintProfiles: true, KnownExtensionsOnly: choices.Extensions == "known");
        return new ValidateSettings(paths, packages, with, request);
    }

    /// <summary>The folders in which a change may matter.</summary>
    public IReadOnlyList<string> WatchedFolders => [.. Paths.Select(Glob.FixedFolder).Concat(Packages.Concat(With).Select(FolderOf)).Distinct()];

    /// <summary>True of a path that changes what the validator knows.</summary>
    public bool IsKnowledge(string path)
    {
        var full = Path.GetFullPath(path);
        return Packages.Concat(With).Select(Path.GetFullPath).Any(known => full == known || full.StartsWith(known + Path.DirectorySeparatorChar, StringComparison.Ordinal));
    }

    private static string FolderOf(string path) => Directory.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!;

    private static BestPractice? BestPracticeOf(string text) => text.ToLowerInvariant() switch
    {
        "off" => BestPractice.Off,
        "info" or "information" => BestPractice.Information,
        "warn" or "warning" => BestPractice.Warning,
        "error" => BestPractice.Error,
        _ => null,
    };

    private static ValidateMode? ModeOf(string? text) => text switch
    {
        null => ValidateMode.None,
        "create" => ValidateMode.Create,
        "update" => ValidateMode.Update,
        "delete" => ValidateMode.Delete,
        _ => null,
    };
}
