using AtcFhir.R4.Outcomes;
using AtcFhir.Store.Search;
using AtcFhir.Validation.Terminology.Operations;

namespace AtcFhir.Server.Terminology;

/// <summary>What a search asks of terminology (<c>:in</c>, <c>:not-in</c>, <c>:below</c>, <c>:above</c>), answered from what the operations answer from.</summary>
internal sealed class SearchTerminology(StoredTerminology terminology) : ISearchTerminology
{
    /// <summary>True of parameters that ask; what is stored has to be followed before they are parsed.</summary>
    public static bool IsAskedBy(string parameter)
        => parameter == "_filter" || (parameter.LastIndexOf(':') is >= 0 and var colon && parameter[(colon + 1)..] is "in" or "not-in" or "below" or "above");

    public Result<IReadOnlyList<SystemCode>> Members(string valueSet)
        => Listed(terminology.Latest.CodesOf(new DefinitionChoice(terminology.CanonicalOf(valueSet) ?? valueSet)));

    public Result<IReadOnlyList<SystemCode>> Below(string? system, string code) => Listed(terminology.Latest.Hierarchy(system, code, below: true));

    public Result<IReadOnlyList<SystemCode>> Above(string? system, string code) => Listed(terminology.Latest.Hierarchy(system, code, below: false));

    private static Result<IReadOnlyList<SystemCode>> Listed(Result<IReadOnlyList<(string System, string Code)>> found)
        => found.TryGet(out var codes, out var failure) ? codes.Select(code => new SystemCode(code.System, code.Code)).ToList() : failure;
}
