using AtcFhir.R4.Outcomes;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Validation.Terminology.Operations;

/// <summary>
/// Lists the codes of a value set. What cannot be listed in whole is a failure, never a part: an unknown system or version, a system without end, too many.
/// Lives for one expansion. <see href="https://hl7.org/fhir/R4/valueset.html#expansion"/>
/// </summary>
internal sealed class ValueSetExpander(TerminologyService terminology, ExpandRequest request, TimeProvider time, int maxCodes)
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(10);

    private readonly SystemVersions versions = new(request);
    private readonly SortedSet<string> usedVersions = new(StringComparer.Ordinal);
    private readonly long started = time.GetTimestamp();
    private int looked;

    /// <summary>With a page or a filter it is one list; otherwise the hierarchy of the code systems is kept.</summary>
    private bool IsFlat => request.ExcludeNested || request.ExcludeNotForUI || request.Filter is not null || request.Offset is not null || request.Count is not null;

    public Result<Expansion> Expand(CompiledValueSet set)
    {
        if (set.Problem is { } problem)
        {
            return Cannot(IssueCode.Processing, $"{set.Url}: {problem}.");
        }

        if (!Collect(set).TryGet(out var collected, out var failure))
        {
            return failure;
        }

        var codes = collected.Where(IsWanted).ToList();
        List<ExpandedCode> shown = request.Offset is null && request.Count is null ? codes : [.. codes.Skip(request.Offset ?? 0).Take(request.Count ?? int.MaxValue)];
        if (shown.Count > maxCodes)
        {
            return TooCostly($"It has {codes.Count} codes, more than the {maxCodes} that are listed at once; ask for pages with count and offset, or narrow it with filter");
        }

        return new Expansion(set, codes.Count, IsFlat ? shown : Tree(shown), [.. usedVersions]);
    }

    private bool IsWanted(ExpandedCode code)
        => !(request.ActiveOnly && code.IsInactive)
            && !(request.ExcludeNotForUI && code.IsAbstract)
            && !(code.System is { } system && request.ExcludeSystems.Count > 0 && versions.IsExcluded(system, code.Version))
            && (request.Filter is not { } filter || filter.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word => Mentions(code, word)));

    private static bool Mentions(ExpandedCode code, string word)
        => code.Code.Contains(word, StringComparison.OrdinalIgnoreCase)
            || code.Display?.Contains(word, StringComparison.OrdinalIgnoreCase) == true
            || code.Designations.Any(designation => designation.Value.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>The union of the includes without the excludes, in the order of the includes.</summary>
    private Result<List<ExpandedCode>> Collect(CompiledValueSet set)
    {
        var seen = new HashSet<(string?, string)>();
        var all = new List<ExpandedCode>();
        foreach (var include in set.Includes)
        {
            if (!Part(include).TryGet(out var part, out var failure))
            {
                return failure;
            }

            foreach (var code in part)
            {
                if (!seen.Add((code.System, code.Code)) || (code.IsInactive && set.Model.TakesInactive == false))
                {
                    continue;
                }

                if (set.Excludes.Count == 0)
                {
                    all.Add(code);
                    continue;
                }

                switch (set.IsExcluded(code.System, default, code.Code))
                {
                    case Membership.NotIn:
                        all.Add(code);
                        break;
                    case Membership.NotChecked:
                        return Cannot(IssueCode.NotSupported, $"{set.Url}: whether {code.System}|{code.Code} is excluded cannot be told here.");
                }
            }
        }

        return all;
    }

    /// <summary>What the system part and all imported value sets of an include have in common.</summary>
    private Result<List<ExpandedCode>> Part(CompiledValueSet.Component include)
    {
        List<ExpandedCode>? codes = null;
        if (include.System is { } system)
        {
            if (!OfSystem(system, include).TryGet(out var found, out var failure))
            {
                return failure;
            }

            codes = found;
        }

        foreach (var import in include.ValueSets)
        {
            if (terminology.ValueSet(import) is not { } other)
            {
                return Cannot(IssueCode.NotFound, $"The value set {import}, which is imported, is not known here.");
            }

            if (codes is null)
            {
                if (!Collect(other).TryGet(out var imported, out var failure))
                {
                    return failure;
                }

                codes = imported;
            }
            else if (!CommonOf(codes, other).TryGet(out codes, out var unclear))
            {
                return unclear;
            }
        }

        return codes ?? [];
    }

    private Result<List<ExpandedCode>> CommonOf(List<ExpandedCode> codes, CompiledValueSet other)
    {
        var common = new List<ExpandedCode>();
        foreach (var code in codes)
        {
            switch (other.Contains(code.System, default, code.Code))
            {
                case Membership.In:
                    common.Add(code);
                    break;
                case Membership.NotChecked:
                    return Cannot(IssueCode.NotSupported, $"Whether {code.System}|{code.Code} is in the imported value set {other.Url} cannot be told here.");
            }

            if (TooLong() is { } tooLong)
            {
                return tooLong;
            }
        }

        return common;
    }

    private Result<List<ExpandedCode>> OfSystem(string system, CompiledValueSet.Component include)
    {
        var version = versions.Of(system, include.Version);
        var known = terminology.CodeSystems(version is null ? system : $"{system}|{version}");
        var model = Array.Find(known, candidate => candidate.Content == CodeSystemContent.Complete) ?? known.FirstOrDefault();
        if (versions.Check(system, model?.Version ?? version) is { } conflict)
        {
            return conflict;
        }

        if (model?.Version is { } used)
        {
            usedVersions.Add($"{system}|{used}");
        }

        if (include.Codes is not null)
        {
            if (request.ExcludePostCoordinated && include.Listed.FirstOrDefault(listed => model?.Find(listed.Code) is null && SystemByRule.CodesOf(system)?.Contains(listed.Code) != true) is { } unclear)
            {
                return Cannot(IssueCode.NotSupported, $"Whether {system}|{unclear.Code} is post-coordinated cannot be told here; leave out excludePostCoordinated.");
            }

            return include.Listed.Select(listed => Listed(system, version, listed, model?.Find(listed.Code))).ToList();
        }

        if (SystemByRule.Has(system))
        {
            return SystemByRule.CodesOf(system) is { } finite && include.Filters.Length == 0
                ? finite.Select(code => new ExpandedCode { System = system, Code = code }).ToList()
                : TooCostly($"The codes of {system} follow from a grammar; there is no list of them");
        }

        if (model is not { Content: CodeSystemContent.Complete })
        {
            return Cannot(IssueCode.NotSupported, model is null
                ? $"The code system {(version is null ? system : $"{system}|{version}")} is not known here{Others(system)}."
                : $"The code system {system} is known here only in part.");
        }

        return OfModel(model, version, include);
    }

    private Result<List<ExpandedCode>> OfModel(CodeSystemModel model, string? version, CompiledValueSet.Component include)
    {
        var codes = new List<ExpandedCode>();
        foreach (var concept in model.Concepts)
        {
            switch (include.Passes(model, concept))
            {
                case Membership.In:
                    codes.Add(Expanded(model.Url, version, concept, concept.Display, concept.Designations, concept.Parents));
                    break;
                case Membership.NotChecked:
                    var filters = string.Join(" and ", include.Model.Filters.Select(filter => $"{filter.Property} {filter.Operation} {filter.Value}"));
                    return Cannot(IssueCode.NotSupported, $"The filter {filters} cannot be applied to {model.Url}: what it asks is not known here, or takes too long.");
            }

            if (TooLong() is { } tooLong)
            {
                return tooLong;
            }
        }

        return codes;
    }

    private ExpandedCode Listed(string system, string? version, ListedCode listed, ConceptModel? concept) => concept is null
        ? new ExpandedCode
        {
            System = system,
            Version = version,
            Code = listed.Code,
            Display = Words.Display(listed.Display, listed.Designations, request.DisplayLanguage),
            Designations = listed.Designations,
        }
        : Expanded(system, version, concept, listed.Display ?? concept.Display, [.. listed.Designations, .. concept.Designations], [], listed.Code);

    private ExpandedCode Expanded(
        string system, string? version, ConceptModel concept, string? display, IReadOnlyList<Designation> designations, IReadOnlyList<string> parents, string? spelling = null) => new()
        {
            System = system,
            Version = version,
            Code = spelling ?? concept.Code,
            Display = Words.Display(display, designations, request.DisplayLanguage),
            Designations = designations,
            IsAbstract = concept.IsAbstract,
            IsInactive = concept.IsInactive,
            Parents = parents,
        };

    /// <summary>Each code below the first of its parents that stands before it; so no circle in the data can lose codes.</summary>
    private static List<ExpandedCode> Tree(List<ExpandedCode> codes)
    {
        var roots = new List<ExpandedCode>();
        var before = new Dictionary<(string?, string), ExpandedCode>();
        foreach (var code in codes)
        {
            var parent = code.Parents.Select(above => before.GetValueOrDefault((code.System, above))).FirstOrDefault(above => above is not null);
            (parent?.Children ?? roots).Add(code);
            before[(code.System, code.Code)] = code;
        }

        return roots;
    }

    /// <summary>The versions that are known, for messages.</summary>
    private string Others(string system)
    {
        var others = terminology.CodeSystems(system).Select(known => known.Version).OfType<string>().ToList();
        return others.Count == 0 ? "" : $" (but {string.Join(", ", others)}; force-system-version takes another)";
    }

    private Failure? TooLong()
        => ++looked % 256 == 0 && time.GetElapsedTime(started) > TimeLimit ? TooCostly($"It takes longer than {TimeLimit.TotalSeconds:0} seconds") : null;

    private static Failure TooCostly(string why) => Cannot(IssueCode.TooCostly, why + ".");

    private static Failure Cannot(string code, string why) => new(FailureKind.Unprocessable, code, "The value set cannot be expanded. " + why);
}
