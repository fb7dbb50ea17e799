using AtcFhir.R4.Documents;

namespace AtcFhir.Validation.Instance;

/// <summary>
/// "The id attribute SHALL have a unique value within the resource"; what a resource contains counts with it. The ids of contained resources themselves are
/// told by <see cref="ContainedCheck"/>, those of ElementDefinitions by invariants, for a snapshot and a differential share them.
/// <see href="https://hl7.org/fhir/R4/narrative.html#id"/>
/// </summary>
internal sealed class ElementIdCheck(Run run)
{
    private readonly NodesByText ids = new();
    private Node scope;

    /// <summary>Nodes come in the order of the tape, on which what belongs to a resource stands together.</summary>
    public void Check(Node id)
    {
        if (!id.HasValue || id.Parent.Type.Name == "ElementDefinition" || id.Parent.IsResource)
        {
            return;
        }

        var around = ReferenceIndex.Container(id);
        if (around != scope)
        {
            ids.Clear();
            scope = around;
        }

        Span<char> buffer = stackalloc char[NodeText.Usual];
        var text = id.Chars(buffer);
        ids.Add(text, id);
        if (ids[text].Count > 1)
        {
            run.Findings.Add(Rules.ElementId, id.Parent, "Another element of the resource has the same id.", position: id);
        }
    }

    /// <summary>Nothing of the document stays referenced.</summary>
    public void End()
    {
        ids.Clear();
        scope = default;
    }
}
