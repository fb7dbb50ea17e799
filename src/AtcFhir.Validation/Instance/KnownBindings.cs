using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.Validation.Conformance;
using AtcFhir.Validation.Terminology;

namespace AtcFhir.Validation.Instance;

/// <summary>Codings of which it has been found before that they satisfy a binding, and that nothing is to be said of them.</summary>
internal static class KnownBindings
{
    private static readonly TypeSchema CodeableConcept = R4Definitions.Find("CodeableConcept")!;

    /// <summary>Nothing is to be said of this node; false when it has to be looked at.</summary>
    public static bool Covers(TerminologyService terminology, Node node, BindingModel binding, CodingKeys keys)
    {
        if (!ReferenceEquals(node.Type, CodeableConcept))
        {
            return Known(terminology, node, keys)?.Of(binding) is { Relation: not BindingRelation.Faulty };
        }

        var isForeign = true;
        foreach (var coding in node.ChildrenOf("coding"))
        {
            switch (keys.Of(terminology, coding)?.Of(binding)?.Relation)
            {
                case BindingRelation.Member:
                    return true;
                case not BindingRelation.Foreign:
                    isForeign = false;
                    break;
            }
        }

        // One without any coding counts as if it had one without content.
        return isForeign && (node.Child("coding").Exists || terminology.Known([]).Of(binding) is not null);
    }

    /// <summary>What is known of a primitive code, of a coding, or of the only coding of a concept: all that a finding about a binding quotes. Null of anything else.</summary>
    public static KnownCode? OnlyCode(TerminologyService terminology, Node node, CodingKeys keys)
    {
        if (!ReferenceEquals(node.Type, CodeableConcept))
        {
            return Known(terminology, node, keys);
        }

        return node.ChildrenOf("coding") is { Count: 1 } only ? keys.Of(terminology, only.First) : null;
    }

    private static KnownCode? Known(TerminologyService terminology, Node code, CodingKeys keys)
        => !code.IsPrimitive ? keys.Of(terminology, code)
            : CodingKey.OfPrimitive(code) is { IsEmpty: false } value ? terminology.Known(value)
            : null;

    /// <summary>After the node has been found to satisfy the binding without a word.</summary>
    public static void Learn(TerminologyService terminology, Node node, BindingModel binding, CompiledValueSet set, CodingKeys keys)
    {
        if (node.IsPrimitive)
        {
            Known(terminology, node, keys)?.Learn(binding, BindingRelation.Member);
            return;
        }

        if (!ReferenceEquals(node.Type, CodeableConcept))
        {
            LearnCoding(terminology, node, binding, set, keys);
            return;
        }

        foreach (var coding in node.ChildrenOf("coding"))
        {
            LearnCoding(terminology, coding, binding, set, keys);
        }

        if (!node.Child("coding").Exists)
        {
            terminology.Known([]).Learn(binding, BindingRelation.Foreign);
        }
    }

    private static void LearnCoding(TerminologyService terminology, Node coding, BindingModel binding, CompiledValueSet set, CodingKeys keys)
    {
        if (keys.Of(terminology, coding) is not { } known || known.Of(binding) is not null)
        {
            return;
        }

        switch (BindingCheck.ContainsCoding(set, coding))
        {
            case Membership.In:
                known.Learn(binding, BindingRelation.Member);
                break;
            case Membership.NotIn when binding.Strength == BindingStrength.Extensible && (coding.Child("system").Text is not { } system || !set.MentionsSystem(system)):
                known.Learn(binding, BindingRelation.Foreign);
                break;
        }
    }
}
