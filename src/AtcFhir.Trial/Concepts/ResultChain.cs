using AtcFhir.R4.Outcomes;

namespace AtcFhir.Trial.Concepts;

internal static class ResultChain
{
    /// <summary>The value made into another, or the same failure.</summary>
    public static Result<TNext> Then<T, TNext>(this Result<T> result, Func<T, TNext> next)
        => result.TryGet(out var value, out var failure) ? next(value) : failure;
}
