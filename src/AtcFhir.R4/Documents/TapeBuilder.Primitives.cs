using System.Buffers;
using System.Text;
using System.Text.Json;
using AtcFhir.R4.Definitions;

namespace AtcFhir.R4.Documents;

// Primitive values and their _name siblings.
internal ref partial struct TapeBuilder
{
    private void ReadPrimitive(int node, PropertyEntry entry)
    {
        ref var row = ref rows[node];
        var token = reader.TokenType;
        row.Kind = token;
        if (!IsExpected(entry.Primitive, token))
        {
            findings.Add(
                StructureRule.WrongJsonType,
                node,
                row.Start,
                reader.TokenType == JsonTokenType.Null
                    ? $"{Name(entry)} is null; leave it out, or give it in an array beside _{Encoding.UTF8.GetString(entry.Name)}."
                    : $"{Name(entry)} is a JSON {ExpectedJson(entry.Primitive)} ({entry.Type.Name}), not {Describe(reader.TokenType)}.");
            row.Kind = JsonTokenType.None;
            reader.Skip();
            (row.Start, row.End) = (0, 0);
            return;
        }

        row.End = reader.BytesConsumed;
        if (token == JsonTokenType.String && reader.ValueIsEscaped)
        {
            row.IsEscaped = true;
            CheckEscaped(node, entry);
        }
        else if (!IsCheckedByReader(entry.Primitive, reader.ValueSpan.Length))
        {
            CheckText(node, entry, reader.ValueSpan);
        }
        else if (entry.Primitive is PrimitiveKind.String or PrimitiveKind.Markdown)
        {
            row.IsPlainText = !reader.MayHaveMarks && reader.ValueSpan[0] != (byte)' ' && reader.ValueSpan[^1] != (byte)' ';
        }
    }

    /// <summary>JSON's numbers and literals are FHIR's, and an unescaped text holds no control characters.</summary>
    private static bool IsCheckedByReader(PrimitiveKind kind, int length) => kind switch
    {
        PrimitiveKind.Boolean or PrimitiveKind.Decimal => true,
        PrimitiveKind.String or PrimitiveKind.Markdown or PrimitiveKind.Xhtml => length is > 0 and <= PrimitiveFormat.MaxStringBytes,
        _ => false,
    };

    private static bool IsExpected(PrimitiveKind kind, JsonTokenType token) => kind switch
    {
        PrimitiveKind.Boolean => token is JsonTokenType.True or JsonTokenType.False,
        PrimitiveKind.Integer or PrimitiveKind.UnsignedInt or PrimitiveKind.PositiveInt or PrimitiveKind.Decimal => token == JsonTokenType.Number,
        _ => token == JsonTokenType.String,
    };

    private void CheckEscaped(int node, PropertyEntry entry)
    {
        if (entry.Primitive is PrimitiveKind.Xhtml or PrimitiveKind.String or PrimitiveKind.Markdown && !reader.HasUnusualEscape)
        {
            // Narratives are long and full of \"; what these escapes stand for is always allowed.
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            CheckText(node, entry, buffer.AsSpan(0, reader.CopyString(buffer)));
        }
        catch (InvalidOperationException)
        {
            // The reader's way to say that an escape is half of a surrogate pair.
            findings.Add(StructureRule.BadValue, node, rows[node].Start, $"{Name(entry)} contains half of a surrogate pair (\\ud800 to \\udfff).");
            rows[node].Kind = JsonTokenType.None;
            (rows[node].Start, rows[node].End) = (0, 0);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private readonly void CheckText(int node, PropertyEntry entry, ReadOnlySpan<byte> text)
    {
        if (PrimitiveFormat.Fault(entry.Primitive, text) is { } fault)
        {
            findings.Add(StructureRule.BadValue, node, rows[node].Start, $"{Name(entry)} {fault}.");
        }
        else if (entry.Codes is { } codes && !codes.Contains(text))
        {
            var allowed = entry.Element.Binding!.Codes!;
            var list = allowed.Count <= 12 ? "one of " + string.Join(", ", allowed) : $"a code of {entry.Element.Binding.ValueSet}";
            findings.Add(StructureRule.BadCode, node, rows[node].Start, $"{Name(entry)} is not {list}; found '{Encoding.UTF8.GetString(text[..Math.Min(text.Length, 64)])}'.");
        }
    }

    private void ReadUnderscore(int parent, PropertyEntry entry, ref int last, bool valueBefore)
    {
        reader.ReadValue();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            if (entry.IsList)
            {
                findings.Add(StructureRule.ShouldBeArray, parent, reader.TokenStartIndex, $"_{Name(entry)} belongs to an element that may repeat, so it is a JSON array.", entry.Element.Name);
            }

            ReadUnderscoreValue(Occurrence(parent, entry, 0, ref last, valueBefore, -1), entry);
            return;
        }

        if (!entry.IsList)
        {
            findings.Add(StructureRule.ShouldNotBeArray, parent, reader.TokenStartIndex, $"_{Name(entry)} belongs to an element that may not repeat, so it is not a JSON array.", entry.Element.Name);
        }

        var repetition = 0;
        var node = -1;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            node = Occurrence(parent, entry, repetition++, ref last, valueBefore, node);
            if (reader.TokenType != JsonTokenType.Null)
            {
                ReadUnderscoreValue(node, entry);
            }
        }
    }

    private void ReadUnderscoreValue(int node, PropertyEntry entry)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            findings.Add(StructureRule.WrongJsonType, node, reader.TokenStartIndex, $"_{Name(entry)} is a JSON object with id or extension, not {Describe(reader.TokenType)}.");
            reader.Skip();
            return;
        }

        // The object gives children to the primitive; its own text span stays that of the value.
        var (start, end, kind) = (rows[node].Start, rows[node].End, rows[node].Kind);
        var outerNulls = nullsToCheck;
        nullsToCheck = 0;
        ReadObject(node, entry.Table, isResource: false);
        nullsToCheck = outerNulls;
        if (rows[node].FirstChild < 0)
        {
            findings.Add(StructureRule.Empty, node, rows[node].Start, $"_{Name(entry)} is an empty object; leave it out instead.");
        }

        (rows[node].Start, rows[node].End, rows[node].Kind) = (start, end, kind);
    }
}
