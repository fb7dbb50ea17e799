using AtcFhir.R4.Values;

namespace AtcFhir.Trial.Concepts;

/// <summary>A moment or a period, each end with its own precision. <see href="https://hl7.org/fhir/R4/datatypes.html#Period"/></summary>
/// <param name="Start">The moment; of a period its start.</param>
/// <param name="End">End of a period; null while it lasts, and for a moment.</param>
/// <param name="IsPeriod">Whether it is written as a Period.</param>
public sealed record EventTime(FhirDateTime? Start, FhirDateTime? End, bool IsPeriod)
{
    public static EventTime At(FhirDateTime time) => new(time, null, false);

    public static EventTime Between(FhirDateTime? start, FhirDateTime? end) => new(start, end, true);
}
