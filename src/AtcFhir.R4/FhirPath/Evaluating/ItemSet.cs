using AtcFhir.R4.FhirPath.Values;

namespace AtcFhir.R4.FhirPath.Evaluating;

/// <summary>Which items of a list are equal (=) to another one; by hash for long lists, pair by pair for short ones.</summary>
internal sealed class ItemSet
{
    private const int PairwiseBelow = 16;

    private readonly Dictionary<int, List<FhirPathItem>> buckets = [];

    public static void AppendDistinct(Evaluation run, ItemList source, ItemList output)
    {
        if (source.Count > PairwiseBelow)
        {
            var set = new ItemSet();
            foreach (ref readonly var item in source.Span)
            {
                if (set.Add(run, item))
                {
                    output.Add(item);
                }
            }

            return;
        }

        var start = output.Count;
        foreach (ref readonly var item in source.Span)
        {
            if (!Contains(run, output.Span[start..], item))
            {
                output.Add(item);
            }
        }
    }

    public static bool Contains(Evaluation run, ReadOnlySpan<FhirPathItem> items, FhirPathItem wanted)
    {
        foreach (ref readonly var item in items)
        {
            run.Step();
            if (ItemEquality.AreEqual(item, wanted) == true)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>False when an equal item is there already.</summary>
    public bool Add(Evaluation run, FhirPathItem item)
    {
        var hash = Hash(item);
        if (!buckets.TryGetValue(hash, out var bucket))
        {
            buckets[hash] = bucket = [];
        }

        foreach (var other in bucket)
        {
            run.Step();
            if (ItemEquality.AreEqual(other, item) == true)
            {
                return false;
            }
        }

        bucket.Add(item);
        return true;
    }

    public bool Contains(Evaluation run, FhirPathItem item)
        => buckets.TryGetValue(Hash(item), out var bucket) && Contains(run, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bucket), item);

    // Equal items have equal hashes; where equality reaches across forms (units, time zones) one hash serves all.
    private static int Hash(FhirPathItem item)
    {
        var value = item.ToSystem();
        return value.Kind switch
        {
            FhirPathKind.String => string.GetHashCode(value.String, StringComparison.Ordinal),
            FhirPathKind.Boolean => value.IsTrue ? 1 : 0,
            FhirPathKind.Integer or FhirPathKind.Decimal => value.Decimal.GetHashCode(),
            FhirPathKind.Quantity when value.Quantity.Unit == UnitQuantity.Unity => value.Quantity.Value.GetHashCode(),
            FhirPathKind.None or FhirPathKind.Node => Structure(item),
            _ => (int)value.Kind,
        };
    }

    // Names may stand in any order in JSON, so the children's hashes are added.
    private static int Structure(FhirPathItem item)
    {
        var node = item.Node;
        var sum = HashCode.Combine(node.Type.Ordinal, node.Children.Count);
        foreach (var child in node.Children)
        {
            if (child.IsPrimitive && child.HasValue && NodeValue.KindOf(child.Type) == FhirPathKind.String && !child.IsEscaped)
            {
                var hash = default(HashCode);
                hash.AddBytes(child.RawValue);
                sum = unchecked(sum + hash.ToHashCode());
            }
        }

        return sum;
    }
}
