using System.Text;

namespace AtcFhir.R4.Definitions;

/// <summary>The resource types by their UTF-8 names; each resource and each reference asks for one.</summary>
internal sealed class ResourceNames
{
    private readonly (byte[] Name, TypeSchema Type)?[] slots;

    public ResourceNames(IEnumerable<TypeSchema> types)
    {
        var all = types.ToList();
        slots = new (byte[], TypeSchema)?[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)all.Count * 4)];
        foreach (var type in all)
        {
            var name = Encoding.UTF8.GetBytes(type.Name);
            var slot = Slot(name);
            while (slots[slot] is not null)
            {
                slot = (slot + 1) & (slots.Length - 1);
            }

            slots[slot] = (name, type);
        }
    }

    public TypeSchema? Find(ReadOnlySpan<byte> name)
    {
        if (name.Length < 3)
        {
            return null;
        }

        for (var slot = Slot(name); slots[slot] is { } entry; slot = (slot + 1) & (slots.Length - 1))
        {
            if (name.SequenceEqual(entry.Name))
            {
                return entry.Type;
            }
        }

        return null;
    }

    private int Slot(ReadOnlySpan<byte> name)
        => (name[0] + (name[1] * 3) + (name[name.Length / 2] * 37) + (name[^1] * 151) + (name[^2] * 17) + (name.Length * 5)) & (slots.Length - 1);
}
