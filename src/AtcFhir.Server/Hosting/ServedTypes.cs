using System.Collections.Frozen;
using AtcFhir.R4.Definitions;

namespace AtcFhir.Server.Hosting;

/// <summary>Which resource types an endpoint serves.</summary>
internal static class ServedTypes
{
    /// <summary>Every R4 type but Parameters, which is never stored.</summary>
    public static FrozenSet<string> All { get; } =
        R4Definitions.Types.Where(type => type is { IsResource: true, IsAbstract: false, Name: not "Parameters" }).Select(type => type.Name).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Those of the list, or, when it is empty, all.</summary>
    public static FrozenSet<string> Of(IReadOnlyCollection<string> listed) => listed.Count > 0 ? listed.ToFrozenSet(StringComparer.Ordinal) : All;

    public static bool IsResourceType(string name) => R4Definitions.Find(name) is { IsResource: true, IsAbstract: false };
}
