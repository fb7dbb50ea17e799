using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Validation.Profiles;

/// <summary>What the compiler says of a StructureDefinition, as issues at its elements.</summary>
internal static class ProfileLint
{
    public static IReadOnlyList<Issue> Of(Validator validator, ResourceDocument definition)
    {
        if (definition.ResourceType != "StructureDefinition" || StructureReader.Read(definition.Utf8) is not { IsConstraint: true } structure)
        {
            return [];
        }

        // What the differential says is what its author wrote; a snapshot that somebody made of it hides its faults.
        var source = validator.Source.With(definition);
        var fresh = structure.Differential.Count > 0 && structure.BaseDefinition is { } known && source.HasStructure(known) ? structure with { Snapshot = [] } : structure;
        var profile = new ProfileCompiler(new CompiledProfiles(source), fresh, 0).Compile();
        return [.. profile.Problems.Distinct().Select(problem => Place(ToIssue(profile, problem), definition, problem.ElementId)).OrderBy(issue => issue.Line).ThenBy(issue => issue.Column)];
    }

    public static Issue ToIssue(CompiledProfile profile, ProfileProblem problem) => new(problem.Rule.Severity, problem.Rule.IssueCode, problem.Text)
    {
        Rule = problem.Rule.Id,
        Profiles = [profile.Structure.Canonical],
        Diagnostics = $"{profile} {problem.ElementId}",
    };

    private static Issue Place(Issue issue, ResourceDocument definition, string elementId)
    {
        var node = Find(definition.Root.Child("differential"), elementId) ?? Find(definition.Root.Child("snapshot"), elementId) ?? definition.Root;
        var (line, column) = node.Position;
        return issue with { Expression = node.Expression, Line = line, Column = column };
    }

    private static Node? Find(Node list, string elementId)
    {
        foreach (var element in list.ChildrenOf("element"))
        {
            if ((element.Child("id").Text ?? element.Child("path").Text) == elementId)
            {
                return element;
            }
        }

        return null;
    }
}
