namespace AtcFhir.R4.FhirPath.Typing;

/// <summary>Some of the System types.</summary>
[Flags]
internal enum KindSet
{
    None = 0,
    Boolean = 1 << FhirPathKind.Boolean,
    Integer = 1 << FhirPathKind.Integer,
    Decimal = 1 << FhirPathKind.Decimal,
    String = 1 << FhirPathKind.String,
    Date = 1 << FhirPathKind.Date,
    DateTime = 1 << FhirPathKind.DateTime,
    Time = 1 << FhirPathKind.Time,
    Quantity = 1 << FhirPathKind.Quantity,
    TypeInfo = 1 << FhirPathKind.TypeInfo,
    Number = Integer | Decimal,
    Temporal = Date | DateTime | Time,
    /// <summary>What + and the like can work with.</summary>
    Measured = Number | Quantity,
    Any = Boolean | Number | String | Temporal | Quantity | TypeInfo,
}

internal static class Kinds
{
    public static KindSet Of(FhirPathKind kind) => kind is FhirPathKind.None or FhirPathKind.Node ? KindSet.None : (KindSet)(1 << (int)kind);

    public static bool Has(this KindSet set, FhirPathKind kind) => (set & Of(kind)) != 0;

    /// <summary>"a String", "an Integer or Decimal".</summary>
    public static string Words(this KindSet set)
    {
        var names = Enum.GetValues<FhirPathKind>().Where(kind => set.Has(kind)).Select(kind => kind.ToString()).ToList();
        return names.Count == 0 ? "nothing" : (names[0][0] is 'I' ? "an " : "a ") + string.Join(" or ", names);
    }
}
