namespace AtcFhir.Server.Fhir;

/// <summary>What a write answers with. <see href="https://hl7.org/fhir/R4/http.html#ops"/></summary>
internal enum Return
{
    /// <summary>Not said: the representation, and of the entries of a batch or transaction nothing but their status.</summary>
    Unsaid,
    Representation,
    Minimal,
    OperationOutcome,
}

/// <summary>The Prefer header: what a write answers with, and whether unknown search parameters are an error.</summary>
/// <param name="Lenient">Said, not only not strict.</param>
internal readonly record struct Prefer(Return Return, bool Strict, bool Async = false, bool Lenient = false)
{
    public static Prefer Of(string? header)
    {
        var prefer = new Prefer(Return.Unsaid, Strict: false);
        if (string.IsNullOrEmpty(header))
        {
            return prefer;
        }

        foreach (var part in header.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            prefer = part.Replace(" ", "", StringComparison.Ordinal) switch
            {
                "return=minimal" => prefer with { Return = Return.Minimal },
                "return=representation" => prefer with { Return = Return.Representation },
                "return=OperationOutcome" => prefer with { Return = Return.OperationOutcome },
                "respond-async" => prefer with { Async = true },
                "handling=strict" => prefer with { Strict = true, Lenient = false },
                "handling=lenient" => prefer with { Strict = false, Lenient = true },
                _ => prefer,
            };
        }

        return prefer;
    }
}
