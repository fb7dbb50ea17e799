using System.Text;
using System.Text.Json;
using AtcFhir.R4.Definitions;

namespace AtcFhir.R4.Documents;

// What is skipped or missing, and how it is said.
internal ref partial struct TapeBuilder
{
    private void SkipRepeated(int node, PropertyEntry entry, int start)
    {
        var other = rows[node].FirstChild;
        while (other >= 0 && rows[other].Element != entry.Element.Ordinal)
        {
            other = rows[other].Next;
        }

        var isSecondType = other >= 0 && rows[other].Type != entry.Type.Ordinal && entry.Element.IsChoice;
        findings.Add(
            isSecondType ? StructureRule.TwoTypesOfChoice : StructureRule.DuplicateElement,
            node,
            start,
            isSecondType ? $"{entry.Element.Name}[x] has one type at a time; {Name(entry)} is a second one." : $"{Name(entry)} stands twice in the same object.");
        reader.ReadValue();
        reader.Skip();
    }

    private void SkipUnknown(int node, PropertyTable table, scoped ReadOnlySpan<byte> name, int start)
    {
        var text = Encoding.UTF8.GetString(name[..Math.Min(64, name.Length)]);
        var advice = table.Nearest(text) is { } nearest ? $" Did you mean '{nearest}'?" : "";
        findings.Add(StructureRule.UnknownElement, node, start, $"{table.Type.Name} has no element '{text}'.{advice}");
        reader.ReadValue();
        reader.Skip();
    }

    private readonly void NoteMissing(int node, PropertyTable table, ulong missing)
    {
        foreach (var element in table.Type.Elements)
        {
            if ((missing & PropertyTable.Bit(element)) != 0)
            {
                var name = element.IsChoice ? element.Name + "[x]" : element.Name;
                findings.Add(StructureRule.Missing, node, rows[node].Start, $"{Label(node)} needs {name}: R4 demands at least {element.Min}.");
            }
        }
    }

    /// <summary>After an object with _names or nulls: each occurrence has a value or, from its _name, an id or extension.</summary>
    private readonly void NoteEmptyPrimitives(int node, ulong elements)
    {
        for (var child = rows[node].FirstChild; child >= 0; child = rows[child].Next)
        {
            ref readonly var row = ref rows[child];
            if (row.End == 0 && (elements & (1UL << row.Element)) != 0 && !HasContent(child))
            {
                findings.Add(StructureRule.Empty, child, rows[node].Start, $"{Label(child)} has neither a value nor an extension.");
            }
        }
    }

    /// <summary>True when a child other than the id stands there.</summary>
    private readonly bool HasContent(int node)
    {
        var elements = R4Definitions.Types[rows[node].Type].Elements;
        for (var child = rows[node].FirstChild; child >= 0; child = rows[child].Next)
        {
            if (elements[rows[child].Element].Name != "id")
            {
                return true;
            }
        }

        return false;
    }

    private readonly string Label(int node)
    {
        ref readonly var row = ref rows[node];
        var type = R4Definitions.Types[row.Type];
        return row.Element == TapeRow.NoElement || type.IsResource ? type.Name : R4Definitions.Types[rows[row.Parent].Type].Elements[row.Element].Name;
    }

    private static string Name(PropertyEntry entry) => Encoding.UTF8.GetString(entry.Name);

    private static string ExpectedJson(PrimitiveKind kind) => kind switch
    {
        PrimitiveKind.Boolean => "true or false",
        PrimitiveKind.Integer or PrimitiveKind.UnsignedInt or PrimitiveKind.PositiveInt or PrimitiveKind.Decimal => "number",
        _ => "string",
    };

    private static string Describe(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "true or false",
        _ => "null",
    };
}
