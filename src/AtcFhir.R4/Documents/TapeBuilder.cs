using System.Buffers;
using System.Text;
using System.Text.Json;
using AtcFhir.R4.Definitions;

namespace AtcFhir.R4.Documents;

/// <summary>
/// Reads JSON once, front to back, and writes the tape; names are resolved against the schema on the way, and structure, cardinality, primitive
/// formats and required codes are checked at the same time. Faults are noted and reading goes on, so that a user sees all of them at once.
/// </summary>
internal ref partial struct TapeBuilder
{
    private readonly StructureFindings findings;
    private JsonCursor reader;
    private TapeRow[] rows;
    private int count;

    // Elements of the object that is being read whose arrays held a null; checked when it ends.
    private ulong nullsToCheck;

    public TapeBuilder(ReadOnlySpan<byte> utf8, int maxDepth, StructureFindings findings)
    {
        this.findings = findings;
        reader = new JsonCursor(utf8, maxDepth);

        // A resource of 6 KB has about 150 elements.
        rows = ArrayPool<TapeRow>.Shared.Rent(Math.Clamp(utf8.Length / 24, 32, 1 << 20));
    }

    public readonly TapeRow[] Rows => rows;

    public readonly int Count => count;

    /// <summary>Offset just behind the root's resourceType.</summary>
    public int ResourceTypeEnd { get; private set; }

    /// <summary>Reads the whole text. Null when it went well, otherwise why it is no resource at all. Throws JsonException for what is no JSON.</summary>
    public string? Build()
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return "A FHIR resource is a JSON object; this text starts with something else.";
        }

        if (ReadResourceType(out var named) is not { } type)
        {
            return named is null
                ? "The JSON object has no resourceType; a FHIR resource starts with {\"resourceType\": \"Patient\", …}."
                : $"'{named}' is not a resource type of FHIR R4.";
        }

        var root = AddRow(-1, TapeRow.NoElement, (ushort)type.Ordinal, 0);
        ReadObject(root, PropertyTable.Of(type), isResource: true);
        while (reader.Read())
        {
            // The reader itself refuses anything but white space here.
        }

        return null;
    }

    private void ReadObject(int node, PropertyTable table, bool isResource)
    {
        rows[node].Start = reader.TokenStartIndex;
        rows[node].Kind = JsonTokenType.StartObject;
        var seen = 0UL;
        var seenUnderscore = 0UL;
        var last = -1;
        var (before, expected) = (default(PropertyEntry), table.First);
        var sawType = false;
        while (reader.ReadName(expected?.Quoted, out var isExpected))
        {
            var start = reader.TokenStartIndex;
            scoped ReadOnlySpan<byte> name = reader.ValueSpan;
            if (reader.ValueIsEscaped)
            {
                var buffer = new byte[name.Length];
                name = buffer.AsSpan(0, reader.CopyString(buffer));
            }

            if ((isExpected ? expected : table.Find(name)) is { } entry)
            {
                if (!isExpected)
                {
                    Learn(table, before, entry);
                }

                (before, expected) = (entry, entry.Follower);
                if ((seen & entry.Bit) != 0)
                {
                    SkipRepeated(node, entry, start);
                    continue;
                }

                seen |= entry.Bit;
                ReadProperty(node, entry, ref last, (seenUnderscore & entry.Bit) != 0);
            }
            else if (name.Length > 1 && name[0] == (byte)'_' && table.Find(name[1..]) is { IsPrimitive: true } primitive)
            {
                if ((seenUnderscore & primitive.Bit) != 0)
                {
                    SkipRepeated(node, primitive, start);
                    continue;
                }

                seenUnderscore |= primitive.Bit;
                ReadUnderscore(node, primitive, ref last, (seen & primitive.Bit) != 0);
            }
            else if (isResource && name.SequenceEqual("resourceType"u8))
            {
                reader.ReadValue();
                if (sawType)
                {
                    findings.Add(StructureRule.DuplicateElement, node, start, "resourceType stands twice.");
                }

                sawType = true;
                if (node == 0)
                {
                    ResourceTypeEnd = reader.BytesConsumed;
                }
            }
            else
            {
                SkipUnknown(node, table, name, start);
            }
        }

        rows[node].End = reader.BytesConsumed;
        var missing = table.Required & ~(seen | seenUnderscore);
        if (missing != 0)
        {
            NoteMissing(node, table, missing);
        }

        if ((seenUnderscore | nullsToCheck) is var primitives && primitives != 0)
        {
            NoteEmptyPrimitives(node, primitives);
        }

        if (((seen | seenUnderscore) & table.Content) == 0 && !isResource && !table.Type.IsPrimitive)
        {
            findings.Add(StructureRule.Empty, node, rows[node].Start, $"{Label(node)} has no content; an element has a value or children, or is left out (ele-1).");
        }
    }

    /// <summary>Which property comes behind which; threads that disagree only guess wrong.</summary>
    private static void Learn(PropertyTable table, PropertyEntry? before, PropertyEntry entry)
    {
        if (before is null)
        {
            table.First = entry;
        }
        else
        {
            before.Follower = entry;
        }
    }

    private void ReadProperty(int parent, PropertyEntry entry, ref int last, bool underscoreBefore)
    {
        reader.ReadValue();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            if (entry.IsList)
            {
                findings.Add(StructureRule.ShouldBeArray, parent, reader.TokenStartIndex, $"{Name(entry)} may repeat, so it is a JSON array: write [ … ].", entry.Element.Name);
            }

            ReadValue(Occurrence(parent, entry, 0, ref last, underscoreBefore, -1), entry);
            return;
        }

        var arrayStart = reader.TokenStartIndex;
        if (!entry.IsList)
        {
            findings.Add(StructureRule.ShouldNotBeArray, parent, arrayStart, $"{Name(entry)} may not repeat, so it is not a JSON array: leave the [ ] out.", entry.Element.Name);
        }

        var repetition = 0;
        var node = -1;
        var sawNull = false;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            node = Occurrence(parent, entry, repetition++, ref last, underscoreBefore, node);
            if (reader.TokenType == JsonTokenType.Null && entry.IsPrimitive)
            {
                // Stands for a value whose id or extensions are in the _name array; checked when the object ends.
                sawNull = true;
                continue;
            }

            ReadValue(node, entry);
        }

        if (repetition == 0)
        {
            findings.Add(StructureRule.Empty, parent, arrayStart, $"{Name(entry)} is an empty array; leave it out instead.", entry.Element.Name);
        }
        else if (repetition > entry.Element.Max && entry.IsList)
        {
            findings.Add(StructureRule.TooMany, parent, arrayStart, $"{Name(entry)} occurs {repetition} times; R4 allows {entry.Element.Max}.");
        }

        if (sawNull)
        {
            nullsToCheck |= entry.Bit;
        }
    }

    private void ReadValue(int node, PropertyEntry entry)
    {
        ref var row = ref rows[node];
        row.Start = reader.TokenStartIndex;
        if (entry.IsPrimitive)
        {
            ReadPrimitive(node, entry);
            return;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            findings.Add(StructureRule.WrongJsonType, node, row.Start, $"{Name(entry)} is a JSON object ({entry.Type.Name}), not {Describe(reader.TokenType)}.");
            reader.Skip();
            row.End = reader.BytesConsumed;
            return;
        }

        var outerNulls = nullsToCheck;
        nullsToCheck = 0;
        if (!entry.TakesAnyResource)
        {
            ReadObject(node, entry.Table, isResource: false);
        }
        else if (ReadResourceType(out var named) is { } type)
        {
            row.Type = (ushort)type.Ordinal;
            ReadObject(node, PropertyTable.Of(type), isResource: true);
        }
        else
        {
            findings.Add(StructureRule.NotAResource, node, row.Start, named is null ? "This resource has no resourceType." : $"'{named}' is not a resource type of FHIR R4.");
            reader.Skip();
            rows[node].Kind = JsonTokenType.StartObject;
            rows[node].End = reader.BytesConsumed;
        }

        nullsToCheck = outerNulls;
    }

    /// <summary>The row of the n-th occurrence of an element: the one that its _name (or its value) already made, or a new one.</summary>
    /// <param name="previous">The occurrence before, behind which this one is looked for; -1 for the first.</param>
    private int Occurrence(int parent, PropertyEntry entry, int repetition, ref int last, bool maybeThere, int previous)
    {
        if (maybeThere)
        {
            for (var child = previous >= 0 ? previous : rows[parent].FirstChild; child >= 0; child = rows[child].Next)
            {
                if (rows[child].Element == entry.ElementOrdinal && rows[child].Repetition == repetition)
                {
                    return child;
                }
            }
        }

        // The occurrences of an element stand together, also where _given is longer than given and apart from it.
        var node = AddRow(parent, entry.ElementOrdinal, entry.TypeOrdinal, repetition);
        var before = previous >= 0 ? previous : last;
        if (before < 0)
        {
            rows[parent].FirstChild = node;
        }
        else
        {
            (rows[node].Next, rows[before].Next) = (rows[before].Next, node);
        }

        last = before == last ? node : last;
        return node;
    }

    private int AddRow(int parent, ushort element, ushort type, int repetition)
    {
        if (count == rows.Length)
        {
            var larger = ArrayPool<TapeRow>.Shared.Rent(rows.Length * 2);
            rows.AsSpan(0, count).CopyTo(larger);
            ArrayPool<TapeRow>.Shared.Return(rows);
            rows = larger;
        }

        ref var row = ref rows[count];
        row.Parent = parent;
        row.FirstChild = -1;
        row.Next = -1;
        row.Start = 0;
        row.End = 0;
        row.Repetition = repetition;
        row.Type = type;
        row.Element = element;
        row.Kind = JsonTokenType.None;
        row.IsEscaped = false;
        row.IsPlainText = false;
        return count++;
    }

    /// <summary>Looks ahead for resourceType, which may stand anywhere in the object.</summary>
    private readonly TypeSchema? ReadResourceType(out string? named)
    {
        named = null;
        var ahead = reader;
        while (ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName)
        {
            var isType = ahead.ValueTextEquals("resourceType"u8);
            ahead.Read();
            if (!isType)
            {
                ahead.Skip();
                continue;
            }

            if (ahead.TokenType == JsonTokenType.String && !ahead.ValueIsEscaped && R4Definitions.FindResource(ahead.ValueSpan) is { } type)
            {
                return type;
            }

            var text = ahead.TokenType == JsonTokenType.String ? ahead.ValueSpan : "?"u8;
            named = Encoding.UTF8.GetString(text[..Math.Min(64, text.Length)]);
            return null;
        }

        return null;
    }
}
