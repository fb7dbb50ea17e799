namespace AtcFhir.R4.Outcomes;

/// <summary>Why something expected did not work; the server turns each kind into one HTTP status.</summary>
public enum FailureKind
{
    /// <summary>The request cannot be understood: 400.</summary>
    Malformed,
    /// <summary>Who asks is not known: 401.</summary>
    Unauthenticated,
    /// <summary>Who asks may not: 403.</summary>
    Forbidden,
    /// <summary>No such resource or type: 404.</summary>
    NotFound,
    /// <summary>The interaction is not served here: 405.</summary>
    NotAllowed,
    /// <summary>No representation that the client accepts: 406.</summary>
    NotAcceptable,
    /// <summary>The resource changed, or a reference holds it: 409.</summary>
    Conflict,
    /// <summary>The resource was deleted: 410.</summary>
    Deleted,
    /// <summary>If-Match, If-None-Exist or another condition does not hold: 412.</summary>
    Precondition,
    /// <summary>The body is larger than allowed: 413.</summary>
    TooLarge,
    /// <summary>The body's media type is not FHIR: 415.</summary>
    UnsupportedMedia,
    /// <summary>Understood, but against the rules: 422.</summary>
    Unprocessable,
    /// <summary>Too much at once: 503.</summary>
    Busy,
}

/// <summary>An expected failure as a value: its kind and what there is to say about it.</summary>
public sealed record Failure(FailureKind Kind, IReadOnlyList<Issue> Issues)
{
    public Failure(FailureKind kind, string code, string text) : this(kind, [Issue.Error(code, text)]) { }
}

/// <summary>A value, or the failure that stands in its place.</summary>
public readonly struct Result<T>
{
    private readonly T? value;

    private Result(T? value, Failure? failure) => (this.value, Failure) = (value, failure);

    public Failure? Failure { get; }

    public bool Succeeded => Failure is null;

    /// <summary>The value; reading it of a failed result is a programming error.</summary>
    public T Value => Failure is null ? value! : throw new InvalidOperationException("The result is a failure: " + Failure.Issues[0].Text);

    public bool TryGet([System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out T result, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(true)] out Failure failure)
    {
        (result, failure) = (value, Failure);
        return Failure is null;
    }

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Failure failure) => new(default, failure);
}
