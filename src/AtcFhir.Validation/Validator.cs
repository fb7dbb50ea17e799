using System.Collections.Concurrent;
using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath;
using AtcFhir.R4.Outcomes;
using AtcFhir.Validation.Conformance;
using AtcFhir.Validation.Instance;
using AtcFhir.Validation.Profiles;
using AtcFhir.Validation.Questionnaires;
using AtcFhir.Validation.Terminology;

namespace AtcFhir.Validation;

/// <summary>
/// The FHIR R4 validator: <c>new Validator(ConformanceSource.Official).Validate(document)</c>. Immutable and safe for any number of threads;
/// a profile is compiled once, on first use. To change what it knows, make a new one from <see cref="ConformanceSource.With(FhirPackage)"/>.
/// <see href="https://hl7.org/fhir/R4/validation.html"/>
/// </summary>
public sealed class Validator
{
    public Validator(ConformanceSource source, TimeProvider? time = null)
    {
        Source = source;
        Time = time ?? TimeProvider.System;
        Profiles = new CompiledProfiles(source);
        Terminology = new TerminologyService(source);
    }

    public ConformanceSource Source { get; }

    internal TimeProvider Time { get; }

    internal CompiledProfiles Profiles { get; }

    /// <summary>Those of the source that responses have named.</summary>
    internal ConcurrentDictionary<string, QuestionnaireModel> Questionnaires { get; } = new(StringComparer.Ordinal);

    internal TerminologyService Terminology { get; }

    /// <summary>Checks the document against the base definition of its type, its known meta.profile and the profiles asked for.</summary>
    public ValidationResult Validate(ResourceDocument document, ValidateRequest? request = null)
    {
        request ??= ValidateRequest.Default;
        if (request.Mode == ValidateMode.Delete)
        {
            // What is to be deleted need not be valid; its id alone says which it is.
            return ValidationResult.Clean;
        }

        var run = Run.Start(this, document, request);
        BaseWalk.Check(run);
        CheckMode(run);
        for (var i = 0; request.Profiles is { } profiles && i < profiles.Count; i++)
        {
            CheckProfile(run, profiles[i]);
        }

        if (request.LintProfiles)
        {
            ProfileLint.Check(run);
        }

        var result = run.Findings.IsEmpty && document.Issues.Count == 0 ? ValidationResult.Clean : new ValidationResult(run.Findings.Join(document));
        run.End();
        return result;
    }

    /// <summary>
    /// What expressions on the document may ask for beyond it: resolve() within the document, memberOf(), subsumes() and conformsTo() by what the validator knows.
    /// It holds the document; used by one thread at a time.
    /// </summary>
    public FhirPathContext ExpressionContext(ResourceDocument document) => Run.Lasting(this, document).FhirPath;

    private void CheckProfile(Run run, string canonical)
    {
        var root = run.Document.Root;
        if (BaseSnapshots.TypeOf(canonical) is { } type)
        {
            if (!root.Type.Is(type))
            {
                run.Findings.Add(Rules.ProfileOfOtherType, root, $"{canonical} is a {type.Name}, this resource is a {root.Type.Name}.");
            }
        }
        else if (Profiles.Find(canonical) is { } profile)
        {
            ResourceCheck.CheckProfile(run, root, profile, root);
        }
        else
        {
            run.Findings.Add(Rules.ProfileNotKnown, root, $"The profile {canonical} is not known.");
        }
    }

    private static void CheckMode(Run run)
    {
        var root = run.Document.Root;
        switch (run.Request.Mode)
        {
            case ValidateMode.Create when root.Child("id") is { Exists: true } id:
                run.Findings.Add(Rules.IdOnCreate, id, "On create the server gives its own id.");
                break;
            case ValidateMode.Update when !root.Child("id").Exists:
                run.Findings.Add(Rules.IdOnUpdate, root, "On update the resource has the id of the one that it replaces.");
                break;
        }
    }

    /// <summary>True when the canonical (perhaps with |version) names a StructureDefinition that can be validated against.</summary>
    public bool IsKnown(string canonical) => Source.HasStructure(canonical);

    /// <summary>Compiles the profile and tells what is wrong with it, or not supported; empty for a sound one.</summary>
    public IReadOnlyList<Issue> Lint(string canonical)
        => Profiles.Find(canonical) is { } profile
            ? [.. profile.Problems.Select(problem => ProfileLint.ToIssue(profile, problem))]
            : [new Issue(Rules.ProfileNotKnown.Severity, Rules.ProfileNotKnown.IssueCode, $"The profile {canonical} is not known.") { Rule = Rules.ProfileNotKnown.Id }];

    /// <summary>
    /// The same for a StructureDefinition that need not be known yet: its differential is applied anew even where it has a snapshot, and each issue stands at
    /// its element. Empty for other resources, and for types of their own. <see cref="ValidateRequest.LintProfiles"/> makes it part of a validation.
    /// </summary>
    public IReadOnlyList<Issue> Lint(ResourceDocument definition)
    {
        var run = Run.Start(this, definition, ValidateRequest.Default);
        ProfileLint.Check(run);
        IReadOnlyList<Issue> issues = run.Findings.IsEmpty ? [] : [.. run.Findings.Join(definition).Where(issue => issue.Rule?.StartsWith("ATC-L", StringComparison.Ordinal) == true || issue.Rule == Rules.ProfileUnusable.Id)];
        run.End();
        return issues;
    }
}
