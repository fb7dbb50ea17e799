using AtcFhir.R4.FhirPath.Typing;

namespace AtcFhir.R4.FhirPath.Operators;

/// <summary>The parts that System values have: value and unit of a Quantity, namespace and name of a type.</summary>
internal static class ValueParts
{
    public static FhirPathItem Of(FhirPathItem item, string name) => (item.Kind, name) switch
    {
        (FhirPathKind.Quantity, "value") => FhirPathItem.Of(item.Quantity.Value),
        (FhirPathKind.Quantity, "unit") => item.Quantity.Unit,
        (FhirPathKind.TypeInfo, "namespace") => item.Type.Namespace,
        (FhirPathKind.TypeInfo, "name") => item.Type.Name,
        (FhirPathKind.TypeInfo, "baseType") => item.Type.BaseType is { } baseType ? baseType : default(FhirPathItem),
        _ => default,
    };

    /// <summary>The static side; null when a value of that kind has no such part.</summary>
    public static StaticType? TypeOf(KindSet kinds, string name) => name switch
    {
        "value" when kinds.Has(FhirPathKind.Quantity) => StaticType.Of(FhirPathKind.Decimal),
        "unit" when kinds.Has(FhirPathKind.Quantity) => StaticType.Of(FhirPathKind.String),
        "namespace" or "name" or "baseType" when kinds.Has(FhirPathKind.TypeInfo) => StaticType.Of(FhirPathKind.String),
        _ => null,
    };
}
