using AtcFhir.R4.Definitions;
using AtcFhir.R4.FhirPath.Syntax;

namespace AtcFhir.R4.FhirPath.Typing;

/// <summary>A type specifier, resolved: unqualified names mean the FHIR type first, then the System type. <see href="https://hl7.org/fhirpath/N1/#models"/></summary>
internal sealed record TypeMatch(TypeSchema? Fhir, FhirPathKind System)
{
    /// <summary>Profiles on Quantity that older expressions name as if they were types.</summary>
    private static readonly string[] QuantityProfiles = ["SimpleQuantity", "MoneyQuantity"];

    public static TypeMatch Resolve(TypeName name)
    {
        switch (name.Namespace)
        {
            case "System":
                // A System type that does not exist has no instances: is() is false, ofType() is empty.
                return new TypeMatch(null, SystemKind(name.Name));
            case "FHIR" or null:
                var fhir = FindFhir(name.Name);
                var system = name.Namespace is null && (fhir is null || name.Name == nameof(FhirPathKind.Quantity)) ? SystemKind(name.Name) : FhirPathKind.None;
                return fhir is not null || system != FhirPathKind.None
                    ? new TypeMatch(fhir, system)
                    : throw new SyntaxFault($"there is no type '{name}'; FHIR types are written as in R4 (string, CodeableConcept, Patient), System types as String, Integer and so on.", name.Position);
            default:
                // Perhaps the path of a backbone element, such as Observation.component.
                return R4Definitions.Find(name.ToString().Replace("FHIR.", "", StringComparison.Ordinal)) is { } backbone
                    ? new TypeMatch(backbone, FhirPathKind.None)
                    : throw new SyntaxFault($"there is no type '{name}'; the namespaces are FHIR and System.", name.Position);
        }
    }

    public bool Matches(FhirPathItem item) => item.IsNode ? Fhir is not null && item.Node.Type.Is(Fhir) : System != FhirPathKind.None && item.Kind == System;

    /// <summary>What items that match are known to be.</summary>
    public StaticType Narrow()
    {
        var fhir = Fhir is null ? StaticType.Nothing : StaticType.Of(Fhir);
        return System == FhirPathKind.None ? fhir : fhir.Or(StaticType.Of(System));
    }

    private static TypeSchema? FindFhir(string name) => R4Definitions.Find(QuantityProfiles.Contains(name) ? nameof(FhirPathKind.Quantity) : name);

    private static FhirPathKind SystemKind(string name)
        => Enum.TryParse<FhirPathKind>(name, out var kind) && kind is not (FhirPathKind.None or FhirPathKind.Node or FhirPathKind.TypeInfo) && kind.ToString() == name
            ? kind
            : FhirPathKind.None;
}
