using AtcFhir.R4.FhirPath.Evaluating;
using AtcFhir.R4.FhirPath.Syntax;
using AtcFhir.R4.FhirPath.Typing;
using AtcFhir.R4.FhirPath.Values;

namespace AtcFhir.R4.FhirPath.Functions;

/// <summary>
/// sort(): by keys, each ascending or (<c>desc</c>, or a minus sign before the key) descending. An empty key is the least value, except with the minus sign,
/// where it stays in front as in the ascending order. <see href="https://hl7.org/fhirpath/#sort"/>
/// </summary>
internal static class Sorting
{
    public static IReadOnlyList<CollectionFunction> Functions { get; } =
    [
        new("sort", static (binder, call, input) =>
        {
            var keys = call.Arguments.Select(argument => Key(binder, argument, input.Type)).ToArray();
            return new(new SortOperation(call.Position, input.Operation, keys), input.Type with { IsUnordered = false });
        }),
    ];

    private static SortKey Key(Binder binder, SyntaxNode argument, StaticType type) => argument switch
    {
        PolaritySyntax { IsNegative: true } minus => new SortKey(binder.BindEach(minus.Operand, type).Operation, true, EmptyFirst: true),
        SortKeySyntax key => new SortKey(binder.BindEach(key.Key, type).Operation, key.IsDescending, EmptyFirst: !key.IsDescending),
        _ => new SortKey(binder.BindEach(argument, type).Operation, false, EmptyFirst: true),
    };
}

internal readonly record struct SortKey(Operation Operation, bool IsDescending, bool EmptyFirst);

internal sealed class SortOperation(int position, Operation input, SortKey[] keys) : Operation(position)
{
    public override void Append(Evaluation run, in Scope scope, ItemList output)
    {
        var list = run.Rent();
        input.Append(run, scope, list);
        var order = keys.Length == 0 ? [new SortKey(this, false, true)] : keys;
        var rows = new List<(FhirPathItem Item, FhirPathItem[] Keys)>(list.Count);
        for (var i = 0; i < list.Count; i++)
        {
            run.Step();
            var values = new FhirPathItem[order.Length];
            for (var k = 0; k < order.Length; k++)
            {
                values[k] = (keys.Length == 0 ? list[i] : keys[k].Operation.Single(run, scope.At(list[i], i))).ToSystem();
            }

            rows.Add((list[i], values));
        }

        // A stable order; a comparison of mergesort never sees a pair twice, so a fault comes once.
        var sorted = Merge(rows, (a, b) => Compare(run, order, a.Keys, b.Keys));
        foreach (var row in sorted)
        {
            output.Add(row.Item);
        }

        run.Return(list);
    }

    private static List<T> Merge<T>(List<T> rows, Func<T, T, int> compare)
    {
        if (rows.Count < 2)
        {
            return rows;
        }

        var left = Merge(rows[..(rows.Count / 2)], compare);
        var right = Merge(rows[(rows.Count / 2)..], compare);
        var merged = new List<T>(rows.Count);
        for (int i = 0, j = 0; i < left.Count || j < right.Count;)
        {
            merged.Add(j == right.Count || (i < left.Count && compare(left[i], right[j]) <= 0) ? left[i++] : right[j++]);
        }

        return merged;
    }

    private int Compare(Evaluation run, SortKey[] order, FhirPathItem[] a, FhirPathItem[] b)
    {
        run.Step();
        for (var k = 0; k < order.Length; k++)
        {
            var result = Compare(run, order[k], a[k], b[k]);
            if (result != 0)
            {
                return result;
            }
        }

        return 0;
    }

    private int Compare(Evaluation run, SortKey key, FhirPathItem a, FhirPathItem b)
    {
        if (!a.Exists || !b.Exists)
        {
            return a.Exists == b.Exists ? 0 : a.Exists == key.EmptyFirst ? 1 : -1;
        }

        if (!ItemOrder.HaveOrder(a.Kind, b.Kind))
        {
            throw run.Fault(Position, "sort() needs keys that can be compared with each other.");
        }

        var result = ItemOrder.Compare(a, b) ?? 0;
        return key.IsDescending ? -result : result;
    }
}
