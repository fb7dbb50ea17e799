using AtcFhir.R4.Definitions;
using AtcFhir.R4.FhirPath;
using Hl7.Fhir.Model;
using SearchParameterType = AtcFhir.R4.Definitions.SearchParameterType;

namespace AtcFhir.Tests.R4.Definitions;

/// <summary>The official search parameters, type by type.</summary>
public sealed class SearchParametersTests
{
    private static readonly string[] Everywhere = ["_content", "_id", "_lastUpdated", "_profile", "_query", "_security", "_source", "_tag"];

    private static IEnumerable<TypeSchema> Resources => R4Definitions.Types.Where(type => type is { IsResource: true, IsAbstract: false });

    [Fact]
    public void EveryTypeHasThoseThatTheSdkKnows() => Assert.All(Resources, type =>
    {
        var theirs = ModelInfo.SearchParameters.Where(parameter => parameter.Resource == type.Name && parameter.Code is { Length: > 0 } && parameter.Code[0] != '_')
            .ToDictionary(parameter => parameter.Code!, StringComparer.Ordinal);
        var ours = R4Definitions.SearchParameters(type.Name).Where(parameter => parameter.Code[0] != '_').ToList();
        Assert.Equal(theirs.Values.Select(parameter => $"{parameter.Code} {parameter.Type}").Order(StringComparer.Ordinal), ours.Select(parameter => $"{parameter.Code} {parameter.Type}").Order(StringComparer.Ordinal));

        // The SDK narrows the targets of shared parameters for some types, we for all that name one element.
        Assert.All(ours.Where(parameter => parameter.Type == SearchParameterType.Reference), parameter =>
        {
            Assert.Equal(theirs[parameter.Code].Target is null or [], parameter.Targets.Count == 0);
            Assert.Subset((theirs[parameter.Code].Target ?? []).Select(target => target.ToString()).ToHashSet(), parameter.Targets.ToHashSet());
        });
    });

    [Fact]
    public void EveryTypeHasThoseOfItsBases() => Assert.All(Resources, type =>
    {
        var isDomainResource = type.Is(R4Definitions.Find("DomainResource")!);
        Assert.Equal([.. Everywhere, .. isDomainResource ? ["_text"] : Array.Empty<string>()], R4Definitions.SearchParameters(type.Name).Select(parameter => parameter.Code).Where(code => code[0] == '_'));
    });

    [Fact]
    public void EveryExpressionCompilesOnItsType() => Assert.All(Resources, type => Assert.All(R4Definitions.SearchParameters(type.Name), parameter =>
    {
        if (parameter.Expression is { } expression)
        {
            Assert.Null(FhirPathExpression.Compile(expression, type, FhirPathUse.Definition).Failure?.Issues[0].Text);
        }
    }));

    [Fact]
    public void EveryPartOfACompositeIsDefined()
    {
        var known = Resources.SelectMany(type => R4Definitions.SearchParameters(type.Name)).Select(parameter => parameter.Url).ToHashSet(StringComparer.Ordinal);
        var parts = Resources.SelectMany(type => R4Definitions.SearchParameters(type.Name)).SelectMany(parameter => parameter.Components).Select(component => component.Definition);
        Assert.Equal([], parts.Where(part => !known.Contains(part)).Distinct());
    }

    [Fact]
    public void EveryParameterOfACompartmentIsOneOfItsType() => Assert.All(R4Definitions.Compartments, compartment => Assert.All(compartment.Parameters, entry =>
        Assert.Equal([], entry.Value.Except(R4Definitions.SearchParameters(entry.Key).Select(parameter => parameter.Code)))));
}
