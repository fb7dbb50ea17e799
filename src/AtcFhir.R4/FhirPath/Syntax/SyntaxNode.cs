namespace AtcFhir.R4.FhirPath.Syntax;

/// <summary>The expression as written: one record a form of the grammar. <see href="https://hl7.org/fhirpath/N1/grammar.html"/></summary>
internal abstract record SyntaxNode(int Position)
{
    /// <summary>Levels of nodes below and including this one, so that recursion over the tree is bounded.</summary>
    public int Depth { get; init; } = 1;

    /// <summary>Its text in the expression: of operands and arguments only, which is where it is asked for.</summary>
    public Range Span { get; init; }
}

internal sealed record EmptySyntax(int Position) : SyntaxNode(Position);

/// <summary>true, false, a string, a number, a date, dateTime or time.</summary>
internal sealed record LiteralSyntax(int Position, FhirPathKind Kind, string Text) : SyntaxNode(Position);

/// <summary>A number with a unit: a UCUM code in quotes, or a calendar word such as <c>days</c>.</summary>
internal sealed record QuantitySyntax(int Position, string Number, string Unit, bool IsCalendar) : SyntaxNode(Position);

internal sealed record VariableSyntax(int Position, string Name) : SyntaxNode(Position);

/// <summary>$this, $index, $total.</summary>
internal sealed record SpecialSyntax(int Position, string Name) : SyntaxNode(Position);

internal sealed record MemberSyntax(int Position, SyntaxNode? Input, string Name, bool IsDelimited) : SyntaxNode(Position);

internal sealed record CallSyntax(int Position, SyntaxNode? Input, string Name, IReadOnlyList<SyntaxNode> Arguments) : SyntaxNode(Position);

internal sealed record IndexerSyntax(int Position, SyntaxNode Input, SyntaxNode Index) : SyntaxNode(Position);

internal sealed record PolaritySyntax(int Position, bool IsNegative, SyntaxNode Operand) : SyntaxNode(Position);

internal sealed record BinarySyntax(int Position, string Operator, SyntaxNode Left, SyntaxNode Right) : SyntaxNode(Position);

/// <summary><c>x is Type</c>, <c>x as Type</c>.</summary>
internal sealed record TypeSyntax(int Position, bool IsTest, SyntaxNode Operand, TypeName Type) : SyntaxNode(Position);

/// <summary>An argument of sort() with <c>asc</c> or <c>desc</c>.</summary>
internal sealed record SortKeySyntax(int Position, SyntaxNode Key, bool IsDescending) : SyntaxNode(Position);

/// <summary>A type specifier: perhaps a namespace, and a name.</summary>
internal readonly record struct TypeName(string? Namespace, string Name, int Position)
{
    public override string ToString() => Namespace is null ? Name : Namespace + "." + Name;
}
