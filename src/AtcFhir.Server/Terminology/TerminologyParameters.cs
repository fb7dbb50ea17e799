using AtcFhir.R4.Outcomes;
using AtcFhir.R4.Values;
using AtcFhir.Server.Fhir;

namespace AtcFhir.Server.Terminology;

/// <summary>
/// The parameters that an operation takes. Any other is refused by its name, since an answer that leaves one out of account would be the answer to another
/// question. <see href="https://hl7.org/fhir/R4/terminology-service.html"/>
/// </summary>
/// <param name="Names">What is supported.</param>
/// <param name="Refused">What R4 has besides, and we do not support.</param>
internal sealed record TerminologyParameters(string Operation, string[] Names, string[] Refused)
{
    public static readonly TerminologyParameters Expand = new(
        "$expand",
        [
            "activeOnly", "check-system-version", "count", "date", "designation", "displayLanguage", "exclude-system", "excludeNested", "excludeNotForUI", "excludePostCoordinated",
            "filter", "force-system-version", "includeDefinition", "includeDesignations", "offset", "system-version", "url", "valueSet", "valueSetVersion",
        ],
        ["context", "contextDirection"]);

    public static readonly TerminologyParameters ValidateInValueSet = new(
        "$validate-code",
        ["abstract", "code", "codeableConcept", "coding", "date", "display", "displayLanguage", "system", "systemVersion", "url", "valueSet", "valueSetVersion", "version"],
        ["context"]);

    public static readonly TerminologyParameters ValidateInCodeSystem = new(
        "$validate-code",
        ["abstract", "code", "codeableConcept", "codeSystem", "coding", "date", "display", "displayLanguage", "system", "systemVersion", "url", "version"],
        []);

    public static readonly TerminologyParameters Lookup = new("$lookup", ["code", "coding", "date", "displayLanguage", "property", "system", "version"], []);

    public static readonly TerminologyParameters Subsumes = new("$subsumes", ["codeA", "codeB", "codingA", "codingB", "system", "version"], []);

    public static readonly TerminologyParameters Translate = new(
        "$translate",
        ["code", "codeableConcept", "coding", "conceptMap", "conceptMapVersion", "dependency", "reverse", "source", "system", "target", "targetsystem", "url", "version"],
        []);

    private static readonly string[] Flags =
        ["abstract", "activeOnly", "excludeNested", "excludeNotForUI", "excludePostCoordinated", "includeDefinition", "includeDesignations", "reverse"];

    /// <summary>A clock of a client that is off, or a day that has begun elsewhere, is still now.</summary>
    private static readonly TimeSpan AboutNow = TimeSpan.FromDays(1);

    /// <summary>Why the operation cannot be carried out as asked; null when it can.</summary>
    public Failure? Refuse(OperationParameters given, DateTimeOffset now)
    {
        foreach (var name in given.Names.Where(name => !name.StartsWith('_') && !Names.Contains(name)))
        {
            return Refused.Contains(name)
                ? new Failure(FailureKind.Unprocessable, IssueCode.NotSupported, $"The parameter {name} of {Operation} is not supported here.")
                : new Failure(FailureKind.Malformed, IssueCode.NotSupported, $"{Operation} has no parameter {name}.");
        }

        if (Flags.FirstOrDefault(flag => given.Text(flag) is not (null or "true" or "false")) is { } unclear)
        {
            return new Failure(FailureKind.Malformed, IssueCode.Value, $"{unclear} has to be true or false.");
        }

        return given.Text("date") is { } date ? RefuseDate(date, now) : null;
    }

    /// <summary>Definitions are known as they are now, not as they were or will be. <see href="https://hl7.org/fhir/R4/valueset-operation-expand.html"/></summary>
    private static Failure? RefuseDate(string text, DateTimeOffset now)
        => !FhirDateTime.TryParse(text, out var date) ? new Failure(FailureKind.Malformed, IssueCode.Value, "date has to be a dateTime, such as 2026-11-24.")
            : date.Earliest > (now + AboutNow).UtcTicks || date.Latest < (now - AboutNow).UtcTicks
                ? new Failure(FailureKind.Unprocessable, IssueCode.NotSupported, "Only the present definitions are known here, not those of another date.")
                : null;
}
