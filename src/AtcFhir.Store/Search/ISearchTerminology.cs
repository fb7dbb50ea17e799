using AtcFhir.R4.Outcomes;

namespace AtcFhir.Store.Search;

/// <summary>
/// What a search asks of terminology. The store knows no code systems itself; whoever opens it may.
/// <see href="https://hl7.org/fhir/R4/search.html#token"/>
/// </summary>
public interface ISearchTerminology
{
    /// <summary>All codes of a value set, by its URL (perhaps with a version) or as ValueSet/id; a failure when it is not known or cannot be listed.</summary>
    Result<IReadOnlyList<SystemCode>> Members(string valueSet);

    /// <summary>The code and all that it subsumes; with a null system of every system that has it.</summary>
    Result<IReadOnlyList<SystemCode>> Below(string? system, string code);

    /// <summary>The code and all that subsume it.</summary>
    Result<IReadOnlyList<SystemCode>> Above(string? system, string code);
}

public readonly record struct SystemCode(string System, string Code);
