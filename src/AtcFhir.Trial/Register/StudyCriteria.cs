using AtcFhir.Trial.Concepts;

namespace AtcFhir.Trial.Register;

/// <summary>The eligibility criteria, one Group each: R4 reads the characteristics of one Group as "and", and the register does not say how its criteria combine.</summary>
internal static class StudyCriteria
{
    public static IReadOnlyList<(string Id, byte[] Json)> Of(StudyDraft draft, string studyId)
    {
        List<(string Id, byte[] Json)> groups = [];
        if (draft.Many("age") is { Count: > 0 } ages)
            groups.Add(Group($"{studyId}-age", "Age", "Age", false, writer => writer.Codeable("valueCodeableConcept", [], string.Join("; ", ages))));

        groups.AddRange(draft.Many("inclusion").Select((text, at) => Group($"{studyId}-inclusion-{at + 1}", $"Inclusion {at + 1}", text, false, writer => writer.Flag("valueBoolean", true))));
        groups.AddRange(draft.Many("exclusion").Select((text, at) => Group($"{studyId}-exclusion-{at + 1}", $"Exclusion {at + 1}", text, true, writer => writer.Flag("valueBoolean", true))));
        return groups;
    }

    private static (string Id, byte[] Json) Group(string id, string name, string criterion, bool exclude, Action<ResourceWriter> value) => (id, ResourceWriter.Write("Group", id, writer =>
    {
        writer.Text("type", "person");
        writer.Flag("actual", false);
        writer.Text("name", name);
        writer.Objects("characteristic", [criterion], text =>
        {
            writer.Codeable("code", [], text);
            value(writer);
            writer.Flag("exclude", exclude);
        });
    }));
}
