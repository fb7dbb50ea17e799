using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.Validation.Conformance;
using AtcFhir.Validation.Terminology;

namespace AtcFhir.Validation.Instance;

/// <summary>Codings of which it has been found before that they satisfy a binding, and that nothing is to be said of them.</summary>
internal static class KnownBindings
{
    /// <summary>One such coding satisfies the binding.</summary>
    private const byte Member = 1;

    /// <summary>No member, but of a system that the extensible value set does not draw from; says nothing as long as the others say nothing.</summary>
    private const byte Foreign = 2;

    private static readonly TypeSchema CodeableConcept = R4Definitions.Find("CodeableConcept")!;

    /// <summary>Nothing is to be said of this node; false when it has to be looked at.</summary>
    public static bool Covers(TerminologyService terminology, Node node, BindingModel binding, CodingKeys keys)
    {
        if (node.IsPrimitive)
        {
            var value = CodingKey.OfPrimitive(node);
            return !value.IsEmpty && terminology.Bindings.TryGet(binding, value, out _);
        }

        if (!ReferenceEquals(node.Type, CodeableConcept))
        {
            return Answer(terminology, node, binding, keys) != 0;
        }

        var isForeign = true;
        foreach (var coding in node.ChildrenOf("coding"))
        {
            switch (Answer(terminology, coding, binding, keys))
            {
                case Member:
                    return true;
                case 0:
                    isForeign = false;
                    break;
            }
        }

        // One without any coding counts as if it had one without content.
        return isForeign && (node.Child("coding").Exists || terminology.Bindings.TryGet(binding, [], out _));
    }

    /// <summary>The text of a primitive code, or of the only coding of a concept: all that a finding about a binding quotes. Empty of anything else.</summary>
    public static ReadOnlySpan<byte> OnlyCode(Node node, CodingKeys keys)
    {
        if (node.IsPrimitive)
        {
            return CodingKey.OfPrimitive(node);
        }

        return ReferenceEquals(node.Type, CodeableConcept) && node.ChildrenOf("coding") is { Count: 1 } only ? keys.Of(only.First) : default;
    }

    private static byte Answer(TerminologyService terminology, Node coding, BindingModel binding, CodingKeys keys)
    {
        var key = keys.Of(coding);
        return !key.IsEmpty && terminology.Bindings.TryGet(binding, key, out var known) ? known : (byte)0;
    }

    /// <summary>After the node has been found to satisfy the binding without a word.</summary>
    public static void Learn(TerminologyService terminology, Node node, BindingModel binding, CompiledValueSet set, CodingKeys keys)
    {
        if (node.IsPrimitive)
        {
            if (CodingKey.OfPrimitive(node) is { IsEmpty: false } value)
            {
                terminology.Bindings.Add(binding, value, Member);
            }

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
            terminology.Bindings.Add(binding, [], Foreign);
        }
    }

    private static void LearnCoding(TerminologyService terminology, Node coding, BindingModel binding, CompiledValueSet set, CodingKeys keys)
    {
        if (keys.Of(coding) is not { IsEmpty: false } key || terminology.Bindings.TryGet(binding, key, out _))
        {
            return;
        }

        switch (BindingCheck.ContainsCoding(set, coding))
        {
            case Membership.In:
                terminology.Bindings.Add(binding, key, Member);
                break;
            case Membership.NotIn when binding.Strength == BindingStrength.Extensible && (coding.Child("system").Text is not { } system || !set.MentionsSystem(system)):
                terminology.Bindings.Add(binding, key, Foreign);
                break;
        }
    }
}
