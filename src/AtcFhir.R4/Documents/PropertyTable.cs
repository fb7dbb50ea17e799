using System.Runtime.InteropServices;
using System.Text;
using AtcFhir.R4.Definitions;

namespace AtcFhir.R4.Documents;

/// <summary>One JSON property of a type: "valueQuantity" of Observation.</summary>
internal sealed class PropertyEntry
{
    public required byte[] Name { get; init; }

    public required ElementSchema Element { get; init; }

    public required TypeSchema Type { get; init; }

    /// <summary>How the value's text is checked; an id of a resource is checked as an id although its definition says string.</summary>
    public required PrimitiveKind Primitive { get; init; }

    /// <summary>The codes of a required binding on a code, or null.</summary>
    public required CodeSet? Codes { get; init; }

    /// <summary>The element's bit in the seen-masks of the parser.</summary>
    public required ulong Bit { get; init; }

    public required ushort ElementOrdinal { get; init; }

    public required ushort TypeOrdinal { get; init; }

    public required bool IsList { get; init; }

    public required bool IsPrimitive { get; init; }

    /// <summary>True where any resource may stand: contained, Bundle.entry.resource.</summary>
    public required bool TakesAnyResource { get; init; }

    /// <summary>The name with its quotes.</summary>
    public required byte[] Quoted { get; init; }

    /// <summary>The property that came behind this one when it was last read: documents of one source are alike.</summary>
    public PropertyEntry? Follower { get; set; }

    /// <summary>The properties of the value, when it is an object of a type that is known beforehand.</summary>
    public PropertyTable Table => field ??= PropertyTable.Of(Type);
}

/// <summary>The JSON properties of one type, found by their UTF-8 name. Built once a type, on first use.</summary>
internal sealed class PropertyTable
{
    private static readonly PropertyTable?[] Tables = new PropertyTable?[R4Definitions.Types.Count];

    private readonly PropertyEntry[] entries;
    private readonly PropertyEntry?[] slots;
    private readonly ElementSchema?[] byName;

    private PropertyTable(TypeSchema type)
    {
        Type = type;
        if (type.Elements.Count > 64)
        {
            throw new InvalidOperationException($"{type.Name} has more than 64 elements; the seen-mask of the parser is too small.");
        }

        List<PropertyEntry> list = [];
        byName = new ElementSchema?[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, type.Elements.Count * 2))];
        foreach (var element in type.Elements)
        {
            AddName(element);
            if (element.Min > 0)
            {
                Required |= Bit(element);
            }

            if (element.Name != "id")
            {
                Content |= Bit(element);
            }

            for (var i = 0; i < element.Types.Count; i++)
            {
                list.Add(Entry(element, i));
            }
        }

        entries = [.. list];
        slots = new PropertyEntry?[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, entries.Length * 2))];
        foreach (var entry in entries)
        {
            var slot = Slot(entry.Name);
            while (slots[slot] is not null)
            {
                slot = (slot + 1) & (slots.Length - 1);
            }

            slots[slot] = entry;
        }
    }

    public TypeSchema Type { get; }

    /// <summary>The property that came first when an object of the type was last read.</summary>
    public PropertyEntry? First { get; set; }

    /// <summary>One bit an element whose minimum is 1 or more.</summary>
    public ulong Required { get; }

    /// <summary>The bits of all elements but the id: what makes an element more than empty (ele-1).</summary>
    public ulong Content { get; }

    public static ulong Bit(ElementSchema element) => 1UL << element.Ordinal;

    public static PropertyTable Of(TypeSchema type) => Tables[type.Ordinal] ?? (Tables[type.Ordinal] = new PropertyTable(type));

    /// <summary>The element of that FHIR name, or null.</summary>
    public ElementSchema? FindElement(string name)
    {
        if (name.Length == 0)
        {
            return null;
        }

        for (var slot = NameSlot(name); byName[slot] is { } element; slot = (slot + 1) & (byName.Length - 1))
        {
            if (element.Name == name)
            {
                return element;
            }
        }

        return null;
    }

    private void AddName(ElementSchema element)
    {
        var slot = NameSlot(element.Name);
        while (byName[slot] is { } other)
        {
            if (other.Name == element.Name)
            {
                return;
            }

            slot = (slot + 1) & (byName.Length - 1);
        }

        byName[slot] = element;
    }

    // Asked for at every step of a path: three characters tell the names of one type well enough apart.
    private int NameSlot(string name) => (name[0] + (name[^1] * 7) + (name[name.Length / 2] * 31) + name.Length) & (byName.Length - 1);

    /// <summary>The property of that JSON name, or null.</summary>
    public PropertyEntry? Find(ReadOnlySpan<byte> name)
    {
        for (var slot = Slot(name); slots[slot] is { } entry; slot = (slot + 1) & (slots.Length - 1))
        {
            if (name.SequenceEqual(entry.Name))
            {
                return entry;
            }
        }

        return null;
    }

    /// <summary>The known name that is nearest to a mistyped one, or null when none is near.</summary>
    public string? Nearest(string name)
    {
        string? best = null;
        var distance = Math.Max(1, name.Length / 3) + 1;
        foreach (var entry in entries)
        {
            var candidate = Encoding.UTF8.GetString(entry.Name);
            var found = EditDistance(name, candidate, distance);
            if (found < distance)
            {
                (best, distance) = (candidate, found);
            }
        }

        return best;
    }

    private static PropertyEntry Entry(ElementSchema element, int typeIndex)
    {
        var type = element.Types[typeIndex].Type;
        var isResourceId = element.Path == "Resource.id";
        return new PropertyEntry
        {
            Name = Encoding.UTF8.GetBytes(element.JsonNames[typeIndex]),
            Quoted = Encoding.UTF8.GetBytes($"\"{element.JsonNames[typeIndex]}\""),
            Element = element,
            Type = type,
            Primitive = isResourceId ? PrimitiveKind.Id : type.Primitive,
            Codes = type.Primitive == PrimitiveKind.Code && element.Binding is { Strength: BindingStrength.Required, Codes: { } codes } ? new CodeSet(codes) : null,
            Bit = Bit(element),
            ElementOrdinal = (ushort)element.Ordinal,
            TypeOrdinal = (ushort)type.Ordinal,
            IsList = element.IsList,
            IsPrimitive = type.IsPrimitive,
            TakesAnyResource = type.IsResource,
        };
    }

    private int Slot(ReadOnlySpan<byte> name)
    {
        ulong key = (ulong)name.Length;
        if (name.Length >= 8)
        {
            key ^= MemoryMarshal.Read<ulong>(name) ^ (MemoryMarshal.Read<ulong>(name[^8..]) << 1);
        }
        else if (name.Length >= 4)
        {
            // Two reads that overlap, instead of one for each byte.
            key ^= MemoryMarshal.Read<uint>(name) ^ ((ulong)MemoryMarshal.Read<uint>(name[^4..]) << 28);
        }
        else
        {
            foreach (var b in name)
            {
                key = (key << 8) | b;
            }
        }

        return (int)((key * 0x9E3779B97F4A7C15UL) >> 40) & (slots.Length - 1);
    }

    private static int EditDistance(string a, string b, int limit)
    {
        if (Math.Abs(a.Length - b.Length) >= limit || a.Length > 64)
        {
            return limit;
        }

        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
