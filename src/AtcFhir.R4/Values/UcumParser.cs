namespace AtcFhir.R4.Values;

/// <summary>
/// Reads a case-sensitive unit code by the grammar of UCUM. <see href="https://ucum.org/ucum#section-Syntax-Rules"/>
/// </summary>
internal ref struct UcumParser(ReadOnlySpan<char> code, Func<string, UcumUnit?> symbol)
{
    /// <summary>Enough for any real power, small enough to stay cheap.</summary>
    private const int MaxExponentDigits = 3;

    private readonly ReadOnlySpan<char> code = code;
    private int at;

    /// <summary>Null when the code is not of the grammar or a symbol in it is unknown.</summary>
    public UcumUnit? Parse()
    {
        var unit = MainTerm();
        return at == code.Length ? unit : null;
    }

    private char Current => at < code.Length ? code[at] : '\0';

    private UcumUnit? MainTerm() => Current == '/' ? Rest(UcumUnit.One) : Rest(Component());

    /// <summary>Products and quotients are read from left to right.</summary>
    private UcumUnit? Rest(UcumUnit? left)
    {
        while (left is not null && Current is '.' or '/')
        {
            var sign = code[at++] == '/' ? -1 : 1;
            left = Component() is { } right ? left.Times(right, sign) : null;
        }

        return left;
    }

    /// <summary>An annotation may stand alone and behind anything; FHIR's own list of units has it behind parentheses and numbers.</summary>
    private UcumUnit? Component()
    {
        var unit = Current switch
        {
            '{' => UcumUnit.One,
            '(' => Parenthesis(),
            _ => Factor() ?? Symbol(),
        };
        return unit is not null && (Current != '{' || Annotation()) ? unit : null;
    }

    private UcumUnit? Parenthesis()
    {
        at++;
        var inner = MainTerm();
        if (Current != ')')
        {
            return null;
        }

        at++;
        return inner;
    }

    /// <summary>A whole number, but not the symbol 10* or 10^.</summary>
    private UcumUnit? Factor()
    {
        var end = at;
        while (end < code.Length && char.IsAsciiDigit(code[end]))
        {
            end++;
        }

        if (end == at || (end < code.Length && code[end] is '*' or '^'))
        {
            return null;
        }

        var number = System.Numerics.BigInteger.Parse(code[at..end], NumberStyles.None, CultureInfo.InvariantCulture);
        at = end;
        return number.IsZero ? null : UcumUnit.One.Scale(Rational.Of(number));
    }

    private UcumUnit? Symbol()
    {
        var start = at;
        if (code[at..] is ['1', '0', '*' or '^', ..])
        {
            at += 3;
        }

        for (var bracket = false; at < code.Length && (bracket || !EndsSymbol(code[at])); at++)
        {
            bracket = code[at] switch { '[' => true, ']' => false, _ => bracket };
        }

        return at > start && symbol(code[start..at].ToString()) is { } unit && Exponent() is { } exponent ? unit.Power(exponent) : null;
    }

    private static bool EndsSymbol(char next) => next is '.' or '/' or '(' or ')' or '{' or '}' or '+' or '-' || char.IsAsciiDigit(next);

    private int? Exponent()
    {
        var negative = Current == '-';
        var signed = Current is '-' or '+';
        at += signed ? 1 : 0;
        var (start, exponent) = (at, 0);
        while (char.IsAsciiDigit(Current) && at - start < MaxExponentDigits)
        {
            exponent = exponent * 10 + (code[at++] - '0');
        }

        return at == start ? signed ? null : 1 : negative ? -exponent : exponent;
    }

    /// <summary>Printable ASCII; spaces too, since the units that FHIR lists have them ("{# of fetuses}").</summary>
    private bool Annotation()
    {
        var length = code[at..].IndexOf('}');
        if (length < 0 || code.Slice(at + 1, length - 1).ContainsAnyExceptInRange(' ', '~') || code.Slice(at + 1, length - 1).Contains('{'))
        {
            return false;
        }

        at += length + 1;
        return true;
    }
}
