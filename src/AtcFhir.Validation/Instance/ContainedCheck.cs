using System.Text.Json;
using AtcFhir.R4.Documents;

namespace AtcFhir.Validation.Instance;

/// <summary>Contained resources: each has an id of its own, or refers to its container, and is spoken of (dom-3). <see href="https://hl7.org/fhir/R4/references.html#contained"/></summary>
internal static class ContainedCheck
{
    public static void Check(Run run, Node container)
    {
        var (mentioned, ids) = (run.RentTexts(), run.RentTexts());
        Span<char> buffer = stackalloc char[NodeText.Usual];
        for (var mention = NextMention(container, container); mention.Exists; mention = NextMention(container, mention))
        {
            mentioned.Add(mention.Chars(buffer)[1..], mention);
        }

        foreach (var contained in container.ChildrenOf("contained"))
        {
            if (contained.Child("id") is not { HasValue: true } named)
            {
                // R4's own example of one that refers to its container: "no id necessary (though still allowed)".
                if (!RefersToContainer(contained))
                {
                    run.Findings.Add(Rules.ContainedId, contained, "A contained resource has an id, by which others refer to it, unless it refers to the resource around it.");
                }

                continue;
            }

            var id = named.Chars(buffer);
            ids.Add(id, contained);
            if (ids[id].Count > 1)
            {
                run.Findings.Add(Rules.ContainedId, contained, $"Two contained resources have the id '{id}'.");
            }

            if (!mentioned.Contains(id) && !RefersToContainer(contained))
            {
                run.Findings.Add(
                    Rules.Invariant,
                    contained,
                    $"dom-3: The contained resource '{id}' is not referred to from anywhere in the resource, nor does it refer to the resource.",
                    "R4 dom-3");
            }
        }

        run.Return(mentioned);
        run.Return(ids);
    }

    /// <summary>
    /// The next value behind that node that starts with # and may point to a contained resource; no node behind the last. What is below a resource follows
    /// it on the tape.
    /// </summary>
    private static Node NextMention(Node resource, Node after)
    {
        var document = resource.Document;
        var rows = document.Rows;
        var text = document.Utf8.Span;
        for (var i = after.Index + 1; i < document.NodeCount && rows[i].Parent >= resource.Index; i++)
        {
            ref readonly var row = ref rows[i];
            if (row.Kind == JsonTokenType.String && text[row.Start + 1] == (byte)'#'
                && document.NodeAt(i) is var child && (child.Type.Name is "canonical" or "uri" or "url" || child.Parent.Type.Name == "Reference"))
            {
                return child;
            }
        }

        return default;
    }

    private static bool RefersToContainer(Node contained)
    {
        for (var mention = NextMention(contained, contained); mention.Exists; mention = NextMention(contained, mention))
        {
            if (mention.TextEquals("#"u8))
            {
                return true;
            }
        }

        return false;
    }
}
