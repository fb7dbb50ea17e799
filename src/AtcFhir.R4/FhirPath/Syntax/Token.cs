namespace AtcFhir.R4.FhirPath.Syntax;

internal enum TokenKind
{
    End,
    Identifier,
    /// <summary>An identifier in backticks: never a keyword.</summary>
    Delimited,
    String,
    Integer,
    Decimal,
    Date,
    DateTime,
    Time,
    /// <summary>%name, %`name` or %'name'.</summary>
    External,
    /// <summary>$this, $index, $total.</summary>
    Special,
    Symbol,
}

/// <summary>One token: its text without quotes, percent sign or at sign, escapes resolved; its place in the expression.</summary>
internal sealed record Token(TokenKind Kind, string Text, int Position)
{
    /// <summary>Where the next character stands.</summary>
    public int End { get; init; }

    public bool IsSymbol(string symbol) => Kind == TokenKind.Symbol && Text == symbol;

    public bool IsWord(string word) => Kind == TokenKind.Identifier && Text == word;
}
