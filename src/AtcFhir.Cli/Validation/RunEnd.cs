using AtcFhir.R4.Outcomes;

namespace AtcFhir.Cli.Validation;

/// <summary>How a run ended. A class, since tasks of it come compiled and need not wait for the JIT at the start of the command.</summary>
/// <param name="Failure">Why it could not be finished.</param>
internal sealed record RunEnd(bool AllValid, Failure? Failure = null);
