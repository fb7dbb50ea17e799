using AtcFhir.R4.Documents;

namespace AtcFhir.Validation.Profiles;

/// <summary>
/// Slices of which each is told by the text of one and the same child: extensions by their url, identifiers by their system. That is the usual slicing;
/// the child is looked up once for all slices.
/// </summary>
internal sealed class SliceTexts
{
    private static readonly SliceTexts None = new("", [], false);

    private readonly string child;
    private readonly byte[][] texts;

    /// <summary>Fixed: the child has the text and nothing else.</summary>
    private readonly bool isExact;

    private SliceTexts(string child, byte[][] texts, bool isExact) => (this.child, this.texts, this.isExact) = (child, texts, isExact);

    public bool IsNone => texts.Length == 0;

    public static SliceTexts Of(SliceRule[] slices)
    {
        if (slices is not [{ Criteria: [{ Path.Steps: [{ Kind: StepKind.Child, Argument: var name }] }] }, ..])
        {
            return None;
        }

        var texts = new List<byte[]>();
        var isExact = false;
        foreach (var slice in slices)
        {
            // The definition and the profile of a slice may both demand the text.
            if (slice.Criteria is not [{ Kind: CriterionKind.Value or CriterionKind.Pattern, Path.Steps: [{ Kind: StepKind.Child } step], Constants: [{ Utf8: { } text }, ..] } criterion]
                || step.Argument != name || !Array.TrueForAll(criterion.Constants, constant => Same(constant.Utf8, text)) || texts.Exists(other => Same(other, text)))
            {
                return None;
            }

            texts.Add(text);
            isExact |= criterion.Kind == CriterionKind.Value;
        }

        return new SliceTexts(name, [.. texts], isExact);
    }

    private static bool Same(byte[]? text, byte[] other) => text.AsSpan().SequenceEqual(other);

    /// <summary>The index of the slice that the node belongs to, -1 for none; null when that cannot be told in this way.</summary>
    public int? Find(Node node)
    {
        var children = node.ChildrenOf(child).GetEnumerator();
        if (!children.MoveNext())
        {
            return -1;
        }

        var value = children.Current;
        if (!value.HasValue || value.IsEscaped || (isExact && !value.Children.IsEmpty) || children.MoveNext())
        {
            return null;
        }

        var raw = value.RawValue;
        for (var i = 0; i < texts.Length; i++)
        {
            if (raw.SequenceEqual(texts[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
