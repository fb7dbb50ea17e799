using AtcFhir.R4.Outcomes;

namespace AtcFhir.Validation.Terminology.Operations;

/// <summary>How two codes of a system stand to each other. <see href="https://hl7.org/fhir/R4/codesystem-operation-subsumes.html"/></summary>
internal static class Subsumption
{
    /// <summary>equivalent, subsumes, subsumed-by or not-subsumed.</summary>
    public static Result<string> Between(TerminologyService terminology, string system, string? version, string codeA, string codeB)
    {
        if (SystemByRule.Has(system))
        {
            return codeA == codeB && SystemByRule.Knows(system, codeA) == true
                ? "equivalent"
                : new Failure(FailureKind.Unprocessable, IssueCode.NotSupported, $"{SystemByRule.NameOf(system)} has no hierarchy here.");
        }

        var known = terminology.CodeSystems(version is null ? system : $"{system}|{version}");
        if (known.Length == 0)
        {
            return new Failure(FailureKind.NotFound, IssueCode.NotFound, $"The code system {system}{(version is null ? "" : "|" + version)} is not known here{terminology.OtherVersionsOfSystem($"{system}|{version}")}.");
        }

        var model = Array.Find(known, candidate => candidate.Find(codeA) is not null && candidate.Find(codeB) is not null);
        if (model is null)
        {
            var missing = known[0].Find(codeA) is null ? codeA : codeB;
            return new Failure(FailureKind.NotFound, IssueCode.NotFound, $"The code system {system} has no code '{missing}' here.");
        }

        return (model.IsA(codeB, codeA), model.IsA(codeA, codeB)) switch
        {
            (true, true) => "equivalent",
            (true, false) => "subsumes",
            (false, true) => "subsumed-by",
            _ => "not-subsumed",
        };
    }
}
