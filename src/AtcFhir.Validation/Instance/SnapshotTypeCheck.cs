using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Validation.Instance;

/// <summary>
/// Each element of a snapshot has a type, and outside logical models that is one of FHIR. What a differential says of types is compared with its base.
/// <see href="https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.type"/>
/// </summary>
internal static class SnapshotTypeCheck
{
    private const string Core = "http://hl7.org/fhir/StructureDefinition/";

    public static void Check(Run run, Node definition, StructureModel structure)
    {
        var isOfR4 = structure is not { Kind: "logical" } && structure.FhirVersion?.StartsWith("4.0", StringComparison.Ordinal) != false;
        foreach (var element in definition.Child("snapshot").ChildrenOf("element"))
        {
            var types = element.Child("type");
            if (!types.Exists && !element.Child("contentReference").Exists && element.Child("path").Text?.Contains('.', StringComparison.Ordinal) == true)
            {
                run.Findings.Add(Rules.ProfileDefinition, element, "An element of a snapshot has a type or a contentReference; only in a differential it can be left out.");
            }
            else if (isOfR4)
            {
                CheckTypes(run, element);
            }
        }
    }

    private static void CheckTypes(Run run, Node element)
    {
        foreach (var type in element.ChildrenOf("type"))
        {
            if (type.Child("code") is not { Text: { } code } place || R4Definitions.Find(code) is not null || code.StartsWith("http://hl7.org/fhirpath/System.", StringComparison.Ordinal))
            {
                continue;
            }

            if (ReferenceIndex.IsAbsolute(code))
            {
                run.Findings.Add(Rules.ProfileDefinition, place, $"The type {code} is an absolute URL, which only a logical model may have; a type of FHIR has its name, such as string.");
            }
            else if (!run.Validator.IsKnown(Core + code))
            {
                run.Findings.Add(Rules.ProfileDefinition, place, $"The type {code} is none of FHIR.");
            }
        }
    }
}
