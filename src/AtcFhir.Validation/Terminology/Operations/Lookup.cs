using AtcFhir.R4.Definitions;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Validation.Terminology.Operations;

/// <summary>What $lookup is asked. <see href="https://hl7.org/fhir/R4/codesystem-operation-lookup.html"/></summary>
/// <param name="Properties">What is wanted besides name, version and display; empty for everything.</param>
public sealed record LookupRequest(ConceptCoding Coding, IReadOnlyList<string> Properties, string? DisplayLanguage = null);

/// <summary>What is known of a code.</summary>
/// <param name="Name">Of the code system, for people.</param>
/// <param name="Version">Of the code system.</param>
public sealed record LookupAnswer(string Name, string? Version, string Display, IReadOnlyList<Designation> Designations, IReadOnlyList<ConceptProperty> Properties);

internal sealed class Lookup(TerminologyService terminology, LookupRequest request)
{
    public Result<LookupAnswer> Answer()
    {
        var (system, version, code) = (request.Coding.System!, request.Coding.Version, request.Coding.Code);
        if (SystemByRule.Has(system))
        {
            return SystemByRule.Knows(system, code) == true
                ? new LookupAnswer(SystemByRule.NameOf(system), null, code, [], [])
                : Unknown($"{SystemByRule.NameOf(system)} has no code '{code}'.");
        }

        var known = terminology.CodeSystems(version is null ? system : $"{system}|{version}");
        if (known.Length == 0)
        {
            return Unknown($"The code system {request.Coding.System}{(version is null ? "" : "|" + version)} is not known here{terminology.OtherVersionsOfSystem($"{system}|{version}")}.");
        }

        foreach (var model in known)
        {
            if (model.Find(code) is { } concept)
            {
                return Of(model, concept);
            }
        }

        return Unknown(Array.Exists(known, model => model.Content == CodeSystemContent.Complete)
            ? $"The code system {system} has no code '{code}'."
            : $"The code system {system} is known here only in part, without the code '{code}'.");
    }

    private LookupAnswer Of(CodeSystemModel model, ConceptModel concept) => new(
        model.Name ?? (model.IsOfficial ? R4Terminology.FindMeanings(model.Url)?.Name : null) ?? model.Url[(model.Url.LastIndexOf('/') + 1)..],
        model.Version,
        Words.Display(concept.Display, concept.Designations, request.DisplayLanguage) ?? concept.Code,
        [.. concept.Designations.Where(word => IsWanted("designation") || (word.Language is { } language && request.Properties.Contains("lang." + language)))],
        [.. PropertiesOf(model, concept).Where(property => IsWanted(property.Code))]);

    private bool IsWanted(string property) => request.Properties.Count == 0 || request.Properties.Contains(property);

    private static IEnumerable<ConceptProperty> PropertiesOf(CodeSystemModel model, ConceptModel concept)
    {
        if (concept.Definition is { } definition)
        {
            yield return new ConceptProperty("definition", "string", definition);
        }

        foreach (var parent in concept.Parents)
        {
            yield return new ConceptProperty("parent", "code", parent, Display: model.Find(parent)?.Display);
        }

        foreach (var child in model.ChildrenOf(concept.Code))
        {
            yield return new ConceptProperty("child", "code", child.Code, Display: child.Display);
        }

        foreach (var property in concept.Properties.Where(property => property.Code is not ("parent" or "child")))
        {
            yield return property;
        }
    }

    private static Failure Unknown(string why) => new(FailureKind.NotFound, IssueCode.NotFound, why);
}
