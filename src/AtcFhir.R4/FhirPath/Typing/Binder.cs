using AtcFhir.R4.Definitions;
using AtcFhir.R4.FhirPath.Evaluating;
using AtcFhir.R4.FhirPath.Functions;
using AtcFhir.R4.FhirPath.Operators;
using AtcFhir.R4.FhirPath.Syntax;

namespace AtcFhir.R4.FhirPath.Typing;

/// <summary>
/// Syntax to operations, with the static checks on the way. Where nothing is known of a type, nothing is checked; where something is known, what can never
/// work is refused. <see href="https://hl7.org/fhirpath/N1/#type-safety-and-strict-evaluation"/>
/// </summary>
internal sealed class Binder
{
    private static readonly string[] FixedVariables = ["context", "resource", "rootResource", "sct", "loinc", "ucum"];

    private readonly List<(string Name, StaticType Type)> variables = [];
    private StaticType thisType;
    private bool hasTotal;

    private Binder(StaticType thisType, FhirPathUse use) => (this.thisType, Use) = (thisType, use);

    public FhirPathUse Use { get; }

    /// <summary>Compiles the whole expression for a focus of the context type; of any type when it is null.</summary>
    public static Operation Compile(SyntaxNode syntax, TypeSchema? context, FhirPathUse use)
        => new Binder(context is null ? StaticType.UnknownSingle : StaticType.Of(context), use).Bind(syntax).Operation;

    /// <summary>What a published expression finds on a focus of that type; refuses what does not fit it.</summary>
    public static StaticType Infer(SyntaxNode syntax, StaticType focus) => new Binder(focus, FhirPathUse.Definition).Bind(syntax).Type;

    public Bound Bind(SyntaxNode syntax)
    {
        var known = variables.Count;
        var bound = BindOpen(syntax);
        variables.RemoveRange(known, variables.Count - known);
        return bound;
    }

    /// <summary>An argument that is evaluated for each item of the input.</summary>
    public Bound BindEach(SyntaxNode syntax, StaticType input, bool withTotal = false) => Within(input.AsSingle(), withTotal || hasTotal, syntax);

    /// <summary>An argument that is evaluated with the single input as $this.</summary>
    public Bound BindOnce(SyntaxNode syntax, StaticType input) => Within(input.AsSingle(), hasTotal, syntax);

    /// <summary>An argument that is evaluated with the whole input as $this.</summary>
    public Bound BindAll(SyntaxNode syntax, StaticType input) => Within(input, hasTotal, syntax);

    /// <summary>An argument that is evaluated for each item of the input and of its own results.</summary>
    public Bound BindRepeated(SyntaxNode syntax, StaticType input)
    {
        var type = input;
        for (var round = 0; round < 3; round++)
        {
            type = type.Or(BindEach(syntax, type).Type);
        }

        return BindEach(syntax, type);
    }

    public void Define(string name, StaticType type, int position)
    {
        if (FixedVariables.Contains(name) || TextVariables.Find(name) is not null)
        {
            throw new SyntaxFault($"%{name} is fixed by FHIR and cannot be defined again; choose another name.", position);
        }

        if (variables.Exists(variable => variable.Name == name))
        {
            throw new SyntaxFault($"%{name} is defined already; choose another name.", position);
        }

        variables.Add((name, type));
    }

    public static TypeMatch TypeArgument(CallSyntax call)
    {
        ExpectArguments(call, 1, 1);
        return call.Arguments[0] switch
        {
            MemberSyntax { Input: null } name => TypeMatch.Resolve(new TypeName(null, name.Name, name.Position)),
            MemberSyntax { Input: MemberSyntax { Input: null } space } name => TypeMatch.Resolve(new TypeName(space.Name, name.Name, name.Position)),
            MemberSyntax { Input: MemberSyntax { Input: MemberSyntax { Input: null } space } middle } name
                => TypeMatch.Resolve(new TypeName(space.Name + "." + middle.Name, name.Name, name.Position)),

            // Older expressions put the name of the type in quotes.
            LiteralSyntax { Kind: FhirPathKind.String } text => TypeMatch.Resolve(new TypeName(null, text.Text, text.Position)),
            var other => throw new SyntaxFault($"{call.Name}() takes the name of a type, such as Quantity or FHIR.string.", other.Position),
        };
    }

    public static void ExpectArguments(CallSyntax call, int least, int most, string? signature = null)
    {
        var count = call.Arguments.Count;
        if (count < least || count > most)
        {
            var wanted = least == most ? $"{least}" : most == int.MaxValue ? $"{least} or more" : $"{least} to {most}";
            throw new SyntaxFault($"{signature ?? call.Name + "()"} takes {wanted} argument{(wanted == "1" ? "" : "s")}, not {count}.", call.Position);
        }
    }

    /// <summary>Refuses a type of which no item can be, or convert to, one of the kinds.</summary>
    public static void ExpectKinds(StaticType type, KindSet kinds, int position, string what)
    {
        if ((type.Convertible & kinds) == 0)
        {
            throw new SyntaxFault($"{what}, but this is {type}.", position);
        }
    }

