using AtcFhir.R4.Definitions;
using AtcFhir.R4.Outcomes;
using AtcFhir.Store.Values;

namespace AtcFhir.Store.Search;

/// <summary>One parameter of a query -> one condition.</summary>
internal sealed class CriterionParser(SearchParameterRegistry registry)
{
    private const int DeepestChain = 8;

    /// <summary>Conditions and values of a whole query, counted with each type that a chain may lead to. SQL grows with them.</summary>
    private const int MostTerms = 1000;

    private const int MostIds = 10_000;

    /// <summary>Known, but under other names than these with a modifier: one that is not supported is an error. <see href="https://hl7.org/fhir/R4/search.html#modifiers"/></summary>
    private static readonly HashSet<string> Unmodified =
    [
        FilterCompiler.Name, "_list", "_text", "_content", "_sort", "_count", "_total", "_summary", "_elements", "_include", "_revinclude", "_contained", "_containedType", "_type", "_format", "_pretty",
    ];

    private int terms;

    /// <summary>The issue code not-supported means: this parameter is not known here and may be left out; anything else is an error in any case.</summary>
    public Result<Criterion> Parse(IReadOnlyList<string> types, string name, string value) => Parse(types, name, name, value, 0);

    private Result<Criterion> Parse(IReadOnlyList<string> types, string full, string name, string value, int depth)
    {
        if (depth > DeepestChain)
        {
            return SearchFailure.Parameter(full, $"a chain has at most {DeepestChain} links.", IssueCode.TooCostly);
        }

        if (Spend(full) is { } tooMuch)
        {
            return tooMuch;
        }

        if (name.StartsWith("_has:", StringComparison.Ordinal))
        {
            return Has(types, full, name, value, depth);
        }

        var dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot > 0)
        {
            return Chain(types, full, name[..dot], name[(dot + 1)..], value, depth);
        }

