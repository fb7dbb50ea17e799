using System.Buffers;
using System.Text;

namespace AtcFhir.R4.Generator;

/// <summary>
/// The compact form that <see cref="Definitions.CompactReader"/> reads: numbers as base-128 with the low bits first, texts as an index into
/// a table that stands in front (0 is null), lists as their count and then their items.
/// </summary>
internal sealed class CompactWriter
{
    private readonly ArrayBufferWriter<byte> body = new();
    private readonly List<string> table = [];
    private readonly Dictionary<string, int> index = new(StringComparer.Ordinal);

    public void Number(int value)
    {
        var rest = (uint)value;
        for (; rest >= 0x80; rest >>= 7)
        {
            body.Write([(byte)(rest | 0x80)]);
        }

        body.Write([(byte)rest]);
    }

    public void Text(string? text)
    {
        if (text is null)
        {
            Number(0);
            return;
        }

        if (!index.TryGetValue(text, out var at))
        {
            table.Add(text);
            index.Add(text, at = table.Count);
        }

        Number(at);
    }

    public void List<T>(IEnumerable<T> items, Action<T> write)
    {
        var list = items.ToList();
        Number(list.Count);
        list.ForEach(write);
    }

    public void Texts(IEnumerable<string> texts) => List(texts, Text);

    public byte[] ToArray()
    {
        var front = new CompactWriter();
        front.Number(table.Count);
        foreach (var utf8 in table.Select(Encoding.UTF8.GetBytes))
        {
            front.Number(utf8.Length);
            front.body.Write(utf8);
        }

        front.body.Write(body.WrittenSpan);
        return front.body.WrittenSpan.ToArray();
    }

    /// <summary>Several parts in one file, each behind its length, so that a part can be skipped.</summary>
    public static byte[] Join(params byte[][] parts)
    {
        var file = new CompactWriter();
        foreach (var part in parts)
        {
            file.Number(part.Length);
            file.body.Write(part);
        }

        return file.body.WrittenSpan.ToArray();
    }
}