    /// <summary>Refuses to pick by position from what has no order.</summary>
    public void ExpectOrder(StaticType type, int position, string what)
    {
        if (type.IsUnordered && Use == FhirPathUse.Expression)
        {
            throw new SyntaxFault($"{what} picks by position, but children() and descendants() have no defined order; choose with where() or ofType() and single().", position);
        }
    }

    private Bound Within(StaticType type, bool total, SyntaxNode syntax)
    {
        var (outerType, outerTotal) = (thisType, hasTotal);
        (thisType, hasTotal) = (type, total);
        var bound = Bind(syntax);
        (thisType, hasTotal) = (outerType, outerTotal);
        return bound;
    }

    // Variables that the part defines stay known: what follows it in a path may use them.
    private Bound BindOpen(SyntaxNode syntax) => syntax switch
    {
        EmptySyntax => new(new ConstantOperation(syntax.Position, default), StaticType.Nothing),
        LiteralSyntax literal => Constant(syntax.Position, Literals.Value(literal)),
        QuantitySyntax quantity => Constant(syntax.Position, Literals.Value(quantity)),
        VariableSyntax variable => Variable(variable),
        SpecialSyntax special => Special(special),
        MemberSyntax member => Member(member),
        CallSyntax call => Call(call),
        IndexerSyntax indexer => Indexer(indexer),
        PolaritySyntax polarity => Polarity(polarity),
        BinarySyntax binary => BinaryOperators.Bind(this, binary),
        TypeSyntax type => TypeOperator(type),
        SortKeySyntax key => throw new SyntaxFault("asc and desc belong into the arguments of sort().", key.Position),
        _ => throw new InvalidOperationException("A form of the grammar has no binding."),
    };

    private static Bound Constant(int position, FhirPathItem value) => new(new ConstantOperation(position, value), StaticType.Of(value.Kind));

    private Bound Variable(VariableSyntax variable)
    {
        if (variable.Name is "context" or "resource" or "rootResource")
        {
            return new(new ResourceVariable(variable.Position, variable.Name), StaticType.UnknownSingle);
        }

        if (TextVariables.Find(variable.Name) is { } text)
        {
            return Constant(variable.Position, text);
        }

        var type = variables.FindLast(known => known.Name == variable.Name).Type ?? StaticType.Unknown;
        return new(new NamedVariable(variable.Position, variable.Name), type);
    }

    private Bound Special(SpecialSyntax special) => special.Name switch
    {
        "this" => new(new ThisOperation(special.Position), thisType),
        "index" => new(new IndexOperation(special.Position), StaticType.Of(FhirPathKind.Integer)),
        _ when hasTotal => new(new TotalOperation(special.Position), StaticType.Unknown),
        _ => throw new SyntaxFault("$total exists in the first argument of aggregate() only.", special.Position),
    };

    private Bound Member(MemberSyntax member)
    {
        if (member.Input is not null)
        {
            var input = BindOpen(member.Input);
            return new(new ChildOperation(member.Position, input.Operation, member.Name), ElementTypes.Child(input.Type, member));
        }

        var start = new ThisOperation(member.Position);
        if (ElementTypes.StartType(thisType, member) is { } type)
        {
            return new(new TypeNameOperation(member.Position, type), StaticType.Of(type));
        }

        return new(new ChildOperation(member.Position, start, member.Name), ElementTypes.Child(thisType, member));
    }

    private Bound Call(CallSyntax call)
    {
        var input = call.Input is null ? new Bound(new ThisOperation(call.Position), thisType) : BindOpen(call.Input);
        return FunctionTable.Find(call)(this, call, input);
    }

    private Bound Indexer(IndexerSyntax indexer)
    {
        var input = BindOpen(indexer.Input);
        ExpectOrder(input.Type, indexer.Position, "[ ]");
        var index = Bind(indexer.Index);
        ExpectKinds(index.Type, KindSet.Integer, indexer.Index.Position, "an index must be an Integer");
        return new(new IndexerOperation(indexer.Position, input.Operation, index.Operation), input.Type.AsSingle());
    }

    private Bound Polarity(PolaritySyntax polarity)
    {
        var operand = Bind(polarity.Operand);
        ExpectKinds(operand.Type, KindSet.Measured, polarity.Position, "a sign can stand before a number or quantity only; for a function of a negative number write (-1).abs()");
        return new(new PolarityOperation(polarity.Position, polarity.IsNegative, operand.Operation), StaticType.Of(operand.Type.Convertible & KindSet.Measured));
    }

    private Bound TypeOperator(TypeSyntax syntax)
    {
        var operand = Bind(syntax.Operand);
        var type = TypeMatch.Resolve(syntax.Type);
        return syntax.IsTest
            ? new(new IsOperation(syntax.Position, operand.Operation, type), StaticType.Of(FhirPathKind.Boolean))
            : As(syntax.Position, operand, type);
    }

    /// <summary>as: of one item, or in published definitions of a collection.</summary>
    public Bound As(int position, Bound input, TypeMatch type) => Use == FhirPathUse.Definition
        ? new(new OfTypeOperation(position, input.Operation, type), type.Narrow() with { IsSingle = input.Type.IsSingle, IsUnordered = input.Type.IsUnordered })
        : new(new AsOperation(position, input.Operation, type), type.Narrow());
}
