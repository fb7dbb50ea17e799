using AtcFhir.R4.Definitions;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;
using AtcFhir.Validation.Terminology;

namespace AtcFhir.Tests.Validation.Terminology;

public class KnownCodeTests
{
    private static readonly BindingModel Required = new(BindingStrength.Required, "http://example.org/ValueSet/required", null);
    private static readonly BindingModel Extensible = new(BindingStrength.Extensible, "http://example.org/ValueSet/extensible", null);

    [Fact]
    public void ACodingThatNothingIsToBeSaidOfIsNotOneThatNobodyLookedAt()
    {
        var known = new KnownCode();
        Assert.False(known.IsJudged(out _));
        known.Judge(null);
        Assert.True(known.IsJudged(out var fault));
        Assert.Null(fault);
    }

    [Fact]
    public void AnswersAboutEachBindingForItself()
    {
        var fault = new CodeFault(Rules.RequiredBinding, "It is not in the value set.");
        var known = new KnownCode();
        known.Learn(Required, BindingRelation.Faulty, fault);
        known.Learn(Extensible, BindingRelation.Foreign);
        Assert.Same(fault, known.Of(Required)?.Fault);
        Assert.Equal(BindingRelation.Foreign, known.Of(Extensible)?.Relation);
        Assert.Null(known.Of(new BindingModel(BindingStrength.Required, "http://example.org/ValueSet/required", null)));
    }

    [Fact]
    public void BindingsWithoutEndAreForgottenAndNotKept()
    {
        var known = new KnownCode();
        List<BindingModel> bindings = [.. Enumerable.Range(0, 1_000).Select(i => new BindingModel(BindingStrength.Required, $"http://example.org/ValueSet/{i}", null))];
        bindings.ForEach(binding => known.Learn(binding, BindingRelation.Member));
        Assert.InRange(bindings.Count(binding => known.Of(binding) is not null), 1, 32);
    }
}
