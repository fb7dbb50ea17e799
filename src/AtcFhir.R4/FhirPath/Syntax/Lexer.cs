using System.Text;

namespace AtcFhir.R4.FhirPath.Syntax;

/// <summary>Text to tokens. <see href="https://hl7.org/fhirpath/N1/#lexical-elements"/></summary>
internal sealed class Lexer(string text)
{
    private static readonly string[] TwoCharacterSymbols = ["<=", ">=", "!=", "!~"];

    private int at;

    public List<Token> Tokens()
    {
        var tokens = new List<Token>();
        while (true)
        {
            SkipBlank();
            var token = Next();
            tokens.Add(token with { End = at });
            if (token.Kind == TokenKind.End)
            {
                return tokens;
            }
        }
    }

    private char Peek(int ahead = 0) => at + ahead < text.Length ? text[at + ahead] : '\0';

    private void SkipBlank()
    {
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]) || text[at] == '\uFEFF')
            {
                at++;
            }
            else if (Peek() == '/' && Peek(1) == '/')
            {
                var end = text.AsSpan(at).IndexOfAny('\r', '\n');
                at = end < 0 ? text.Length : at + end;
            }
            else if (Peek() == '/' && Peek(1) == '*')
            {
                var end = text.IndexOf("*/", at + 2, StringComparison.Ordinal);
                at = end < 0 ? throw new SyntaxFault("this comment is not closed; end it with */.", at) : end + 2;
            }
            else
            {
                return;
            }
        }
    }

    private Token Next()
    {
        var start = at;
        if (at >= text.Length)
        {
            return new Token(TokenKind.End, "", start);
        }

        var c = text[at];
        switch (c)
        {
            case '\'':
                return new Token(TokenKind.String, Quoted(c), start);
            case '`':
                return new Token(TokenKind.Delimited, Quoted(c), start);
            case '%':
                at++;
                return new Token(TokenKind.External, Peek() switch
                {
                    '`' or '\'' => Quoted(Peek()),
                    _ when IsIdentifierStart(Peek()) => ExternalWord(),
                    _ => throw new SyntaxFault("a variable name must follow %, such as %resource or %`my-name`.", start),
                }, start);
            case '$':
                at++;
                var special = Word();
                return special is "this" or "index" or "total"
                    ? new Token(TokenKind.Special, special, start)
                    : throw new SyntaxFault($"${special} is not known; there are $this, $index and $total.", start);
            case '@':
                return Temporal();
            case >= '0' and <= '9':
                return Number();
        }

        if (IsIdentifierStart(c))
        {
            return new Token(TokenKind.Identifier, Word(), start);
        }

        foreach (var symbol in TwoCharacterSymbols)
        {
            if (text.AsSpan(at).StartsWith(symbol))
            {
                at += 2;
                return new Token(TokenKind.Symbol, symbol, start);
            }
        }

        if ("()[]{}.,+-*/|&<>=~:".Contains(c, StringComparison.Ordinal))
        {
            at++;
            return new Token(TokenKind.Symbol, c.ToString(), start);
        }

        throw new SyntaxFault($"the character '{c}' (U+{(int)c:X4}) has no meaning here; strings stand in single quotes.", start);
    }

    private static bool IsIdentifierStart(char c) => char.IsAsciiLetter(c) || c == '_';

    private string Word()
    {
        var start = at;
        while (IsIdentifierStart(Peek()) || char.IsAsciiDigit(Peek()))
        {
            at++;
        }

        return text[start..at];
    }

    // R4's own expressions write %vs-name and %ext-name without delimiters as well; there is no other reading of that than a name.
    private string ExternalWord()
    {
        var start = at;
        var word = Word();
        if (word is "vs" or "ext" && Peek() == '-' && IsIdentifierStart(Peek(1)))
        {
            while (IsIdentifierStart(Peek()) || char.IsAsciiDigit(Peek()) || (Peek() == '-' && IsIdentifierStart(Peek(1))))
            {
                at++;
            }
        }

        return text[start..at];
    }

    private Token Number()
    {
        var start = at;
        Digits();
        if (Peek() == '.' && char.IsAsciiDigit(Peek(1)))
        {
            at++;
            Digits();
            return new Token(TokenKind.Decimal, text[start..at], start);
        }

        if (Peek() == 'L' && !IsIdentifierStart(Peek(1)) && !char.IsAsciiDigit(Peek(1)))
        {
            throw new SyntaxFault("Long literals (trial use in FHIRPath) are not supported; write a decimal, such as 1.0.", start);
        }

        return new Token(TokenKind.Integer, text[start..at], start);
    }

    private void Digits()
    {
        while (char.IsAsciiDigit(Peek()))
        {
            at++;
        }
    }

    private Token Temporal()
    {
        var start = at++;
        if (Peek() == 'T')
        {
            at++;
            TimeOfDay(start);
            return new Token(TokenKind.Time, text[(start + 2)..at], start);
        }

        Fixed(4, start);
        if (Peek() == '-' && char.IsAsciiDigit(Peek(1)) && char.IsAsciiDigit(Peek(2)))
        {
            at += 3;
            if (Peek() == '-' && char.IsAsciiDigit(Peek(1)) && char.IsAsciiDigit(Peek(2)))
            {
                at += 3;
            }
        }

        if (Peek() != 'T')
        {
            return new Token(TokenKind.Date, text[(start + 1)..at], start);
        }

        at++;
        if (char.IsAsciiDigit(Peek()))
        {
            TimeOfDay(start);
            if (Peek() == 'Z')
            {
                at++;
            }
            else if (Peek() is '+' or '-' && char.IsAsciiDigit(Peek(1)) && char.IsAsciiDigit(Peek(2)) && Peek(3) == ':')
            {
                at += 4;
                Fixed(2, start);
            }
        }

        return new Token(TokenKind.DateTime, text[(start + 1)..at], start);
    }

    private void TimeOfDay(int start)
    {
        Fixed(2, start);
        for (var part = 0; part < 2 && Peek() == ':'; part++)
        {
            at++;
            Fixed(2, start);
            if (part == 1 && Peek() == '.' && char.IsAsciiDigit(Peek(1)))
            {
                at++;
                Digits();
            }
        }
    }

    private void Fixed(int digits, int start)
    {
        for (var i = 0; i < digits; i++, at++)
        {
            if (!char.IsAsciiDigit(Peek()))
            {
                throw new SyntaxFault("a date or time literal looks like @2015-02-04, @2015-02-04T14:34:28+09:00 or @T14:34.", start);
            }
        }
    }

    private string Quoted(char quote)
    {
        var start = at++;
        var value = new StringBuilder();
        while (true)
        {
            if (at >= text.Length)
            {
                throw new SyntaxFault($"the text that begins here is not closed; end it with {quote}.", start);
            }

            var c = text[at++];
            if (c == quote)
            {
                return value.ToString();
            }

            if (c != '\\' || at >= text.Length)
            {
                value.Append(c);
                continue;
            }

            c = text[at++];
            switch (c)
            {
                case 'n': value.Append('\n'); break;
                case 'r': value.Append('\r'); break;
                case 't': value.Append('\t'); break;
                case 'f': value.Append('\f'); break;
                case 'u' when at + 4 <= text.Length && ushort.TryParse(text.AsSpan(at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit):
                    value.Append((char)unit);
                    at += 4;
                    break;
                default: value.Append(c); break; // a backslash that begins no escape is dropped
            }
        }
    }
}
