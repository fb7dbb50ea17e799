using AtcFhir.R4.Definitions;
using AtcFhir.R4.Outcomes;
using AtcFhir.Store.Values;

namespace AtcFhir.Store.Search;

/// <summary>
/// When care took place, as opposed to when it was recorded: for each type the search parameter that says so. Types without one, and resources that
/// do not say it, belong to every period. <see href="https://hl7.org/fhir/R4/patient-operation-everything.html"/>
/// </summary>
public static class CareDates
{
    /// <summary>The parameters to look for, in this order; the first that a type has is its own.</summary>
    private static readonly string[] Codes =
    [
        "date", "effective", "effective-time", "occurrence", "occurrence-date", "onset-date", "authoredon", "authored", "authored-on", "whenhandedover", "started",
        "collected", "sent", "start-date", "created", "period", "recorded-date", "servicedate", "issued",
    ];

    private static readonly Lazy<ILookup<string, string>> TypesByCode = new(() => Compartment()
        .Select(type => (Type: type, Code: Array.Find(Codes, code => SearchParameterRegistry.R4.Of(type)?.Find(code)?.Type == SearchParameterType.Date)))
        .Where(entry => entry.Code is not null).ToLookup(entry => entry.Code!, entry => entry.Type));

    /// <summary>The same search, without what is known to have taken place before a day or after another; both as in a URL ("2018-10"), null for open.</summary>
    public static Result<SearchQuery> Between(SearchQuery query, string? start, string? end)
    {
        if (start is null && end is null)
        {
            return query;
        }

        if (!Bound("start", start).TryGet(out var from, out var failure) || !Bound("end", end).TryGet(out var to, out failure))
        {
            return failure;
        }

        var dated = TypesByCode.Value.SelectMany(group => group).ToList();
        List<Criterion> any = [new NotCriterion(new TypeCriterion(dated))];
        foreach (var group in TypesByCode.Value)
        {
            var parameters = group.Select(type => SearchParameterRegistry.R4.Of(type)!.Find(group.Key)!).ToList();
            List<Criterion> within = [];
            if (from is not null)
            {
                within.Add(new ValueCriterion(parameters, [new DateOperand(Comparison.GreaterOrEqual, from.Value)]));
            }

            if (to is not null)
            {
                within.Add(new ValueCriterion(parameters, [new DateOperand(Comparison.LessOrEqual, to.Value)]));
            }

            any.Add(new AllCriterion([new TypeCriterion([.. group]), new AnyCriterion([new MissingCriterion(parameters, IsMissing: true), new AllCriterion(within)])]));
        }

        return query with { Criteria = [.. query.Criteria, new AnyCriterion(any)], Scope = $"{query.Scope}|{start}..{end}" };
    }

    private static IEnumerable<string> Compartment() => R4Definitions.Compartments.First(definition => definition.Code == "Patient").Parameters.Keys;

    private static Result<TimeRange?> Bound(string name, string? text)
    {
        if (text is null)
        {
            return (TimeRange?)null;
        }

        return TimeRange.TryParse(text, out var range) ? (TimeRange?)range : SearchFailure.Parameter(name, "expected a date such as 2018-10-16.");
    }
}
