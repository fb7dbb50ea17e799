using AtcFhir.R4.Definitions;
using Hl7.Fhir.Introspection;
using Hl7.Fhir.Model;

namespace AtcFhir.Tests.R4.Definitions;

/// <summary>The Firely SDK carries the same definitions in its classes: an independent reading of them.</summary>
public sealed class TypeSchemaTests
{
    /// <summary>Where the classes of the SDK, which serve several versions of FHIR, are not what R4 4.0.1 says.</summary>
    private static readonly HashSet<string> SdkDiffers = new(StringComparer.Ordinal)
    {
        // isSummary is false in R4.
        "DomainResource.modifierExtension", "Extension.url", "Extension.value[x]",
        // Mandatory in R4, optional since R5.
        "Signature.type", "Signature.when", "Signature.who",
    };

    private static readonly Dictionary<string, ClassMapping> Sdk = ModelInfo.ModelInspector.ClassMappings
        .Where(mapping => mapping.IsFhirPrimitive == false)
        .ToLookup(mapping => mapping.Name.Replace('#', '.')).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);

    [Fact]
    public void EveryTypeHasTheElementsOfTheSdkInTheSameOrder()
    {
        var compared = R4Definitions.Types.Where(type => !type.IsPrimitive && Sdk.ContainsKey(type.Name)).ToList();
        Assert.All(compared, type => Assert.Equal(
            Sdk[type.Name].PropertyMappings.OrderBy(property => property.Order).Select(Describe),
            type.Elements.Select(element => Describe(element, Sdk[type.Name].PropertyMappings))));
        Assert.Equal([], R4Definitions.Types.Except(compared).Where(type => !type.IsPrimitive).Select(type => type.Name));
    }

    private static string Describe(PropertyMapping property)
        => Describe(property.Name, property.IsCollection, property.IsMandatoryElement, property.InSummary, property.IsModifier, property.Choice == ChoiceType.DatatypeChoice);

    private static string Describe(ElementSchema element, ICollection<PropertyMapping> properties)
        => SdkDiffers.Contains(element.Path) && properties.FirstOrDefault(property => property.Name == element.Name) is { } property
            ? Describe(property)
            : Describe(element.Name, element.IsList, element.Min > 0, element.IsSummary, element.IsModifier, element.IsChoice);

    private static string Describe(string name, bool isList, bool isMandatory, bool isSummary, bool isModifier, bool isChoice)
        => $"{name}{(isList ? " list" : "")}{(isMandatory ? " mandatory" : "")}{(isSummary ? " summary" : "")}{(isModifier ? " modifier" : "")}{(isChoice ? " choice" : "")}";
}
