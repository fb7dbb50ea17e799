using AtcFhir.R4.Outcomes;

namespace AtcFhir.R4.FhirPath;

/// <summary>
/// An evaluation ended with an error: the expression and the data do not fit (FHIRPath's "signal an error to the calling environment"),
/// or a limit was reached. The text names the place in the expression and never quotes the data.
/// </summary>
public sealed class FhirPathException : Exception
{
    public FhirPathException() : this(IssueCode.Processing, "The FHIRPath evaluation failed.") { }

    public FhirPathException(string message) : this(IssueCode.Processing, message) { }

    public FhirPathException(string message, Exception innerException) : base(message, innerException) => Code = IssueCode.Processing;

    internal FhirPathException(string code, string message) : base(message) => Code = code;

    /// <summary>The issue code: <see cref="IssueCode.Processing"/>, <see cref="IssueCode.TooCostly"/> or <see cref="IssueCode.NotSupported"/>.</summary>
    public string Code { get; }

    /// <summary>The same as a value.</summary>
    public Failure ToFailure() => new(FailureKind.Unprocessable, Code, Message);
}
