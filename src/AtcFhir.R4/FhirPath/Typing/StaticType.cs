using AtcFhir.R4.Definitions;
using AtcFhir.R4.FhirPath.Values;

namespace AtcFhir.R4.FhirPath.Typing;

/// <summary>
/// What is known of a collection before evaluation: the FHIR and System types that its items can have, whether there can be more than one,
/// and whether their order means anything.
/// </summary>
internal sealed record StaticType
{
    private StaticType(IReadOnlyList<TypeSchema> fhir, KindSet system) => (Fhir, System) = (fhir, system);

    /// <summary>The literal {}.</summary>
    public static StaticType Nothing { get; } = new([], KindSet.None) { IsSingle = true };

    /// <summary>Any item may come, any number of them.</summary>
    public static StaticType Unknown { get; } = new([], KindSet.None) { IsUnknown = true };

    public static StaticType UnknownSingle { get; } = Unknown with { IsSingle = true };

    public IReadOnlyList<TypeSchema> Fhir { get; private init; }

    public KindSet System { get; private init; }

    public bool IsUnknown { get; private init; }

    /// <summary>At most one item.</summary>
    public bool IsSingle { get; init; }

    /// <summary>From children() or descendants(): the order is not defined.</summary>
    public bool IsUnordered { get; init; }

    /// <summary>Nothing can ever come.</summary>
    public bool IsNothing => !IsUnknown && Fhir.Count == 0 && System == KindSet.None;

    /// <summary>The System types that its items are or convert to implicitly; all of them when nothing is known.</summary>
    public KindSet Convertible
    {
        get
        {
            if (IsUnknown || IsNothing)
            {
                return KindSet.Any;
            }

            var set = System;
            foreach (var type in Fhir)
            {
                set |= Kinds.Of(NodeValue.KindOf(type));
            }

            return set;
        }
    }

    public static StaticType Of(FhirPathKind kind) => new([], Kinds.Of(kind)) { IsSingle = true };

    public static StaticType Of(KindSet kinds) => new([], kinds) { IsSingle = true };

    /// <summary>One item of a FHIR type; an abstract type says nothing about its elements.</summary>
    public static StaticType Of(TypeSchema type) => type.IsAbstract ? UnknownSingle : new([type], KindSet.None) { IsSingle = true };

    public static StaticType Of(IEnumerable<TypeSchema> types)
    {
        var list = types.Distinct().ToList();
        return list.Exists(type => type.IsAbstract) ? UnknownSingle : new StaticType(list, KindSet.None) { IsSingle = true };
    }

    public StaticType AsMany() => this with { IsSingle = false };

    public StaticType AsSingle() => this with { IsSingle = true, IsUnordered = false };

    /// <summary>Either of the two; as a union it may have more than one item.</summary>
    public StaticType Or(StaticType other) => new([.. Fhir.Union(other.Fhir)], System | other.System)
    {
        IsUnknown = IsUnknown || other.IsUnknown,
        IsSingle = IsSingle && other.IsSingle,
        IsUnordered = IsUnordered || other.IsUnordered,
    };

    public override string ToString()
        => IsUnknown ? "anything" : IsNothing ? "nothing" : string.Join(" or ", Fhir.Select(type => type.Name).Take(4).Concat(Names(System))) + (Fhir.Count > 4 ? " ..." : "");

    private static IEnumerable<string> Names(KindSet set)
        => Enum.GetValues<FhirPathKind>().Where(kind => set.Has(kind)).Select(kind => "System." + kind);
}
