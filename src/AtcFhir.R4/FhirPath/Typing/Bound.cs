using AtcFhir.R4.FhirPath.Evaluating;

namespace AtcFhir.R4.FhirPath.Typing;

/// <summary>A compiled part with what is known of its result.</summary>
internal readonly record struct Bound(Operation Operation, StaticType Type);
