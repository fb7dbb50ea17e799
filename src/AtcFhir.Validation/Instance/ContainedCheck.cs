using System.Text.Json;
using AtcFhir.R4.Documents;

namespace AtcFhir.Validation.Instance;

/// <summary>Contained resources: each has an id of its own and is spoken of (dom-3). <see href="https://hl7.org/fhir/R4/references.html#contained"/></summary>
internal static class ContainedCheck
{
    public static void Check(Run run, Node container)
    {
        var mentioned = new HashSet<string>(StringComparer.Ordinal);
        Collect(container, mentioned);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var contained in container.ChildrenOf("contained"))
        {
            if (contained.Child("id").Text is not { } id)
            {
                run.Findings.Add(Rules.ContainedId, contained, "A contained resource has an id; without one nothing can refer to it.");
                continue;
            }

            if (!ids.Add(id))
            {
                run.Findings.Add(Rules.ContainedId, contained, $"Two contained resources have the id '{id}'.");
            }

            if (!mentioned.Contains("#" + id) && !RefersToContainer(contained))
            {
                run.Findings.Add(
                    Rules.Invariant,
                    contained,
                    $"dom-3: The contained resource '{id}' is not referred to from anywhere in the resource, nor does it refer to the resource.",
                    "R4 dom-3");
            }
        }
    }

    /// <summary>Everything that starts with # and may point to a contained resource. What is below a resource follows it on the tape.</summary>
    private static void Collect(Node resource, HashSet<string> mentioned)
    {
        var document = resource.Document;
        var rows = document.Rows;
        var text = document.Utf8.Span;
        for (var i = resource.Index + 1; i < document.NodeCount && rows[i].Parent >= resource.Index; i++)
        {
            ref readonly var row = ref rows[i];
            if (row.Kind == JsonTokenType.String && text[row.Start + 1] == (byte)'#'
                && document.NodeAt(i) is var child && (child.Type.Name is "canonical" or "uri" or "url" || child.Parent.Type.Name == "Reference"))
            {
                mentioned.Add(child.Text!);
            }
        }
    }

    private static bool RefersToContainer(Node contained)
    {
        var mentioned = new HashSet<string>(StringComparer.Ordinal);
        Collect(contained, mentioned);
        return mentioned.Contains("#");
    }
}
