using AtcFhir.R4.Documents;

namespace AtcFhir.Validation.Instance;

/// <summary>The systems of a ValueSet are absolute. <see href="https://hl7.org/fhir/R4/valueset-definitions.html#ValueSet.compose.include.system"/></summary>
internal static class ValueSetCheck
{
    public static void Check(Run run, Node valueSet)
    {
        var compose = valueSet.Child("compose");
        CheckSystems(run, compose.ChildrenOf("include"));
        CheckSystems(run, compose.ChildrenOf("exclude"));
    }

    private static void CheckSystems(Run run, NodeChildren parts)
    {
        Span<char> buffer = stackalloc char[NodeText.Usual];
        foreach (var part in parts)
        {
            if (part.Child("system") is { HasValue: true } system && !ReferenceIndex.IsAbsolute(system.Chars(buffer)))
            {
                run.Findings.Add(Rules.CodingSystem, system, "The system of a value set is an absolute URI.");
            }
        }
    }
}
