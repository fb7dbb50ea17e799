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
            foreach (var code in wanted)
            {
                if (Is(coding, code))
                    return code;
            }
        }

        return null;
    }

    /// <summary>The codings of public code systems, without displays.</summary>
    public static ValueList<ConceptCode> Public(Node codeable) => [.. codeable.ChildrenOf("coding").ToList().Select(PublicCode.From).OfType<ConceptCode>()];

    /// <summary>One public code of each CodeableConcept of a repeating element.</summary>
    public static ValueList<ConceptCode> FirstOfEach(NodeChildren codeables) => [.. codeables.ToList().Select(FirstPublic).OfType<ConceptCode>()];

    public static ConceptCode? FirstPublic(Node codeable) => Public(codeable) is [var first, ..] ? first : null;

    private static bool Is(Node coding, ConceptCode code) => coding.Child("code").Text == code.Code && coding.Child("system").Text == code.System;
}
