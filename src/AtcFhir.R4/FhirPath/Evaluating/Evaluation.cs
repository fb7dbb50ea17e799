using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath.Values;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.R4.FhirPath.Evaluating;

/// <summary>One run of one expression: its focus and context, its budget, its moment in time and its store of lists.</summary>
internal sealed class Evaluation
{
    private const int CharactersPerStep = 64;

    [ThreadStatic]
    private static Evaluation? idle;

    private readonly Stack<ItemList> lists = new();
    private readonly List<(string Name, FhirPathItem[] Items)> defined = [];
    private DateTimeOffset? moment;
    private string text = "";
    private int stepsLeft;

    public FhirPathContext Context { get; private set; } = FhirPathContext.Default;

    /// <summary>%context: where the evaluation began.</summary>
    public Node Focus { get; private set; }

    public Node Resource => Context.Resource.Exists ? Context.Resource : Focus.Resource;

    /// <summary>The container of a contained resource; an entry of a Bundle is its own root.</summary>
    public Node RootResource
    {
        get
        {
            if (Context.RootResource.Exists)
            {
                return Context.RootResource;
            }

            var resource = Resource;
            return resource.Exists && resource.Element is { Name: "contained" } ? resource.Parent.Resource : resource;
        }
    }

    /// <summary>The moment of now(), the same through the whole run.</summary>
    public DateTimeOffset Now => moment ??= Context.Time.GetUtcNow();

    public int DefinedCount => defined.Count;

    /// <summary>Takes the thread's idle evaluation, or a new one when that is busy (a delegate of the context may evaluate too).</summary>
    public static Evaluation Start(string text, Node focus, FhirPathContext context)
    {
        var run = idle ?? new Evaluation();
        idle = null;
        (run.text, run.Focus, run.Context, run.stepsLeft, run.moment) = (text, focus, context, context.StepBudget, null);
        run.defined.Clear();
        return run;
    }

    /// <summary>Gives it back; not called after a fault, when lists may still be out.</summary>
    public void End()
    {
        (Focus, Context) = (default, FhirPathContext.Default);
        idle = this;
    }

    public ItemList Rent() => lists.TryPop(out var list) ? list : new ItemList();

    public void Return(ItemList list)
    {
        if (list.IsWorthKeeping)
        {
            list.Clear();
            lists.Push(list);
        }
    }

    /// <summary>Counts work against the budget.</summary>
    public void Step(int count = 1)
    {
        stepsLeft -= count;
        if (stepsLeft < 0)
        {
            throw new FhirPathException(IssueCode.TooCostly, $"The FHIRPath evaluation needs more than {Context.StepBudget} steps: {Shown()}.");
        }
    }

    /// <summary>Counts a text that was made, so that memory is bounded as well.</summary>
    public void StepText(string text) => Step(text.Length / CharactersPerStep);

    public FhirPathException Fault(int position, string what, string code = IssueCode.Processing)
        => new(code, $"FHIRPath, column {position + 1} of {Shown()}: {what}");

    /// <summary>A value of a collection where one item is wanted.</summary>
    public FhirPathException ManyItems(int position, int count)
        => Fault(position, $"one item is expected here, but there are {count}; choose one with first(), where() or an index, or visit each with select().");

    /// <summary>A single item as a boolean: its value, or true when it is anything else that exists. <see href="https://hl7.org/fhirpath/N1/#singleton-evaluation-of-collections"/></summary>
    public static bool? Truth(FhirPathItem item) => item.Kind switch
    {
        FhirPathKind.None => null,
        FhirPathKind.Boolean => item.IsTrue,
        FhirPathKind.Node => item.Node is { IsPrimitive: true, HasValue: true, Type.Primitive: Definitions.PrimitiveKind.Boolean } node
            ? node.ValueKind == System.Text.Json.JsonTokenType.True
            : true,
        _ => true,
    };

    public void Define(string name, ReadOnlySpan<FhirPathItem> items) => defined.Add((name, items.ToArray()));

    /// <summary>Forgets the variables defined since; their scope has ended.</summary>
    public void Forget(int count)
    {
        if (defined.Count > count)
        {
            defined.RemoveRange(count, defined.Count - count);
        }
    }

    public FhirPathItem[]? FindDefined(string name)
    {
        for (var i = defined.Count - 1; i >= 0; i--)
        {
            if (defined[i].Name == name)
            {
                return defined[i].Items;
            }
        }

        return null;
    }

    private string Shown() => text.Length <= 120 ? $"'{text}'" : $"'{text.AsSpan(0, 117)}...'";
}
