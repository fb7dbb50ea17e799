using AtcFhir.R4.Definitions;
using AtcFhir.R4.Outcomes;
using AtcFhir.Store.Values;

namespace AtcFhir.Store.Search;

/// <summary>Operator and value of a test in _filter, by the type of its parameter. Values are never compared by case. <see href="https://hl7.org/fhir/R4/search_filter.html#ops"/></summary>
internal static class FilterOperand
{
    public static Result<IReadOnlyList<Operand>> Of(ISearchTerminology? terminology, SearchParameter parameter, string name, string operation, string value)
    {
        var full = $"_filter: {name} {operation}";
        switch (parameter.Type, operation)
        {
            case (SearchParameterType.String, "eq"):
                return Text(full, value, TextMatch.Equal);
            case (SearchParameterType.String, "ne"):
                return Text(full, value, TextMatch.Equal).TryGet(out var equal, out var noText) ? Not(equal) : noText;
            case (SearchParameterType.String, "co"):
                return Text(full, value, TextMatch.Contains);
            case (SearchParameterType.String, "sw"):
                return Text(full, value, TextMatch.StartsWith);
            case (SearchParameterType.String, "ew"):
                return Text(full, value, TextMatch.EndsWith);
            case (SearchParameterType.Token or SearchParameterType.Uri, "co"):
                return Part(parameter, value, TextMatch.Contains);
            case (SearchParameterType.Token or SearchParameterType.Uri, "sw"):
                return Part(parameter, value, TextMatch.StartsWith);
            case (SearchParameterType.Token or SearchParameterType.Uri, "ew"):
                return Part(parameter, value, TextMatch.EndsWith);
            case (SearchParameterType.Token, "in"):
                return TokenExpansion.Of(terminology, full, "in", value);
            case (SearchParameterType.Token, "ss"):
                return TokenExpansion.Of(terminology, full, "below", value);
            case (SearchParameterType.Token, "sb"):
                return TokenExpansion.Of(terminology, full, "above", value);
            case (SearchParameterType.Uri, "ss"):
                return One(new UriOperand(value, UriMatch.Below));
            case (SearchParameterType.Uri, "sb"):
                return One(new UriOperand(value, UriMatch.Above));
            case (SearchParameterType.Token or SearchParameterType.Reference or SearchParameterType.Uri or SearchParameterType.Composite, "eq") or (SearchParameterType.Reference, "re"):
                return Parsed(parameter, full, value);
            case (SearchParameterType.Token or SearchParameterType.Reference or SearchParameterType.Uri, "ne"):
                return Parsed(parameter, full, value).TryGet(out var same, out var unclear) ? Not(same) : unclear;
            case (SearchParameterType.Date, "po"):
                return OperandParser.Date(full, value).TryGet(out var date, out unclear) ? One((DateOperand)date with { Comparison = Comparison.Overlaps }) : unclear;
            case (SearchParameterType.Date or SearchParameterType.Number or SearchParameterType.Quantity, "eq" or "ne" or "gt" or "lt" or "ge" or "le" or "ap" or "sa" or "eb"):
                return Parsed(parameter, full, operation + value);
            default:
                return SearchFailure.Parameter("_filter", $"the operator {operation} does not apply to {name}, which is of type {parameter.Type}.");
        }
    }

    private static Result<IReadOnlyList<Operand>> Parsed(SearchParameter parameter, string full, string value)
        => OperandParser.Parse(parameter, full, "", value).TryGet(out var operand, out var failure) ? One(operand) : failure;

    private static Result<IReadOnlyList<Operand>> Text(string full, string value, TextMatch match)
        => SearchText.Fold(value).Length == 0 ? SearchFailure.Parameter(full, "there is no text to look for.") : One(new StringOperand(value, match));

    /// <summary>A part of a code (folded, as the index has it) or of a URI.</summary>
    private static Result<IReadOnlyList<Operand>> Part(SearchParameter parameter, string value, TextMatch match)
        => One(new PartOperand(parameter.Type == SearchParameterType.Token ? SearchText.FoldCode(value) : value, parameter.Type, match));

    private static Result<IReadOnlyList<Operand>> Not(IReadOnlyList<Operand> operands) => operands.Select(Operand (operand) => new UnequalOperand(operand)).ToList();

    private static Result<IReadOnlyList<Operand>> One(Operand operand) => new Operand[] { operand };
}
