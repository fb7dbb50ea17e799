using AtcFhir.R4.Documents;
using AtcFhir.Tests.Validation.Profiles;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Tests.Validation.Instance;

/// <summary>What a SearchParameter looks for is there on the types of its base. R4, searchparameter-definitions.html#SearchParameter.base</summary>
public class SearchParameterCheckTests
{
    private static readonly Lazy<Validator> Official = new(() => new Validator(ConformanceSource.Official));

    private static IReadOnlyList<string> Found(string bases, string expression, string more = "")
        => [.. Official.Value.Validate(ProfileFixture.Read($$"""
            {"resourceType":"SearchParameter","url":"http://example.org/sp","name":"P","status":"active","description":"x","code":"p",
             "base":[{{string.Join(',', bases.Split(' ').Select(name => $"\"{name}\""))}}],"type":"string",{{more}}"expression":"{{expression}}"}
            """)).Issues.Where(issue => issue.Rule is "ATC-V144" or "ATC-V138").Select(issue => $"{issue.Rule} {issue.Expression}: {issue.Text}")];

    [Theory]
    [InlineData("Patient", "Patient.name.given")]
    [InlineData("Patient", "name.given")]
    [InlineData("Patient Person", "Patient.name | Person.name")]
    [InlineData("Patient Person", "(Patient.name | Person.name).where(use = 'official').family")]
    [InlineData("Observation", "(Observation.value as Quantity).unit | Observation.value.ofType(CodeableConcept).text")]
    [InlineData("Patient", "Patient.extension.where(url = 'http://example.org/x').value.code")]
    [InlineData("Resource", "Resource.meta.tag")]
    [InlineData("DomainResource", "text.div")]
    [InlineData("Observation", "Observation.subject.where(resolve() is Patient)")]
    public void WhatTheBaseHasFits(string bases, string expression) => Assert.Empty(Found(bases, expression));

    [Theory]
    [InlineData("Patient", "names.given", "The expression does not fit Patient: FHIRPath, line 1 column 1: Patient has no element 'names'; did you mean 'name'?")]
    [InlineData("Patient", "name.first", "The expression does not fit Patient: FHIRPath, line 1 column 6: HumanName has no element 'first'.")]
    [InlineData("Patient Person", "deceased | names", "The expression does not fit Patient or Person: FHIRPath, line 1 column 12: Patient or Person has no element 'names'; did you mean 'name'?")]
    [InlineData("Observation", "valueQuantity", "The expression does not fit Observation: FHIRPath, line 1 column 1: Observation has no element 'valueQuantity' in FHIRPath; write value.ofType(Quantity).")]
    [InlineData("Organization", "Patient.name", "The expression does not fit Organization: FHIRPath, line 1 column 1: the path starts at Patient, but it is evaluated on Organization.")]
    [InlineData("Patient", "Patient.name | Person.name", "The expression does not fit Patient: FHIRPath, line 1 column 16: the path starts at Person, but it is evaluated on Patient.")]
    public void WhatItDoesNotHaveIsWarnedOf(string bases, string expression, string text)
        => Assert.Equal([$"ATC-V144 SearchParameter.expression: {text}"], Found(bases, expression));

    [Theory]
    [InlineData("Patient Person", "Patient.name", "Person")]
    [InlineData("Patient Person Practitioner Group", "(Patient.name | Person.name).where(use = 'official').family", "Practitioner or Group")]
    [InlineData("Patient Person", "(Patient.name as HumanName)[0].given.first()", "Person")]
    public void ABaseForWhichThereIsNoPathIsWarnedOf(string bases, string expression, string without)
        => Assert.Equal([$"ATC-V144 SearchParameter.expression: The expression finds nothing on {without}: none of its paths starts there."], Found(bases, expression));

    [Theory]
    [InlineData("Patient Person", "Resource.id")]
    [InlineData("Patient Person", "DomainResource.text | Patient.name")]
    [InlineData("Patient Person", "(Patient | Person).name")]
    [InlineData("Patient Person", "Patient.contact.name | name")]
    [InlineData("Patient Person", "iif(Patient.name.exists(), Patient.name, name)")]
    [InlineData("Patient Person", "%resource.meta.tag")]
    [InlineData("Resource", "Patient.name")]
    public void ABaseThatAPathCanStartAtIsNot(string bases, string expression) => Assert.Empty(Found(bases, expression));

    /// <summary>A path that starts at its type is told without the base.</summary>
    [Theory]
    [InlineData("Patient.names.given")]
    [InlineData("Patient.name | Person.names")]
    public void APathThatContradictsItsOwnStartIsAnError(string expression)
        => Assert.Equal(["ATC-V138 SearchParameter.expression"], Found("Patient Person", expression).Select(found => found.Split(':')[0]));

    [Fact]
    public void AComponentSpeaksOfWhatTheParameterFinds()
        => Assert.Equal(
            ["ATC-V144 SearchParameter.component[2].expression: The expression does not fit what Observation | Observation.component finds: FHIRPath, line 1 column 1: Observation or Observation.component has no element 'codes'; did you mean 'code'?"],
            Found("Observation", "Observation | Observation.component", """
                "component":[{"definition":"http://example.org/a","expression":"code"},{"definition":"http://example.org/a","expression":"value.as(Quantity)"},
                 {"definition":"http://example.org/a","expression":"codes"}],
                """));

    [Fact]
    public void WhatIsNoFhirPathIsSaidOnce()
        => Assert.Equal(["ATC-V138 SearchParameter.expression"], Found("Patient", "Patient.name[").Select(found => found.Split(':')[0]));

    /// <summary>The official ones that are wrong, and why.</summary>
    private static readonly Dictionary<string, (string Rule, string Reason)> Wrong = new(StringComparer.Ordinal)
    {
        ["SearchParameter-example-extension"] = ("ATC-V144", "its base is Patient, its path starts at DocumentReference"),
        ["SearchParameter-questionnaireresponse-extensions-QuestionnaireResponse-item-subject"] = ("ATC-V138", "hasExtension() is no function of FHIRPath"),
    };

    [Fact]
    public void OfTheOfficialOnesOnlyTheWrongAreFlagged()
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(R4Examples.Folder, "SearchParameter-*.json"))
        {
            foreach (var issue in Official.Value.Validate(ResourceDocument.Parse(File.ReadAllBytes(file)).Value).Issues.Where(issue => issue.Rule is "ATC-V144" or "ATC-V138"))
            {
                found.Add(Path.GetFileNameWithoutExtension(file), issue.Rule!);
            }
        }

        Assert.Equal(Wrong.ToDictionary(row => row.Key, row => row.Value.Rule), found);
    }
}
