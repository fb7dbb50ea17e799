using System.Text;
using AtcFhir.R4.Definitions;

namespace AtcFhir.Tests.R4.Definitions;

public sealed class R4DefinitionsTests
{
    [Fact]
    public void EveryTypeHasItsOrdinalAndComesAfterItsBase()
    {
        Assert.All(R4Definitions.Types, (type, index) =>
        {
            Assert.Equal(index, type.Ordinal);
            Assert.Same(type, R4Definitions.Find(type.Name));
            Assert.True(type.Base is null ? type.Name is "Element" or "Resource" : type.Base.Ordinal < index);
        });
        Assert.Equal(146, R4Definitions.Types.Count(type => type.IsResource && !type.IsAbstract));
        Assert.Equal(20, R4Definitions.Types.Count(type => type.IsPrimitive));
    }

    [Fact]
    public void AnElementHasWhatTheDefinitionSays()
    {
        var value = R4Definitions.Find("Observation")!.Find("value")!;
        Assert.Equal("Observation.value[x]", value.Path);
        Assert.True(value is { IsChoice: true, Min: 0, Max: 1, IsSummary: true, IsModifier: false, IsList: false });
        Assert.Equal("Quantity", value.Types[0].Type.Name);
        Assert.Equal(
            ["valueQuantity", "valueCodeableConcept", "valueString", "valueBoolean", "valueInteger", "valueRange", "valueRatio", "valueSampledData", "valueTime", "valueDateTime", "valuePeriod"],
            value.JsonNames);
        var subject = R4Definitions.Find("Observation")!.Find("subject")!;
        Assert.Equal("http://hl7.org/fhir/StructureDefinition/Patient", subject.Types[0].TargetProfiles[0]);
        Assert.Equal(int.MaxValue, R4Definitions.Find("Observation")!.Find("category")!.Max);
    }

    [Fact]
    public void InheritedElementsComeFirstAndAreShared()
    {
        var observation = R4Definitions.Find("Observation")!;
        Assert.Equal(["id", "meta", "implicitRules", "language", "text", "contained", "extension", "modifierExtension", "identifier"], observation.Elements.Take(9).Select(element => element.Name));
        Assert.Same(R4Definitions.Find("Patient")!.Elements[0], observation.Elements[0]);
        Assert.All(R4Definitions.Types, type => Assert.All(type.Elements, (element, index) => Assert.Equal(index, element.Ordinal)));
        Assert.True(observation.Is(R4Definitions.Find("Resource")!));
        Assert.True(R4Definitions.Find("Observation.component")!.Is(R4Definitions.Find("BackboneElement")!));
        Assert.True(R4Definitions.Find("code")!.Is(R4Definitions.Find("string")!));
    }

    [Theory]
    [InlineData("Questionnaire.item", "item", "Questionnaire.item")]
    [InlineData("Observation.component", "referenceRange", "Observation.referenceRange")]
    [InlineData("Observation", "component", "Observation.component")]
    [InlineData("Timing", "repeat", "Timing.repeat")]
    public void ABackboneIsNamedByItsPathAndAContentReferenceSharesIt(string owner, string element, string type)
        => Assert.Same(R4Definitions.Find(type), R4Definitions.Find(owner)!.Find(element)!.Types.Single().Type);

    [Fact]
    public void APrimitiveHasIdAndExtensionOnly()
    {
        Assert.All(R4Definitions.Types.Where(type => type.IsPrimitive && type.Name != "xhtml"), type => Assert.Equal(["id", "extension"], type.Elements.Select(element => element.Name)));
        Assert.Equal(["id"], R4Definitions.Find("xhtml")!.Elements.Select(element => element.Name));
    }

    [Fact]
    public void ARequiredCodeHasItsCodes()
    {
        var status = R4Definitions.Find("Observation")!.Find("status")!.Binding!;
        Assert.Equal(BindingStrength.Required, status.Strength);
        Assert.Equal("http://hl7.org/fhir/ValueSet/observation-status|4.0.1", status.ValueSet);
        Assert.Equal(["registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error", "unknown"], status.Codes);
        Assert.Null(R4Definitions.Find("Attachment")!.Find("contentType")!.Binding!.Codes);
        Assert.Equal("http://hl7.org/fhir/ValueSet/all-languages", R4Definitions.Find("Patient")!.Find("language")!.Binding!.MaxValueSet);
    }

    [Fact]
    public void InvariantsStandOnTheirTypeWithThoseOfItsBases()
    {
        Assert.Equal(["dom-2", "dom-3", "dom-4", "dom-5", "dom-6", "obs-6", "obs-7"], R4Definitions.Find("Observation")!.Constraints.Select(constraint => constraint.Key).Order());
        Assert.Equal(["ele-1", "qty-3"], R4Definitions.Find("Quantity")!.Constraints.Select(constraint => constraint.Key));
        Assert.Contains("que-1", R4Definitions.Find("Questionnaire.item")!.Constraints.Select(constraint => constraint.Key));
        Assert.Equal(["obs-3"], R4Definitions.Find("Observation.referenceRange")!.Constraints.Select(constraint => constraint.Key).Except(["ele-1"]));
    }

    [Theory]
    [InlineData("Observation", "Observation")]
    [InlineData("DomainResource", null)]
    [InlineData("Quantity", null)]
    [InlineData("", null)]
    [InlineData("Éclair", null)]
    public void OnlyConcreteResourcesAreFoundByUtf8Name(string name, string? found)
        => Assert.Equal(found, R4Definitions.FindResource(Encoding.UTF8.GetBytes(name))?.Name);

    [Fact]
    public void SearchParametersHaveOnlyTheBranchesOfTheirType()
    {
        var observation = R4Definitions.SearchParameters("Observation").ToDictionary(parameter => parameter.Code);
        Assert.Equal("Observation.code", observation["code"].Expression);
        Assert.Equal("Observation.subject.where(resolve() is Patient)", observation["patient"].Expression);
        Assert.Equal("Resource.id", observation["_id"].Expression);
        Assert.Equal(SearchParameterType.Quantity, observation["value-quantity"].Type);
        Assert.Equal(2, observation["code-value-quantity"].Components.Count);
        Assert.Contains("_text", observation.Keys);
        Assert.DoesNotContain("_text", R4Definitions.SearchParameters("Bundle").Select(parameter => parameter.Code));
        Assert.Empty(R4Definitions.SearchParameters("Nothing"));
    }

    [Fact]
    public void CompartmentsNameTheirParameters()
    {
        Assert.Equal(["Device", "Encounter", "Patient", "Practitioner", "RelatedPerson"], R4Definitions.Compartments.Select(compartment => compartment.Code));
        var patient = R4Definitions.Compartments.Single(compartment => compartment.Code == "Patient").Parameters;
        Assert.Equal(["subject", "performer"], patient["Observation"]);
        Assert.False(patient.ContainsKey("Medication"));
    }
}
