using AtcFhir.R4.Outcomes;
using AtcFhir.Store.Values;

namespace AtcFhir.Store.Search;

/// <summary>
/// What _text and _content look for: words, "phrases", beginnings*, with AND (or nothing), OR and parentheses; case and accents do not matter.
/// <see href="https://hl7.org/fhir/R4/search.html#content"/>
/// </summary>
internal abstract record TextExpression
{
    private const int Deepest = 20;

    /// <summary>Whether the words of a text fulfil it.</summary>
    public abstract bool Matches(TextWords words);

    public static Result<TextExpression> Parse(string parameter, string text)
    {
        var tokens = Tokens(text);
        var at = 0;
        return Or(tokens, ref at, 0) is { } expression && at == tokens.Count
            ? expression
            : SearchFailure.Parameter(parameter, "expected words, perhaps with AND, OR, parentheses, \"phrases\" and beginnings*.");
    }

    private static TextExpression? Or(List<string> tokens, ref int at, int depth)
    {
        var any = new List<TextExpression>();
        do
        {
            if (depth > Deepest || And(tokens, ref at, depth) is not { } one)
            {
                return null;
            }

            any.Add(one);
        }
        while (at < tokens.Count && tokens[at] is "OR" or "|" && ++at > 0);

        return any is [var only] ? only : new AnyOfThem(any);
    }

    private static TextExpression? And(List<string> tokens, ref int at, int depth)
    {
        var all = new List<TextExpression>();
        while (at < tokens.Count && tokens[at] is not ("OR" or "|" or ")"))
        {
            if (tokens[at] is "AND" && all.Count > 0)
            {
                at++;
            }

            if (at >= tokens.Count || One(tokens, ref at, depth) is not { } one)
            {
                return null;
            }

            all.Add(one);
        }

        return all.Count == 0 ? null : all is [var only] ? only : new AllOfThem(all);
    }

    private static TextExpression? One(List<string> tokens, ref int at, int depth)
    {
        var token = tokens[at++];
        if (token == "(")
        {
            return Or(tokens, ref at, depth + 1) is { } inner && at < tokens.Count && tokens[at++] == ")" ? inner : null;
        }

        var isPrefix = token.Length > 1 && token[^1] == '*';
        var words = TextWords.Split(token).ToList();
        return words.Count == 0 ? null : new Phrase(words, isPrefix);
    }

    private static List<string> Tokens(string text)
    {
        var tokens = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
            }
            else if (text[at] is '(' or ')' or '|')
            {
                tokens.Add(text[at++].ToString());
            }
            else if (text[at] == '"')
            {
                var end = text.IndexOf('"', at + 1);
                end = end < 0 ? text.Length : end;
                tokens.Add(text[(at + 1)..end]);
                at = end + 1;
            }
            else
            {
                var start = at;
                while (at < text.Length && !char.IsWhiteSpace(text[at]) && text[at] is not ('(' or ')' or '"' or '|'))
                {
                    at++;
                }

                tokens.Add(text[start..at]);
            }
        }

        return tokens;
    }

    private sealed record AnyOfThem(IReadOnlyList<TextExpression> Parts) : TextExpression
    {
        public override bool Matches(TextWords words) => Parts.Any(part => part.Matches(words));
    }

    private sealed record AllOfThem(IReadOnlyList<TextExpression> Parts) : TextExpression
    {
        public override bool Matches(TextWords words) => Parts.All(part => part.Matches(words));
    }

    private sealed record Phrase(IReadOnlyList<string> Words, bool IsPrefix) : TextExpression
    {
        public override bool Matches(TextWords words) => words.Has(Words, IsPrefix);
    }
}
