namespace AtcFhir.R4.Outcomes;

/// <summary>How grave an issue is. <see href="https://hl7.org/fhir/R4/valueset-issue-severity.html"/></summary>
public enum IssueSeverity
{
    Fatal,
    Error,
    Warning,
    Information,
}

/// <summary>
/// One finding about an input: what is wrong, where, and how to mend it. It never quotes patient data beyond the code or number at fault.
/// <see href="https://hl7.org/fhir/R4/operationoutcome-definitions.html#OperationOutcome.issue"/>
/// </summary>
/// <param name="Severity">Error and fatal make the input invalid.</param>
/// <param name="Code">A code of <see href="https://hl7.org/fhir/R4/valueset-issue-type.html"/>, see <see cref="IssueCode"/>.</param>
/// <param name="Text">One sentence for a person.</param>
public sealed record Issue(IssueSeverity Severity, string Code, string Text)
{
    /// <summary>The stable id of the rule, such as <c>ATC-S001</c>; documented one by one.</summary>
    public string? Rule { get; init; }

    /// <summary>A FHIRPath that evaluates on the instance to the element at fault, such as <c>Observation.component[1].value</c>.</summary>
    public string? Expression { get; init; }

    /// <summary>One-based line and column in the text that was given.</summary>
    public int? Line { get; init; }

    public int? Column { get; init; }

    /// <summary>The canonicals of the profiles that demand it; empty of what the base definitions demand.</summary>
    public IReadOnlyList<string> Profiles { get; init; } = [];

    /// <summary>What the rule wants at this place, and what stands there: codes, numbers, types, counts.</summary>
    public string? Expected { get; init; }

    public string? Found { get; init; }

    /// <summary>For the engineer: profile, element id, expected and found.</summary>
    public string? Diagnostics { get; init; }

    public bool IsError => Severity is IssueSeverity.Fatal or IssueSeverity.Error;

    public static Issue Error(string code, string text) => new(IssueSeverity.Error, code, text);
}

/// <summary>The issue types of R4 that we use. <see href="https://hl7.org/fhir/R4/valueset-issue-type.html"/></summary>
public static class IssueCode
{
    public const string Invalid = "invalid";
    public const string Structure = "structure";
    public const string Required = "required";
    public const string Value = "value";
    public const string Invariant = "invariant";
    public const string Security = "security";
    public const string Login = "login";
    public const string Unknown = "unknown";
    public const string Forbidden = "forbidden";
    public const string Processing = "processing";
    public const string NotSupported = "not-supported";
    public const string Duplicate = "duplicate";
    public const string MultipleMatches = "multiple-matches";
    public const string NotFound = "not-found";
    public const string Deleted = "deleted";
    public const string TooLong = "too-long";
    public const string CodeInvalid = "code-invalid";
    public const string Extension = "extension";
    public const string TooCostly = "too-costly";
    public const string BusinessRule = "business-rule";
    public const string Conflict = "conflict";
    public const string Transient = "transient";
    public const string Timeout = "timeout";
    public const string Exception = "exception";
    public const string Throttled = "throttled";
    public const string Informational = "informational";
}
