using AtcFhir.R4.Documents;

namespace AtcFhir.Validation.Instance;

/// <summary>A CodeSystem keeps to its own statements. <see href="https://hl7.org/fhir/R4/codesystem-definitions.html"/></summary>
internal static class CodeSystemCheck
{
    public static void Check(Run run, Node system)
    {
        var count = Count(system);
        var content = system.Child("content").Text;
        if (content == "complete" && int.TryParse(system.Child("count").Text, NumberStyles.None, CultureInfo.InvariantCulture, out var stated) && stated != count)
        {
            run.Findings.Add(Rules.CodeSystemDefinition, system.Child("count"), $"The content is complete, and count says {stated} concepts; there are {count}.");
        }

        if (content == "not-present" && system.Child("concept") is { Exists: true } concept)
        {
            run.Findings.Add(Rules.CodeSystemDefinition, concept, "The content is not present by its own statement, but here are concepts.");
        }

        if (content == "supplement" && !system.Child("supplements").Exists)
        {
            run.Findings.Add(Rules.CodeSystemDefinition, system, "A supplement names the code system that it supplements.");
        }
    }

    private static int Count(Node parent)
    {
        var count = 0;
        foreach (var concept in parent.ChildrenOf("concept"))
        {
            count += 1 + Count(concept);
        }

        return count;
    }
}
