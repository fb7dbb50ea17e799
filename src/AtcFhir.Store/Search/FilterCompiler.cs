using AtcFhir.R4.Definitions;
using AtcFhir.R4.Outcomes;
using AtcFhir.Store.Values;

namespace AtcFhir.Store.Search;

/// <summary>_filter -> one condition. Tests are about the search parameters of the types searched. <see href="https://hl7.org/fhir/R4/search_filter.html"/></summary>
internal sealed class FilterCompiler(CriterionParser criteria, SearchParameterRegistry registry)
{
    /// <summary>The parameter. What of it is not supported is an error for lenient clients too: a filter cannot be half applied, and without it everything matches.</summary>
    public const string Name = "_filter";

    public Result<Criterion> Compile(IReadOnlyList<string> types, string text)
        => FilterExpression.Parse(text).TryGet(out var expression, out var failure) ? Of(types, expression) : failure;

    private Result<Criterion> Of(IReadOnlyList<string> types, FilterExpression expression)
    {
        Failure? failure;
        switch (expression)
        {
            case FilterExpression.Not not:
                return Of(types, not.Part).TryGet(out var part, out failure) ? new NotCriterion(part) : failure;
            case FilterExpression.And and:
                return Of(types, and.Left).TryGet(out var left, out failure) && Of(types, and.Right).TryGet(out var right, out failure)
                    ? new AllCriterion([left, right])
                    : failure;
            case FilterExpression.Or or:
                return Of(types, or.Left).TryGet(out var first, out failure) && Of(types, or.Right).TryGet(out var second, out failure)
                    ? new AnyCriterion([first, second])
                    : failure;
            default:
                return Test(types, (FilterExpression.Test)expression, 0);
        }
    }

    private Result<Criterion> Test(IReadOnlyList<string> types, FilterExpression.Test test, int step)
    {
        if (criteria.Spend(Name) is { } tooMuch)
        {
            return tooMuch;
        }

        var (name, filter) = test.Path[step];
        if (step == test.Path.Count - 1)
        {
            return filter is null ? Leaf(types, name, test.Operator, test.Value) : SearchFailure.Parameter(Name, $"behind {name}[…] a parameter of its targets has to follow.");
        }

        var (code, only) = name.Split(':') is [var front, var back] ? (front, back) : (name, null);
        if (!criteria.Find(types, Name, code).TryGet(out var references, out var failure))
        {
            return failure;
        }

        if (references[0].Type != SearchParameterType.Reference)
        {
            return SearchFailure.Parameter(Name, $"{code} is no reference that could be followed.");
        }

        var targets = new List<(string, Criterion)>();
        foreach (var target in only is null ? references.SelectMany(CriterionParser.TargetTypes).Distinct(StringComparer.Ordinal) : [only])
        {
            Criterion? condition = null;
            if (Test([target], test, step + 1).TryGet(out var rest, out failure))
            {
                condition = filter is null ? rest : Of([target], filter).TryGet(out var inner, out failure) ? new AllCriterion([inner, rest]) : null;
            }

            if (condition is not null)
            {
                targets.Add((target, condition));
            }
            else if (only is not null || failure!.Issues[0].Code != IssueCode.NotSupported)
            {
                return failure!;
            }
        }

        return targets.Count > 0 ? new ChainCriterion(references, targets) : SearchFailure.Parameter(Name, $"nothing that {code} can refer to has these parameters.", IssueCode.NotSupported);
    }

    private Result<Criterion> Leaf(IReadOnlyList<string> types, string name, string operation, string value)
    {
        switch (name)
        {
            case "_id" when operation is "eq" or "ne" or "re":
                return new IdCriterion([value[(value.LastIndexOf('/') + 1)..]], operation == "ne");
            case "_id" or "_lastUpdated" when operation == "pr":
                return value == "true" ? new NotCriterion(new TypeCriterion([])) : new TypeCriterion([]);
            case "_lastUpdated" when operation is not ("po" or "co" or "sw" or "ew" or "ss" or "sb" or "in" or "re"):
                return OperandParser.Date(Name, operation + value).TryGet(out var time, out var wrong) ? new UpdatedCriterion([(DateOperand)time]) : wrong;
            case var has when has.StartsWith("_has:", StringComparison.Ordinal):
                return Has(has, operation, value);
        }

        if (!criteria.Find(types, Name, name).TryGet(out var parameters, out var failure))
        {
            return failure;
        }

        if (operation == "pr")
        {
            return value is "true" or "false" && parameters[0].Sources.Count > 0
                ? new MissingCriterion(parameters, IsMissing: value == "false")
                : SearchFailure.Parameter(Name, $"{name} pr: expected true or false.");
        }

        return FilterOperand.Of(registry.Terminology, parameters[0], name, operation, value).TryGet(out var operands, out failure)
            ? new ValueCriterion(parameters, operands)
            : failure;
    }

    private Result<Criterion> Has(string name, string operation, string value)
    {
        if (criteria.Spend(Name) is { } tooMuch)
        {
            return tooMuch;
        }

        var parts = name.Split(':', 4);
        return parts.Length != 4 || registry.Of(parts[1])?.Find(parts[2]) is not { Type: SearchParameterType.Reference } reference
            ? SearchFailure.Parameter(Name, "expected _has:Type:reference:parameter.")
            : Leaf([parts[1]], parts[3], operation, value).TryGet(out var condition, out var failure) ? new HasCriterion(reference, condition) : failure;
    }
}
