using AtcFhir.R4.Definitions;

namespace AtcFhir.Tests.R4.Definitions;

public sealed class R4TerminologyTests
{
    [Fact]
    public void ACodeSystemHasItsConceptsAndTheirParents()
    {
        var system = R4Terminology.FindCodeSystem("http://hl7.org/fhir/observation-status")!;
        Assert.Equal(("4.0.1", true, true), (system.Version, system.IsComplete, system.CaseSensitive));
        Assert.Equal("Entered in Error", system.Concepts.Single(concept => concept.Code == "entered-in-error").Display);
        Assert.Equal(["amended"], system.Concepts.Single(concept => concept.Code == "corrected").Parents);
        Assert.False(R4Terminology.FindCodeSystem("http://terminology.hl7.org/CodeSystem/service-type")!.IsComplete);
        Assert.Null(R4Terminology.FindCodeSystem("http://loinc.org"));
    }

    [Fact]
    public void AbstractAndRetiredConceptsAreMarked()
    {
        var system = R4Terminology.FindCodeSystem("http://terminology.hl7.org/CodeSystem/v3-ActCode")!;
        Assert.True(system.Concepts.Single(concept => concept.Code == "_ActAccountCode").IsAbstract);
        Assert.Contains(system.Concepts, concept => concept.IsInactive);
    }

    [Fact]
    public void AValueSetHasItsComposition()
    {
        var set = R4Terminology.FindValueSet("http://hl7.org/fhir/ValueSet/vital-signs-units") ?? R4Terminology.FindValueSet("http://hl7.org/fhir/ValueSet/ucum-bodytemp")!;
        Assert.Equal("http://unitsofmeasure.org", set.Includes[0].System);
        var filtered = R4Terminology.FindValueSet("http://hl7.org/fhir/ValueSet/condition-code")!;
        Assert.Equal(new ValueSetFilter("concept", "is-a", "404684003"), filtered.Includes[0].Filters[0]);
        Assert.Null(R4Terminology.FindValueSet("http://hl7.org/fhir/ValueSet/none"));
    }

    [Fact]
    public void EverythingDecodes()
    {
        Assert.Equal(1062, R4Terminology.CodeSystemUrls.Count);
        Assert.Equal(1316, R4Terminology.ValueSetUrls.Count);
        Assert.Equal(20_731, R4Terminology.CodeSystemUrls.Sum(url => R4Terminology.FindCodeSystem(url)!.Concepts.Count));
        Assert.All(R4Terminology.ValueSetUrls, url => Assert.NotEmpty(R4Terminology.FindValueSet(url)!.Includes));
    }

    [Fact]
    public void EveryRequiredBindingReachesAValueSet()
    {
        var bound = R4Definitions.Types.SelectMany(type => type.Elements).Select(element => element.Binding)
            .Where(binding => binding is { Strength: BindingStrength.Required, ValueSet: not null }).Select(binding => binding!.ValueSet!.Split('|')[0]).Distinct();
        Assert.Equal(["http://loinc.org/vs/LL379-9"], bound.Where(url => R4Terminology.FindValueSet(url) is null));
    }
}
