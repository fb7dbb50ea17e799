using AtcFhir.R4.Outcomes;

namespace AtcFhir.R4.FhirPath.Syntax;

/// <summary>The expression itself is wrong: found by the lexer, the parser or the static checks. Never leaves <see cref="FhirPathExpression.Compile"/>.</summary>
#pragma warning disable CA1032, CA1064, CA1710 // internal and always made with a place
internal sealed class SyntaxFault(string message, int position) : Exception(message)
{
    public int Position { get; } = position;

    /// <summary>What, where and how to mend it.</summary>
    public Failure ToFailure(string text)
    {
        var before = text.AsSpan(0, Math.Min(Position, text.Length));
        var line = before.Count('\n') + 1;
        var column = before.Length - (before.LastIndexOf('\n') + 1) + 1;
        return new Failure(FailureKind.Malformed, [Issue.Error(IssueCode.Invalid, $"FHIRPath, line {line} column {column}: {Message}") with { Line = line, Column = column }]);
    }
}
