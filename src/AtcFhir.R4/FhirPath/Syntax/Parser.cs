namespace AtcFhir.R4.FhirPath.Syntax;

/// <summary>Tokens to syntax, by precedence climbing. <see href="https://hl7.org/fhirpath/N1/#operator-precedence"/></summary>
internal sealed class Parser
{
    private const int MaxLength = 64 * 1024;

    // Deep enough for anything that people write, shallow enough that recursion over the tree cannot exhaust the stack.
    private const int MaxDepth = 300;

    private static readonly HashSet<string> CalendarWords =
    [
        "year", "years", "month", "months", "week", "weeks", "day", "days", "hour", "hours",
        "minute", "minutes", "second", "seconds", "millisecond", "milliseconds",
    ];

    private readonly List<Token> tokens;
    private int at;
    private int nesting;

    private Parser(List<Token> tokens) => this.tokens = tokens;

    private Token Current => tokens[at];

    public static SyntaxNode Parse(string text)
    {
        if (text.Length > MaxLength)
        {
            throw new SyntaxFault($"the expression has more than {MaxLength} characters.", 0);
        }

        var parser = new Parser(new Lexer(text).Tokens());
        if (parser.Current.Kind == TokenKind.End)
        {
            throw new SyntaxFault("the expression is empty.", 0);
        }

        var expression = parser.Expression(0);
        return parser.Current.Kind == TokenKind.End ? expression : throw parser.Unexpected("the expression should end, or an operator or '.' should follow");
    }

    // Binding power of each binary operator; a higher one binds tighter.
    private static int Power(Token token) => token.Kind switch
    {
        TokenKind.Symbol => token.Text switch
        {
            "*" or "/" => 10,
            "+" or "-" or "&" => 9,
            "|" => 7,
            "<" or ">" or "<=" or ">=" => 6,
            "=" or "~" or "!=" or "!~" => 5,
            _ => 0,
        },
        TokenKind.Identifier => token.Text switch
        {
            "div" or "mod" => 10,
            "is" or "as" => 8,
            "in" or "contains" => 4,
            "and" => 3,
            "or" or "xor" => 2,
            "implies" => 1,
            _ => 0,
        },
        _ => 0,
    };

    private SyntaxNode Expression(int above)
    {
        if (++nesting > MaxDepth)
        {
            throw new SyntaxFault("the expression is nested too deeply.", Current.Position);
        }

        var start = Current.Position;
        var left = Unary();
        while (Power(Current) is var power && power > above)
        {
            left = left with { Span = start..tokens[at - 1].End };
            var op = tokens[at++];
            left = Bounded(op.Text is "is" or "as"
                ? new TypeSyntax(op.Position, op.Text == "is", left, TypeSpecifier()) { Depth = left.Depth + 1 }
                : Binary(op, left, Expression(power)));
        }

        nesting--;
        return left with { Span = start..tokens[at - 1].End };
    }

    private static BinarySyntax Binary(Token op, SyntaxNode left, SyntaxNode right)
        => new(op.Position, op.Text, left, right) { Depth = Math.Max(left.Depth, right.Depth) + 1 };

    private static SyntaxNode Bounded(SyntaxNode node)
        => node.Depth <= MaxDepth ? node : throw new SyntaxFault("the expression is nested too deeply.", node.Position);

    private SyntaxNode Unary()
    {
        var token = Current;
        if (!token.IsSymbol("+") && !token.IsSymbol("-"))
        {
            return Postfix();
        }

        if (++nesting > MaxDepth)
        {
            throw new SyntaxFault("the expression is nested too deeply.", Current.Position);
        }

        at++;
        var operand = Unary();
        nesting--;
        return Bounded(new PolaritySyntax(token.Position, token.Text == "-", operand) { Depth = operand.Depth + 1 });
    }

    private SyntaxNode Postfix()
    {
        var left = Term();
        while (true)
        {
            var token = Current;
            if (token.IsSymbol("."))
            {
                at++;
                left = Bounded(Invocation(left));
            }
            else if (token.IsSymbol("["))
            {
                at++;
                var index = Expression(0);
                Expect("]");
                left = Bounded(new IndexerSyntax(token.Position, left, index) { Depth = Math.Max(left.Depth, index.Depth) + 1 });
            }
            else
            {
                return left;
            }
        }
    }

