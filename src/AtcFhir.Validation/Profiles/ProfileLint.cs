using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Validation.Conformance;
using AtcFhir.Validation.Instance;

namespace AtcFhir.Validation.Profiles;

/// <summary>What the compiler says of a StructureDefinition, as findings at its elements.</summary>
internal static class ProfileLint
{
    public static void Check(Run run)
    {
        var definition = run.Document;
        if (definition.ResourceType != "StructureDefinition" || StructureReader.Read(definition.Utf8) is not { IsConstraint: true } structure)
        {
            return;
        }

        // What the differential says is what its author wrote; a snapshot that somebody made of it hides its faults.
        var source = run.Validator.Source.With(definition);
        if (structure.BaseDefinition is { } known && !source.HasStructure(known))
        {
            run.Findings.Add(Rules.ProfileUnusable, definition.Root.Child("baseDefinition"), $"The base definition {known} is not known here; the profile was not compiled.", severity: IssueSeverity.Warning);
            return;
        }

        var fresh = structure.Differential.Count > 0 && structure.BaseDefinition is not null ? structure with { Snapshot = [] } : structure;
        var profile = new ProfileCompiler(new CompiledProfiles(source), fresh, 0).Compile();
        if (profile.Problems.Count == 0)
        {
            return;
        }

        var elements = ElementsById(definition.Root);
        foreach (var problem in profile.Problems)
        {
            run.Findings.Add(problem.Rule, Place(elements, problem, definition.Root), problem.Text, new FindingDetail($"{profile} {problem.ElementId}", profile));
        }
    }

    public static Issue ToIssue(CompiledProfile profile, ProfileProblem problem) => new(problem.Rule.Severity, problem.Rule.IssueCode, problem.Text)
    {
        Rule = problem.Rule.Id,
        Profiles = [profile.Structure.Canonical],
        Diagnostics = $"{profile} {problem.ElementId}",
    };

    /// <summary>Those of the differential before those of the snapshot, the first of each id.</summary>
    public static Dictionary<string, Node> ElementsById(Node definition)
    {
        var elements = new Dictionary<string, Node>(StringComparer.Ordinal);
        foreach (var list in new[] { definition.Child("differential"), definition.Child("snapshot") })
        {
            foreach (var element in list.ChildrenOf("element"))
            {
                if ((element.Child("id").Text ?? element.Child("path").Text) is { } id)
                {
                    elements.TryAdd(id, element);
                }
            }
        }

        return elements;
    }

    /// <summary>The element of the definition that is at fault, and of it the part.</summary>
    public static Node Place(Dictionary<string, Node> elements, ProfileProblem problem, Node definition)
    {
        var element = elements.GetValueOrDefault(problem.ElementId, definition);
        return problem.Rule == Rules.LintBinding && element.Child("binding").Child("strength") is { Exists: true } strength ? strength : element;
    }
}
