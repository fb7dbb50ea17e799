using System.Collections.Frozen;

namespace AtcFhir.R4.Definitions;

/// <summary>
/// The official R4 4.0.1 definitions, compiled by the generator in this repository from the npm package hl7.fhir.r4.examples 4.0.1 (CC0).
/// Types load on first use of this class, in one go; search parameters and compartments when they are first asked for. Everything is immutable.
/// </summary>
public static class R4Definitions
{
    private static readonly DefinitionFile File = new("r4.core.br");
    private static readonly TypeSchema[] AllTypes = TypeLoader.Load(Part(0));
    private static readonly FrozenDictionary<string, TypeSchema> ByName = AllTypes.ToFrozenDictionary(type => type.Name, StringComparer.Ordinal);
    private static readonly ResourceNames Resources = new(AllTypes.Where(type => type.IsResource && !type.IsAbstract));
    private static readonly Lazy<SearchLoader> Search = new(() => SearchLoader.Load(Part(1), AllTypes));

    /// <summary>All types by <see cref="TypeSchema.Ordinal"/>.</summary>
    public static IReadOnlyList<TypeSchema> Types => AllTypes;

    /// <summary>One of <see cref="Types"/>, without the detour of an interface: the tape asks for it at every step.</summary>
    internal static TypeSchema TypeAt(int ordinal) => AllTypes[ordinal];

    /// <summary>The type of that name ("Observation", "Quantity", "Observation.component"), or null.</summary>
    public static TypeSchema? Find(string name) => ByName.GetValueOrDefault(name);

    internal static TypeSchema? Find(ReadOnlySpan<char> name) => ByName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var type) ? type : null;

    /// <summary>The resource type of that name, or null; abstract ones are not found.</summary>
    public static TypeSchema? FindResource(ReadOnlySpan<byte> utf8Name) => Resources.Find(utf8Name);

    /// <summary>Official search parameters that apply to the resource type, those of Resource and DomainResource included, by code.</summary>
    public static IReadOnlyList<SearchParameterDefinition> SearchParameters(string resourceType)
        => Search.Value.Parameters.GetValueOrDefault(resourceType) ?? [];

    /// <summary>The compartments (Device, Encounter, Patient, Practitioner, RelatedPerson).</summary>
    public static IReadOnlyList<CompartmentDefinition> Compartments => Search.Value.Compartments;

    /// <summary>0: types; 1: search parameters and compartments.</summary>
    private static ReadOnlySpan<byte> Part(int number)
    {
        var content = File.Read().Span;
        return content[DefinitionFile.Split(content)[number]];
    }
}
