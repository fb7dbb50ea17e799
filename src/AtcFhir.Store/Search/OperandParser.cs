using AtcFhir.R4.Definitions;
using AtcFhir.R4.Outcomes;
using AtcFhir.Store.Values;

namespace AtcFhir.Store.Search;

/// <summary>One value of a parameter, read by the parameter's type and the modifier.</summary>
internal static class OperandParser
{
    private static readonly Dictionary<string, Comparison> Prefixes = new(StringComparer.Ordinal)
    {
        ["eq"] = Comparison.Equal,
        ["ne"] = Comparison.NotEqual,
        ["gt"] = Comparison.Greater,
        ["lt"] = Comparison.Less,
        ["ge"] = Comparison.GreaterOrEqual,
        ["le"] = Comparison.LessOrEqual,
        ["sa"] = Comparison.StartsAfter,
        ["eb"] = Comparison.EndsBefore,
        ["ap"] = Comparison.Approximately,
    };

    public static Result<Operand> Parse(SearchParameter parameter, string full, string modifier, string text) => (parameter.Type, modifier) switch
    {
        (SearchParameterType.Token, "" or "not") => Token(text),
        (SearchParameterType.Token, "text") => new TokenTextOperand(SearchText.Fold(QueryText.Unescape(text))),
        (SearchParameterType.Token, "ofType" or "of-type") => IdentifierType(full, text),
        (SearchParameterType.String, "" or "exact" or "contains") => Text(full, modifier, text),
        (SearchParameterType.Reference, "") => new ReferenceOperand(QueryText.Unescape(text), null),
        (SearchParameterType.Reference, "identifier") => new ReferenceIdentifierOperand(Token(text)),
        (SearchParameterType.Reference, _) when LocalReference.IsResourceType(modifier) => new ReferenceOperand(QueryText.Unescape(text), modifier),
        (SearchParameterType.Date, "") => Date(full, text),
        (SearchParameterType.Number, "") => Number(full, text),
        (SearchParameterType.Quantity, "") => Quantity(full, text),
        (SearchParameterType.Uri, "") => new UriOperand(QueryText.Unescape(text), UriMatch.Equal),
        (SearchParameterType.Uri, "below") => new UriOperand(QueryText.Unescape(text), UriMatch.Below),
        (SearchParameterType.Uri, "above") => new UriOperand(QueryText.Unescape(text), UriMatch.Above),
        (SearchParameterType.Composite, "") => Composite(parameter, full, text),
        _ => SearchFailure.Parameter(full, $"the modifier {modifier} is not supported for a parameter of type {parameter.Type}."),
    };

    public static Result<Operand> Date(string full, string text)
    {
        var comparison = Prefix(ref text);
        return TimeRange.TryParse(text, out var range)
            ? new DateOperand(comparison, range)
            : SearchFailure.Parameter(full, "expected a date such as 2018, 2018-10-16 or 2018-10-16T08:30:00Z, perhaps with a prefix.");
    }

    private static TokenOperand Token(string text)
    {
        var parts = QueryText.Split(text, '|');
        if (parts.Count == 1)
        {
            return new TokenOperand(null, SearchText.FoldCode(QueryText.Unescape(text)));
        }

        var code = QueryText.Unescape(string.Join('|', parts.Skip(1)));
        return new TokenOperand(QueryText.Unescape(parts[0]), code.Length > 0 ? SearchText.FoldCode(code) : null);
    }

    private static Result<Operand> IdentifierType(string full, string text) => QueryText.Split(text, '|') is [var system, { Length: > 0 } code, { Length: > 0 } value]
        ? new IdentifierTypeOperand(new TokenOperand(QueryText.Unescape(system), SearchText.FoldCode($"{QueryText.Unescape(code)}|{QueryText.Unescape(value)}")))
        : SearchFailure.Parameter(full, "expected system|code|value: the type of the identifier and its value.");

    private static Result<Operand> Text(string full, string modifier, string text)
    {
        var plain = QueryText.Unescape(text);
        if (SearchText.Fold(plain).Length == 0)
        {
            return SearchFailure.Parameter(full, "there is no text to look for.");
        }

        return new StringOperand(plain, modifier switch
        {
            "exact" => TextMatch.Exact,
            "contains" => TextMatch.Contains,
            _ => TextMatch.StartsWith,
        });
    }

    private static Result<Operand> Number(string full, string text)
    {
        var comparison = Prefix(ref text);
        return NumberRange.TryParse(text, out var range)
            ? new NumberOperand(comparison, range)
            : SearchFailure.Parameter(full, "expected a number, perhaps with a prefix.");
    }

    private static Result<Operand> Quantity(string full, string text)
    {
        var parts = QueryText.Split(text, '|');
        var number = parts[0];
        var comparison = Prefix(ref number);
        if (parts.Count > 3 || !NumberRange.TryParse(number, out var range))
        {
            return SearchFailure.Parameter(full, "expected number, number|system|code or number||code, perhaps with a prefix.");
        }

        return new QuantityOperand(comparison, range, Given(parts, 1), Given(parts, 2));
    }

    private static string? Given(List<string> parts, int index) => index < parts.Count && parts[index].Length > 0 ? QueryText.Unescape(parts[index]) : null;

    private static Result<Operand> Composite(SearchParameter parameter, string full, string text)
    {
        var components = parameter.Composites[0].Components;
        var texts = QueryText.Split(text, '$');
        if (texts.Count != components.Count)
        {
            return SearchFailure.Parameter(full, $"expected {components.Count} parts with $ between them.");
        }

        var parts = new List<Operand>();
        foreach (var (component, part) in components.Zip(texts))
        {
            if (!Parse(component.Parameter, full, "", part).TryGet(out var operand, out var failure))
            {
                return failure;
            }

            parts.Add(operand);
        }

        return new CompositeOperand(parts);
    }

    private static Comparison Prefix(ref string text)
    {
        if (text.Length < 2 || !Prefixes.TryGetValue(text[..2], out var comparison))
        {
            return Comparison.Equal;
        }

        text = text[2..];
        return comparison;
    }
}
