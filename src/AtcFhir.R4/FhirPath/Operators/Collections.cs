using AtcFhir.R4.FhirPath.Evaluating;
using AtcFhir.R4.FhirPath.Values;

namespace AtcFhir.R4.FhirPath.Operators;

/// <summary><c>a | b</c> and union(): the items of both, each once.</summary>
internal sealed class UnionOperation(int position, Operation left, Operation right) : Operation(position)
{
    /// <summary>The texts that it is made of; null when there is anything else in it.</summary>
    public ConstantOperation[]? Texts { get; } = TextsOf(left) is { } ofLeft && TextsOf(right) is { } ofRight ? [.. ofLeft, .. ofRight] : null;

    private static ConstantOperation[]? TextsOf(Operation operation)
        => operation is ConstantOperation { Value.Kind: FhirPathKind.String } text ? [text] : (operation as UnionOperation)?.Texts;

    public override void Append(Evaluation run, in Scope scope, ItemList output)
    {
        var all = run.Rent();
        var defined = run.DefinedCount;
        left.Append(run, scope, all);
        run.Forget(defined);
        right.Append(run, scope, all);
        run.Forget(defined);
        ItemSet.AppendDistinct(run, all, output);
        run.Return(all);
    }

    public override bool Any(Evaluation run, in Scope scope) => left.Any(run, scope) || right.Any(run, scope);

    public override void AppendLoosely(Evaluation run, in Scope scope, ItemList output)
    {
        left.AppendLoosely(run, scope, output);
        right.AppendLoosely(run, scope, output);
    }
}

/// <summary><c>a in b</c>, and <c>b contains a</c>.</summary>
internal sealed class MembershipOperation(int position, Operation item, Operation collection) : BooleanOperation(position)
{
    /// <summary>Of <c>('a' | 'b')</c>, against which no text of a document need be read; null of any other collection.</summary>
    private readonly ConstantOperation[]? texts = (collection as UnionOperation)?.Texts;

    public override bool? Truth(Evaluation run, in Scope scope)
    {
        var wanted = item.Single(run, scope);
        if (!wanted.Exists)
        {
            return null;
        }

        if (texts is not null)
        {
            run.Step(texts.Length);
            return Array.Exists(texts, text => EqualsTextOperation.IsText(wanted, text) == true);
        }

        var list = run.Rent();
        collection.AppendLoosely(run, scope, list);
        var found = false;
        for (var i = 0; i < list.Count && !found; i++)
        {
            run.Step();
            found = ItemEquality.AreEqual(wanted, list[i]) == true;
        }

        run.Return(list);
        return found;
    }
}