        var colon = name.IndexOf(':', StringComparison.Ordinal);
        var (code, modifier) = colon < 0 ? (name, "") : (name[..colon], name[(colon + 1)..]);
        return code switch
        {
            "_filter" when depth == 0 && modifier.Length == 0 => new FilterCompiler(this, registry).Compile(types, value),
            "_list" when depth == 0 && modifier.Length == 0 => List(types, full, value, depth),
            _ when modifier.Length > 0 && depth == 0 && Unmodified.Contains(code)
                => SearchFailure.Parameter(full, $"the modifier {modifier} does not apply to {code}."),
            NearCondition.Name when types.Contains("Location") => SearchFailure.Parameter(full, "positions are searched of Location alone, and not through chains.", IssueCode.NotSupported),
            "_id" => Id(full, modifier, value),
            "_lastUpdated" => Updated(full, modifier, value),
            _ => Find(types, full, code).TryGet(out var parameters, out var failure) ? Values(parameters, full, modifier, value) : failure,
        };
    }

    /// <summary>Counts one more condition or value; a failure when the query has too many.</summary>
    public Failure? Spend(string full)
        => ++terms > MostTerms ? SearchFailure.Parameter(full, $"the search has more than {MostTerms} conditions and values, counted with each type that its chains may lead to.", IssueCode.TooCostly) : null;

    /// <summary>The parameter of that code on each of the types; not-supported when one of them has none.</summary>
    public Result<SearchParameter[]> Find(IReadOnlyList<string> types, string full, string code)
    {
        var parameters = types.Select(type => registry.Of(type)?.Find(code)).OfType<SearchParameter>().ToArray();
        return parameters.Length == types.Count
            ? parameters
            : SearchFailure.Parameter(full, types.Count > 10 ? $"not every resource type has a search parameter {code}." : $"{Name(types)} has no search parameter {code} here.", IssueCode.NotSupported);
    }

    private static string Name(IReadOnlyList<string> types) => types.Count > 10 ? "Not every resource type" : string.Join(", ", types);

    private static Result<Criterion> Id(string full, string modifier, string value)
    {
        if (modifier is not ("" or "not"))
        {
            return SearchFailure.Parameter(full, $"the modifier {modifier} does not apply to _id.");
        }

        var ids = QueryText.Split(value, ',');
        return ids.Count <= MostIds
            ? new IdCriterion([.. ids.Select(QueryText.Unescape).Select(id => id[(id.LastIndexOf('/') + 1)..])], modifier == "not")
            : SearchFailure.Parameter(full, $"there are more than {MostIds} ids.", IssueCode.TooCostly);
    }

    private Result<Criterion> Updated(string full, string modifier, string value)
    {
        if (modifier.Length > 0)
        {
            return SearchFailure.Parameter(full, $"the modifier {modifier} does not apply to _lastUpdated.");
        }

        var operands = new List<DateOperand>();
        foreach (var text in QueryText.Split(value, ','))
        {
            if (Spend(full) is { } tooMuch)
            {
                return tooMuch;
            }

            if (!OperandParser.Date(full, text).TryGet(out var operand, out var failure))
            {
                return failure;
            }

            operands.Add((DateOperand)operand);
        }

        return new UpdatedCriterion(operands);
    }

    /// <summary>What a List refers to. <see href="https://hl7.org/fhir/R4/search.html#list"/></summary>
    private Result<Criterion> List(IReadOnlyList<string> types, string full, string value, int depth) => value.StartsWith('$')
        ? SearchFailure.Parameter(full, $"the functional list {value} is not kept here.", IssueCode.NotSupported)
        : Has(types, full, "_has:List:item:_id", value, depth);

    private Result<Criterion> Values(SearchParameter[] parameters, string full, string modifier, string value)
    {
        if (modifier == "missing")
        {
            return parameters[0].Sources.Count == 0 ? SearchFailure.Parameter(full, $"the modifier missing is not supported for a parameter of type {parameters[0].Type}.")
                : value is "true" or "false" ? new MissingCriterion(parameters, value == "true")
                : SearchFailure.Parameter(full, "expected true or false.");
        }

        var operands = new List<Operand>();
        var isReference = parameters[0].Type == SearchParameterType.Reference;
        foreach (var given in QueryText.Split(value, ',').Where(text => text.Length > 0))
        {
            var text = isReference ? registry.Local(given) : given;
            if (Spend(full) is { } tooMuch)
            {
                return tooMuch;
            }

            if (parameters[0].Type == SearchParameterType.Token && TokenExpansion.Applies(modifier))
            {
                if (!TokenExpansion.Of(registry.Terminology, full, modifier, text).TryGet(out var many, out var unknown))
                {
                    return unknown;
                }

                operands.AddRange(many);
                continue;
            }

            if (isReference && Hierarchy.Applies(modifier))
            {
                if (!Hierarchy.Of(registry, parameters, full, modifier, text).TryGet(out var related, out var unrelated))
                {
                    return unrelated;
                }

                operands.Add(related);
                continue;
            }

            if (!OperandParser.Parse(parameters[0], full, modifier, text).TryGet(out var operand, out var failure))
            {
                return failure;
            }

            operands.Add(operand);
        }

        return operands.Count > 0
            ? new ValueCriterion(parameters, operands, IsNegated: modifier is "not" or "not-in")
            : SearchFailure.Parameter(full, "there is no value.");
    }

    private Result<Criterion> Chain(IReadOnlyList<string> types, string full, string head, string rest, string value, int depth)
    {
        var colon = head.IndexOf(':', StringComparison.Ordinal);
        var (code, targetType) = colon < 0 ? (head, null) : (head[..colon], head[(colon + 1)..]);
        if (!Find(types, full, code).TryGet(out var references, out var failure))
        {
            return failure;
        }

        if (references[0].Type != SearchParameterType.Reference || (targetType is not null && !LocalReference.IsResourceType(targetType)))
        {
            return SearchFailure.Parameter(full, $"{head} is no reference that could be followed.");
        }

        var candidates = targetType is not null ? [targetType] : references.SelectMany(TargetTypes).Distinct(StringComparer.Ordinal);
        var targets = new List<(string, Criterion)>();
        foreach (var candidate in candidates)
        {
            if (Parse([candidate], full, rest, value, depth + 1).TryGet(out var condition, out var inner))
            {
                targets.Add((candidate, condition));
            }
            else if (targetType is not null || inner.Issues[0].Code != IssueCode.NotSupported)
            {
                return inner;
            }
        }

        return targets.Count > 0
            ? new ChainCriterion(references, targets)
            : SearchFailure.Parameter(full, $"none of the types that {code} can refer to has the parameter {rest}.", IssueCode.NotSupported);
    }

    public static IEnumerable<string> TargetTypes(SearchParameter reference)
        => reference.Sources is [{ TargetType: { } only }] ? [only] : reference.Definition.Targets;

    private Result<Criterion> Has(IReadOnlyList<string> types, string full, string name, string value, int depth)
    {
        var parts = name.Split(':', 4);
        if (parts.Length != 4 || registry.Of(parts[1]) is not { } source || source.Find(parts[2]) is not { Type: SearchParameterType.Reference } reference)
        {
            return SearchFailure.Parameter(full, $"expected _has:Type:reference:parameter, with a reference that {Name(types)} can be the target of.");
        }

        return Parse([parts[1]], full, parts[3], value, depth + 1).TryGet(out var condition, out var failure) ? new HasCriterion(reference, condition) : failure;
    }
}
