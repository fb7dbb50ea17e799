namespace AtcFhir.R4.FhirPath.Evaluating;

/// <summary>
/// A compiled part of an expression: what a closure would be, with more ways to ask. The questions about existence, one item or truth let an operation
/// stop early and touch no list; each has an answer in terms of <see cref="Append"/>.
/// </summary>
internal abstract class Operation(int position)
{
    /// <summary>Where it stands in the expression.</summary>
    public int Position { get; } = position;

    /// <summary>Adds the whole result.</summary>
    public abstract void Append(Evaluation run, in Scope scope, ItemList output);

    /// <summary>Is there any item?</summary>
    public virtual bool Any(Evaluation run, in Scope scope)
    {
        var list = run.Rent();
        Append(run, scope, list);
        var any = list.Count > 0;
        run.Return(list);
        return any;
    }

    /// <summary>Is there an item of which the criteria hold?</summary>
    public virtual bool AnyWhere(Evaluation run, in Scope scope, Operation criteria)
    {
        var list = run.Rent();
        Append(run, scope, list);
        var any = false;
        for (var i = 0; i < list.Count && !any; i++)
        {
            any = Holds(run, scope, criteria, list[i], i);
        }

        run.Return(list);
        return any;
    }

    /// <summary>Do the criteria hold of the item? What they define is forgotten.</summary>
    protected static bool Holds(Evaluation run, in Scope scope, Operation criteria, FhirPathItem item, int index)
    {
        run.Step();
        var defined = run.DefinedCount;
        var holds = criteria.Truth(run, scope.At(item, index)) == true;
        run.Forget(defined);
        return holds;
    }

    /// <summary>How many items?</summary>
    public virtual int Count(Evaluation run, in Scope scope)
    {
        var list = run.Rent();
        Append(run, scope, list);
        var count = list.Count;
        run.Return(list);
        return count;
    }

    /// <summary>Adds the whole result for one who only looks something up in it: equal items may come twice, the order is free.</summary>
    public virtual void AppendLoosely(Evaluation run, in Scope scope, ItemList output) => Append(run, scope, output);

    /// <summary>True when <see cref="Peek"/> makes no list, so that who asks it and then wants all the items has nothing done twice.</summary>
    public virtual bool PeeksWithoutList => false;

    /// <summary>How many items: 0, 1, or 2 for more; and the first of them.</summary>
    public virtual int Peek(Evaluation run, in Scope scope, out FhirPathItem first)
    {
        var list = run.Rent();
        Append(run, scope, list);
        var count = Math.Min(2, list.Count);
        first = count == 0 ? default : list[0];
        run.Return(list);
        return count;
    }

    /// <summary>The only item, or none; more than one is a fault.</summary>
    public virtual FhirPathItem Single(Evaluation run, in Scope scope)
    {
        var list = run.Rent();
        Append(run, scope, list);
        if (list.Count > 1)
        {
            throw run.ManyItems(Position, list.Count);
        }

        var item = list.Count == 0 ? default : list[0];
        run.Return(list);
        return item;
    }

    /// <summary>The only item as a boolean; null when there is none.</summary>
    public virtual bool? Truth(Evaluation run, in Scope scope) => Evaluation.Truth(Single(run, scope));
}

/// <summary>An operation that gives one item or none.</summary>
internal abstract class SingleOperation(int position) : Operation(position)
{
    public sealed override void Append(Evaluation run, in Scope scope, ItemList output) => output.AddIfAny(Single(run, scope));

    public override bool Any(Evaluation run, in Scope scope) => Single(run, scope).Kind != FhirPathKind.None;

    public override int Count(Evaluation run, in Scope scope) => Any(run, scope) ? 1 : 0;

    public sealed override bool PeeksWithoutList => true;

    public sealed override int Peek(Evaluation run, in Scope scope, out FhirPathItem first) => (first = Single(run, scope)).Exists ? 1 : 0;

    public abstract override FhirPathItem Single(Evaluation run, in Scope scope);
}

/// <summary>An operation that gives true, false or nothing.</summary>
internal abstract class BooleanOperation(int position) : SingleOperation(position)
{
    public sealed override FhirPathItem Single(Evaluation run, in Scope scope) => FhirPathItem.Of(Truth(run, scope));

    public sealed override bool Any(Evaluation run, in Scope scope) => Truth(run, scope) is not null;

    public abstract override bool? Truth(Evaluation run, in Scope scope);
}
