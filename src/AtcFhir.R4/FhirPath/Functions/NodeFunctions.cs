using System.Text;
using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath.Evaluating;
using AtcFhir.R4.FhirPath.Operators;
using AtcFhir.R4.FhirPath.Values;

namespace AtcFhir.R4.FhirPath.Functions;

/// <summary>extension(url): the extensions of that URL.</summary>
internal sealed class ExtensionOperation(int position, Operation input, Operation url) : Operation(position)
{
    private static readonly int UrlOrdinal = R4Definitions.Find("Extension")!.Find("url")!.Ordinal;

    public override void Append(Evaluation run, in Scope scope, ItemList output)
    {
        if (Wanted(run, scope) is not { } wanted)
        {
            return;
        }

        var list = run.Rent();
        input.Append(run, scope, list);
        foreach (ref readonly var item in list.Span)
        {
            run.Step();
            foreach (var extension in item.Node.ChildrenOf("extension"))
            {
                if (extension.Child(UrlOrdinal).TextEquals(wanted))
                {
                    output.Add(extension);
                }
            }
        }

        run.Return(list);
    }

    public override bool Any(Evaluation run, in Scope scope) => Peek(run, scope, out _) > 0;

    public override bool PeeksWithoutList => input.PeeksWithoutList;

    public override int Peek(Evaluation run, in Scope scope, out FhirPathItem first)
    {
        first = default;
        var item = default(FhirPathItem);
        switch (!input.PeeksWithoutList ? 2 : input.Peek(run, scope, out item))
        {
            case 0:
                return 0;
            case > 1:
                return base.Peek(run, scope, out first);
        }

        if (Wanted(run, scope) is not { } wanted)
        {
            return 0;
        }

        run.Step();
        foreach (var extension in item.Node.ChildrenOf("extension"))
        {
            if (!extension.Child(UrlOrdinal).TextEquals(wanted))
            {
                continue;
            }

            if (first.Exists)
            {
                return 2;
            }

            first = extension;
        }

        return first.Exists ? 1 : 0;
    }

    private byte[]? Wanted(Evaluation run, in Scope scope)
        => (url as ConstantOperation)?.Utf8 ?? (url.Single(run, scope).ToSystem() is { Kind: FhirPathKind.String } text ? Encoding.UTF8.GetBytes(text.String) : null);
}

/// <summary>hasValue(): a single primitive with a value of its own.</summary>
internal sealed class HasValueOperation(int position, Operation input) : BooleanOperation(position)
{
    public override bool? Truth(Evaluation run, in Scope scope)
    {
        if (input is ThisOperation && scope.All is null)
        {
            return Has(scope.This);
        }

        var list = run.Rent();
        input.Append(run, scope, list);
        var has = list.Count == 1 && Has(list[0]);
        run.Return(list);
        return has;
    }

    private static bool Has(FhirPathItem item) => item.Kind switch
    {
        FhirPathKind.None => false,
        FhirPathKind.Node => item.Node.HasValue,
        _ => true,
    };
}

/// <summary>getValue(): the System value of a single primitive.</summary>
internal sealed class GetValueOperation(int position, Operation input) : SingleOperation(position)
{
    public override FhirPathItem Single(Evaluation run, in Scope scope)
    {
        var list = run.Rent();
        input.Append(run, scope, list);
        var item = list.Count == 1 ? list[0] : default;
        run.Return(list);
        return item.IsNode && !item.Node.IsPrimitive ? default : item.ToSystem();
    }
}

/// <summary>htmlChecks(): the XHTML of a narrative is what R4 allows.</summary>
internal sealed class HtmlChecksOperation(int position, Operation input) : BooleanOperation(position)
{
    public override bool? Truth(Evaluation run, in Scope scope)
    {
        var list = run.Rent();
        input.Append(run, scope, list);
        var passes = list.Count > 0;
        for (var i = 0; i < list.Count && passes; i++)
        {
            run.Step();
            passes = list[i].Kind switch
            {
                FhirPathKind.Node => NarrativeXhtml.FindFault(list[i].Node) is null,
                FhirPathKind.String => NarrativeXhtml.FindFault(list[i].String) is null,
                _ => false,
            };
        }

        run.Return(list);
        return passes;
    }
}

/// <summary>comparable(quantity): do the units go together?</summary>
internal sealed class ComparableOperation(int position, Operation input, Operation other) : BooleanOperation(position)
{
    public override bool? Truth(Evaluation run, in Scope scope)
        => ItemArithmetic.AsQuantity(input.Single(run, scope).ToSystem()) is { } left && ItemArithmetic.AsQuantity(other.Single(run, scope).ToSystem()) is { } right
            ? QuantityUnits.Align(left, right, loosely: false) is not null
            : null;
}

/// <summary>checkModifiers(url...): the input, if it has no modifier extension besides those; otherwise a fault.</summary>
internal sealed class CheckModifiersOperation(int position, Operation input, Operation[] known) : Operation(position)
{
    public override void Append(Evaluation run, in Scope scope, ItemList output)
    {
        var list = run.Rent();
        input.Append(run, scope, list);
        foreach (ref readonly var item in list.Span)
        {
            run.Step();
            foreach (var extension in item.Node.ChildrenOf("modifierExtension"))
            {
                if (!IsKnown(run, scope, extension.Child("url")))
                {
                    throw run.Fault(Position, "there is a modifier extension that the expression does not know.");
                }
            }

            output.Add(item);
        }

        run.Return(list);
    }

    private bool IsKnown(Evaluation run, in Scope scope, Node url)
    {
        foreach (var operation in known)
        {
            if (ItemEquality.AreEqual(operation.Single(run, scope), url) == true)
            {
                return true;
            }
        }

        return false;
    }
}
