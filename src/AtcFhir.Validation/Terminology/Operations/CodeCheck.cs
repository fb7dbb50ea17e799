using AtcFhir.R4.Outcomes;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Validation.Terminology.Operations;

/// <summary>What $validate-code is asked. <see href="https://hl7.org/fhir/R4/valueset-operation-validate-code.html"/></summary>
/// <param name="Codings">One code or coding; those of a CodeableConcept, of which one in the value set is enough.</param>
/// <param name="AllowAbstract">False refuses concepts that only group others.</param>
/// <param name="DisplayLanguage">BCP 47 language of the display that is suggested.</param>
public sealed record CodeCheckRequest(IReadOnlyList<ConceptCoding> Codings, bool AllowAbstract = true, string? DisplayLanguage = null);

/// <summary>The answer of $validate-code.</summary>
/// <param name="Message">What is wrong; with a true result, a hint.</param>
/// <param name="Display">A display of the code, where there is one.</param>
public sealed record CodeVerdict(bool Result, string? Message = null, string? Display = null);

/// <summary>
/// Codes against a value set or a code system. What cannot be told is a failure: the answer is a boolean, and neither would be true.
/// </summary>
internal sealed class CodeCheck(TerminologyService terminology, CodeCheckRequest request)
{
    public Result<CodeVerdict> Against(CompiledValueSet set)
    {
        if (set.Problem is { } problem)
        {
            return NotChecked($"{set.Url}: {problem}.");
        }

        Failure? unclear = null;
        CodeVerdict? wrong = null;
        foreach (var coding in request.Codings)
        {
            if (coding.System is null)
            {
                wrong ??= new CodeVerdict(false, $"The code '{coding.Code}' has no system, which it takes to be one of the value set {set.Url}.");
                continue;
            }

            switch (set.Contains(coding.System, coding.Version, coding.Code))
            {
                case Membership.In:
                    var verdict = Judge(coding, set);
                    if (verdict.Result)
                    {
                        return verdict;
                    }

                    wrong = verdict;
                    break;
                case Membership.NotIn:
                    wrong ??= new CodeVerdict(false, $"The code {coding} is not in the value set {set.Url}.{Unknown(coding)}", DisplayOf(coding));
                    break;
                default:
                    unclear ??= NotChecked($"Whether {coding} is in the value set {set.Url} cannot be told here: not all that it is made of is known.");
                    break;
            }
        }

        return unclear is not null ? unclear : wrong ?? new CodeVerdict(false, "There is no code.");
    }

    /// <summary>Every coding has to be one of the system, if it claims to be.</summary>
    public Result<CodeVerdict> Against(string system, string? version)
    {
        var verdict = new CodeVerdict(false, $"There is no code of {system}.");
        foreach (var coding in request.Codings.Where(coding => coding.System is null || coding.System == system))
        {
            var wanted = coding.Version ?? version;
            switch (terminology.Knows(system, wanted, coding.Code))
            {
                case CodeKnowledge.Valid:
                    verdict = Judge(coding with { System = system, Version = wanted }, null);
                    break;
                case CodeKnowledge.OlderVersionOnly:
                    verdict = Judge(coding with { System = system, Version = wanted }, null) is { Result: true } older
                        ? older with { Message = $"Only an older version of {system} has the code." }
                        : Judge(coding with { System = system, Version = wanted }, null);
                    break;
                case CodeKnowledge.SystemNotKnown:
                    return NotChecked($"The code system {system}{(wanted is null ? "" : "|" + wanted)} is not known here{terminology.OtherVersionsOfSystem($"{system}|{wanted}")}, or not whole; whether it has the code {coding.Code} cannot be told.");
                default:
                    return new CodeVerdict(false, $"The code system {system}{VersionOf(system, wanted)} has no code '{coding.Code}'.");
            }

            if (!verdict.Result)
            {
                return verdict;
            }
        }

        return verdict;
    }

    /// <summary>The code is one: is the concept meant to be used, and is the display one of its words?</summary>
    private CodeVerdict Judge(ConceptCoding coding, CompiledValueSet? set)
    {
        var system = coding.System;
        var concept = terminology.Concept(system, coding.Version, coding.Code) ?? terminology.Concept(system, default, coding.Code);
        var listed = set?.Includes.Where(include => include.System == system).SelectMany(include => include.Listed).FirstOrDefault(entry => entry.Code == coding.Code);
        IReadOnlyList<Designation> words = [.. listed?.Designations ?? [], .. concept?.Designations ?? []];
        var display = Words.Display(listed?.Display ?? concept?.Display, words, request.DisplayLanguage);
        if (!request.AllowAbstract && concept is { IsAbstract: true })
        {
            return new CodeVerdict(false, $"The code {coding} only groups others; it is not meant to be used itself.", display);
        }

        if (coding.Display is { } asked && display is not null
            && !Words.IsOne(asked, listed?.Display, words) && !Words.IsOne(asked, concept?.Display, []))
        {
            return new CodeVerdict(false, $"The display '{asked}' is not one of {coding}; it is '{display}'.", display);
        }

        return new CodeVerdict(true, concept is { IsInactive: true } ? $"The code {coding} is inactive." : null, display);
    }

    private string? DisplayOf(ConceptCoding coding)
        => terminology.Concept(coding.System, default, coding.Code) is { } concept ? Words.Display(concept.Display, concept.Designations, request.DisplayLanguage) : null;

    private string Unknown(ConceptCoding coding)
        => coding.System is { } system && terminology.Knows(system, coding.Version, coding.Code) is CodeKnowledge.Invalid or CodeKnowledge.NotInOldVersion
            ? $" The code system {system}{VersionOf(system, coding.Version)} has no such code."
            : "";

    private string VersionOf(string system, string? version)
        => version is not null ? "|" + version : terminology.CodeSystems(system) is [{ Version: { } newest }, ..] ? "|" + newest : "";

    private static Failure NotChecked(string why) => new(FailureKind.Unprocessable, IssueCode.NotSupported, why);
}
