using System.Text;

namespace AtcFhir.R4.Definitions;

/// <summary>Reads the compact form that the generator writes: base-128 numbers, texts by index into the table in front, counted lists.</summary>
internal ref struct CompactReader
{
    private readonly ReadOnlySpan<byte> bytes;
    private readonly string[] table;
    private int at;

    public CompactReader(ReadOnlySpan<byte> bytes)
    {
        this.bytes = bytes;
        table = [];
        var texts = new string[Number()];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = Encoding.UTF8.GetString(Bytes());
        }

        table = texts;
    }

    public static int Number(ReadOnlySpan<byte> bytes, ref int at)
    {
        var (value, shift) = (0, 0);
        while (bytes[at] >= 0x80)
        {
            value |= (bytes[at++] & 0x7F) << shift;
            shift += 7;
        }

        return value | (bytes[at++] << shift);
    }

    public int Number() => Number(bytes, ref at);

    public bool Flag() => Number() != 0;

    public string? OptionalText() => Number() is > 0 and var index ? table[index - 1] : null;

    public string Text() => table[Number() - 1];

    public string[] Texts()
    {
        var count = Number();
        var texts = count == 0 ? [] : new string[count];
        for (var i = 0; i < count; i++)
        {
            texts[i] = Text();
        }

        return texts;
    }

    private ReadOnlySpan<byte> Bytes()
    {
        var length = Number();
        at += length;
        return bytes.Slice(at - length, length);
    }
}