    private SyntaxNode Term()
    {
        var token = Current;
        switch (token.Kind)
        {
            case TokenKind.Symbol when token.Text == "(":
                at++;
                var inner = Expression(0);
                Expect(")");
                return inner;
            case TokenKind.Symbol when token.Text == "{":
                at++;
                Expect("}");
                return new EmptySyntax(token.Position);
            case TokenKind.String:
                return Literal(FhirPathKind.String);
            case TokenKind.Integer or TokenKind.Decimal:
                return Number();
            case TokenKind.Date:
                return Literal(FhirPathKind.Date);
            case TokenKind.DateTime:
                return Literal(FhirPathKind.DateTime);
            case TokenKind.Time:
                return Literal(FhirPathKind.Time);
            case TokenKind.External:
                at++;
                return new VariableSyntax(token.Position, token.Text);
            case TokenKind.Identifier when token.Text is "true" or "false":
                return Literal(FhirPathKind.Boolean);
            case TokenKind.Identifier when token.Text is "div" or "mod" or "and" or "or" or "xor" or "implies":
                throw Unexpected("something should stand before this operator");
            case TokenKind.Identifier or TokenKind.Delimited or TokenKind.Special:
                return Invocation(null);
            default:
                throw Unexpected("a value, a path or '(' should stand");
        }
    }

    private LiteralSyntax Literal(FhirPathKind kind)
    {
        var token = tokens[at++];
        return new LiteralSyntax(token.Position, kind, token.Text);
    }

    private SyntaxNode Number()
    {
        var token = tokens[at++];
        var unit = Current;
        if (unit.Kind == TokenKind.String || (unit.Kind == TokenKind.Identifier && CalendarWords.Contains(unit.Text)))
        {
            at++;
            return new QuantitySyntax(token.Position, token.Text, unit.Text, unit.Kind == TokenKind.Identifier);
        }

        return new LiteralSyntax(token.Position, token.Kind == TokenKind.Integer ? FhirPathKind.Integer : FhirPathKind.Decimal, token.Text);
    }

    private SyntaxNode Invocation(SyntaxNode? input)
    {
        var token = Current;
        var depth = (input?.Depth ?? 0) + 1;
        if (token.Kind == TokenKind.Special)
        {
            at++;
            return input is null
                ? new SpecialSyntax(token.Position, token.Text)
                : throw new SyntaxFault($"${token.Text} cannot follow '.'; begin a path with it.", token.Position);
        }

        if (token.Kind is not (TokenKind.Identifier or TokenKind.Delimited))
        {
            throw Unexpected("the name of an element or function should follow '.'");
        }

        at++;
        if (token.Kind == TokenKind.Identifier && Current.IsSymbol("("))
        {
            at++;
            var arguments = new List<SyntaxNode>();
            while (!Current.IsSymbol(")"))
            {
                if (arguments.Count > 0)
                {
                    Expect(",");
                }

                var argument = token.Text == "sort" ? SortKey() : Expression(0);
                depth = Math.Max(depth, argument.Depth + 1);
                arguments.Add(argument);
            }

            at++;
            return new CallSyntax(token.Position, input, token.Text, arguments) { Depth = depth };
        }

        return new MemberSyntax(token.Position, input, token.Text, token.Kind == TokenKind.Delimited) { Depth = depth };
    }

    private SyntaxNode SortKey()
    {
        var key = Expression(0);
        if (Current.IsWord("asc") || Current.IsWord("desc"))
        {
            return new SortKeySyntax(key.Position, key, tokens[at++].Text == "desc") { Depth = key.Depth + 1 };
        }

        return key;
    }

    private TypeName TypeSpecifier()
    {
        var open = 0;
        while (Current.IsSymbol("("))
        {
            at++;
            open++;
        }

        var first = Current;
        if (first.Kind is not (TokenKind.Identifier or TokenKind.Delimited))
        {
            throw Unexpected("the name of a type should stand");
        }

        at++;
        string? space = null;
        var name = first.Text;
        while (Current.IsSymbol(".") && tokens[at + 1].Kind is TokenKind.Identifier or TokenKind.Delimited && !tokens[at + 2].IsSymbol("("))
        {
            space = space is null ? name : space + "." + name;
            name = tokens[at + 1].Text;
            at += 2;
        }

        for (; open > 0; open--)
        {
            Expect(")");
        }

        return new TypeName(space, name, first.Position);
    }

    private void Expect(string symbol)
    {
        if (!Current.IsSymbol(symbol))
        {
            throw Unexpected($"'{symbol}' should stand");
        }

        at++;
    }

    private SyntaxFault Unexpected(string wanted) => Current.Kind == TokenKind.End
        ? new SyntaxFault($"the expression ends where {wanted}.", Current.Position)
        : new SyntaxFault($"'{Current.Text}' stands where {wanted}.", Current.Position);
}
