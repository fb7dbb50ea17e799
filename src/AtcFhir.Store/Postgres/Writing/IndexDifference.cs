using AtcFhir.Store.Writing;

namespace AtcFhir.Store.Postgres.Writing;

/// <summary>What to do with one packed index row.</summary>
internal delegate void PackedRow(ReadOnlySpan<byte> row);

/// <summary>The rows in which two states of a resource differ; both are sorted, see <see cref="RowCodec"/>.</summary>
internal static class IndexDifference
{
    public static void Of(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, PackedRow gone, PackedRow added)
    {
        while (!before.IsEmpty || !after.IsEmpty)
        {
            var restBefore = before;
            var restAfter = after;
            var old = before.IsEmpty ? default : RowCodec.Next(ref restBefore);
            var fresh = after.IsEmpty ? default : RowCodec.Next(ref restAfter);
            var order = before.IsEmpty ? 1 : after.IsEmpty ? -1 : old.SequenceCompareTo(fresh);
            if (order < 0)
            {
                gone(old);
            }
            else if (order > 0)
            {
                added(fresh);
            }

            before = order <= 0 ? restBefore : before;
            after = order >= 0 ? restAfter : after;
        }
    }
}
