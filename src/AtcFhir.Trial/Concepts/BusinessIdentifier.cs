namespace AtcFhir.Trial.Concepts;

/// <summary>An identifier that belongs to the thing, not to a server. <see href="https://hl7.org/fhir/R4/datatypes.html#Identifier"/></summary>
public sealed record BusinessIdentifier(string System, string Value);
