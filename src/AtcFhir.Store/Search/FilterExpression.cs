using System.Text.Json;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Store.Search;

/// <summary>
/// The text of _filter, taken apart. "not" binds before "and", "and" before "or". <see href="https://hl7.org/fhir/R4/search_filter.html"/>
/// </summary>
internal abstract record FilterExpression
{
    /// <param name="Path">subject.name; each but the last is a reference, perhaps with a filter on its targets.</param>
    public sealed record Test(IReadOnlyList<PathStep> Path, string Operator, string Value) : FilterExpression;

    public sealed record Not(FilterExpression Part) : FilterExpression;

    public sealed record And(FilterExpression Left, FilterExpression Right) : FilterExpression;

    public sealed record Or(FilterExpression Left, FilterExpression Right) : FilterExpression;

    public sealed record PathStep(string Name, FilterExpression? Filter);

    public static Result<FilterExpression> Parse(string text)
    {
        var reader = new Reader(text);
        var expression = reader.Or(0);
        return reader.Failure is { } failure ? failure : reader.IsAtEnd ? expression! : reader.Expected("and, or, or the end").Failure!;
    }

    private sealed class Reader(string text)
    {
        private const int Deepest = 30;

        /// <summary>Steps of all paths; what is built of them is walked by calls as deep as they are many.</summary>
        private const int MostSteps = 300;

        private static readonly HashSet<string> Operators =
            ["eq", "ne", "co", "sw", "ew", "gt", "lt", "ge", "le", "ap", "sa", "eb", "pr", "po", "ss", "sb", "in", "re"];

        private int at;
        private int steps;

        public Failure? Failure { get; private set; }

        public bool IsAtEnd
        {
            get
            {
                SkipSpace();
                return at == text.Length;
            }
        }

        public Reader Expected(string what)
        {
            Failure ??= SearchFailure.Parameter("_filter", string.Create(CultureInfo.InvariantCulture, $"at character {at + 1}, expected {what}."));
            return this;
        }

        public FilterExpression? Or(int depth)
        {
            var left = And(depth);
            while (Failure is null && TakeWord("or"))
            {
                left = new Or(left!, And(depth)!);
            }

            return left;
        }

        private FilterExpression? And(int depth)
        {
            var left = One(depth);
            while (Failure is null && TakeWord("and"))
            {
                left = new And(left!, One(depth)!);
            }

            return left;
        }

        private FilterExpression? One(int depth)
        {
            if (depth > Deepest)
            {
                Failure ??= SearchFailure.Parameter("_filter", "the filter is nested too deeply.", IssueCode.TooCostly);
                return null;
            }

            var start = at;
            if (TakeWord("not") && Peek() == '(')
            {
                return Parenthesis(depth) is { } inner ? new Not(inner) : null;
            }

            at = start;
            return Peek() == '(' ? Parenthesis(depth) : Comparison(depth);
        }

        private FilterExpression? Parenthesis(int depth)
        {
            at++;
            var inner = Or(depth + 1);
            return Failure is null && Take(')') ? inner : Nothing<FilterExpression>("a closing parenthesis");
        }

        private Test? Comparison(int depth)
        {
            var path = new List<PathStep>();
            do
            {
                if (++steps > MostSteps)
                {
                    Failure ??= SearchFailure.Parameter("_filter", $"the filter has more than {MostSteps} tests and steps.", IssueCode.TooCostly);
                    return null;
                }

                SkipSpace();
                var start = at;
                while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '_' or '-' or ':'))
                {
                    at++;
                }

                if (at == start)
                {
                    return Nothing<Test>("the name of a search parameter");
                }

                var name = text[start..at];
                FilterExpression? filter = null;
                if (at < text.Length && text[at] == '[')
                {
                    at++;
                    filter = Or(depth + 1);
                    if (Failure is not null || !Take(']'))
                    {
                        return Nothing<Test>("a closing bracket");
                    }
                }

                path.Add(new PathStep(name, filter));
            }
            while (at < text.Length && text[at] == '.' && ++at > 0);

            SkipSpace();
            if (at + 2 > text.Length || !Operators.Contains(text.Substring(at, 2)) || (at + 2 < text.Length && !char.IsWhiteSpace(text[at + 2])))
            {
                return Nothing<Test>("an operator such as eq");
            }

            var operation = text.Substring(at, 2);
            at += 2;
            return Value() is { } value ? new Test(path, operation, value) : null;
        }

        /// <summary>A JSON string, or everything up to white space, a parenthesis or a bracket.</summary>
        private string? Value()
        {
            SkipSpace();
            var start = at;
            if (at < text.Length && text[at] == '"')
            {
                for (at++; at < text.Length && text[at] != '"'; at++)
                {
                    at += text[at] == '\\' ? 1 : 0;
                }

                if (at >= text.Length)
                {
                    return Nothing<string>("a closing quotation mark");
                }

                at++;
                try
                {
                    return JsonSerializer.Deserialize<string>(text[start..at]);
                }
                catch (JsonException)
                {
                    return Nothing<string>("a JSON string");
                }
            }

            while (at < text.Length && !char.IsWhiteSpace(text[at]) && text[at] is not (')' or ']'))
            {
                at++;
            }

            return at > start ? text[start..at] : Nothing<string>("a value");
        }

        private T? Nothing<T>(string expected)
            where T : class
        {
            Expected(expected);
            return null;
        }

        private bool Take(char mark)
        {
            if (Peek() != mark)
            {
                return false;
            }

            at++;
            return true;
        }

        private char Peek()
        {
            SkipSpace();
            return at < text.Length ? text[at] : '\0';
        }

        /// <summary>A whole word, in any case.</summary>
        private bool TakeWord(string word)
        {
            SkipSpace();
            var end = at + word.Length;
            if (end > text.Length || !text.AsSpan(at, word.Length).Equals(word, StringComparison.OrdinalIgnoreCase) || (end < text.Length && !char.IsWhiteSpace(text[end]) && text[end] != '('))
            {
                return false;
            }

            at = end;
            return true;
        }

        private void SkipSpace()
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
            {
                at++;
            }
        }
    }
}
