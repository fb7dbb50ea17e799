using AtcFhir.R4.Documents;

namespace AtcFhir.Trial.Concepts;

/// <summary>Questions to CodeableConcepts.</summary>
internal static class Codes
{
    /// <summary>The first of the wanted codes that the CodeableConcept holds, or null.</summary>
    public static ConceptCode? Find(Node codeable, IReadOnlyList<ConceptCode> wanted)
    {
        foreach (var coding in codeable.ChildrenOf("coding"))
        {
            var (system, code) = (coding.Child("system"), coding.Child("code"));
            for (var i = 0; i < wanted.Count; i++)
            {
                if (code.TextEquals(wanted[i].Code) && system.TextEquals(wanted[i].System))
                    return wanted[i];
            }
        }

        return null;
    }

    /// <summary>The codings of public code systems, without displays.</summary>
    public static ValueList<ConceptCode> Public(Node codeable) => [.. codeable.ChildrenOf("coding").ToList().Select(PublicCode.From).OfType<ConceptCode>()];

    /// <summary>One public code of each CodeableConcept of a repeating element.</summary>
    public static ValueList<ConceptCode> FirstOfEach(NodeChildren codeables) => [.. codeables.ToList().Select(FirstPublic).OfType<ConceptCode>()];

    public static ConceptCode? FirstPublic(Node codeable) => Public(codeable) is [var first, ..] ? first : null;
}
