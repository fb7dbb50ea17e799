using System.Text;
using System.Text.Json.Nodes;
using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Tests.Validation.Definitions;

/// <summary>
/// Every rule of every element of every resource and data type, one by one: an instance that keeps it is valid, one that breaks it alone is invalid, by that rule and at
/// that element. The instances are made from the definitions. Invariants: <see cref="EveryInvariantTests"/>.
/// </summary>
public sealed class EveryElementTests
{
    private static readonly Validator Official = new(ConformanceSource.Official);

    /// <summary>"path rule": what breaks another rule as well, necessarily, and why; it is found all the same.</summary>
    private static readonly Dictionary<string, string> NotAlone = new(StringComparer.Ordinal)
    {
        ["Bundle.entry.fullUrl JSON type"] = "the entry has no identity then (ATC-V090, ATC-V091)",
        ["Bundle.entry.fullUrl format"] = "the entry has no identity then (ATC-V090, ATC-V091)",
        ["CapabilityStatement.rest.resource.searchParam.name max"] = "two are not unique among themselves",
        ["CapabilityStatement.rest.resource.type max"] = "two are not unique among themselves",
        ["CodeSystem.concept.code max"] = "two are not unique among themselves",
        ["ElementDefinition.constraint.key max"] = "two are not unique among themselves",
        ["ElementDefinition.type.code max"] = "two are not unique among themselves",
        ["Questionnaire.item.linkId max"] = "two are not unique among themselves",
        ["Element.id max"] = "two are not unique among themselves",
        ["StructureDefinition.differential max"] = "two are not unique among themselves",
        ["StructureDefinition.snapshot max"] = "two are not unique among themselves",
        ["ElementDefinition.binding.valueSet format"] = "eld-12 asks for the start of the same URL",
        ["Extension.url format"] = "the url is not absolute then (ATC-V065)",
        ["ImplementationGuide.definition.resource.fhirVersion JSON type"] = "ig-2 asks for one of the listed versions",
        ["ImplementationGuide.definition.resource.fhirVersion format"] = "ig-2 asks for one of the listed versions",
        ["ImplementationGuide.definition.resource.fhirVersion required binding"] = "ig-2 asks for one of the listed versions",
        ["ImplementationGuide.definition.resource.groupingId JSON type"] = "ig-1 asks for the id of a grouping",
        ["ImplementationGuide.definition.resource.groupingId format"] = "ig-1 asks for the id of a grouping",
        ["Linkage.item JSON type"] = "lnk-1 asks for two items",
        ["Linkage.item list"] = "lnk-1 asks for two items",
        ["Linkage.item min"] = "lnk-1 asks for two items",
        ["Measure.group.stratifier JSON type"] = "mea-1 asks for the content of each",
        ["MeasureReport.group.stratifier.stratum JSON type"] = "mrp-2 asks for the content of each",
        ["MolecularSequence.coordinateSystem format"] = "msq-3 names the two values",
        ["MolecularSequence.coordinateSystem max"] = "msq-3 names the two values",
        ["MolecularSequence.referenceSeq.referenceSeqString max"] = "msq-6 counts the values",
        ["MolecularSequence.referenceSeq.genomeBuild max"] = "msq-6 counts the values",
        ["MolecularSequence.referenceSeq.referenceSeqId max"] = "msq-6 counts the values",
        ["MolecularSequence.referenceSeq.referenceSeqPointer max"] = "msq-6 counts the values",
        ["Quantity.system format"] = "age-1 and the like ask for UCUM",
        ["Quantity.system max"] = "age-1 and the like ask for UCUM",
        ["Reference.reference format"] = "such a reference has no form either (ATC-V070)",
        ["StructureDefinition.abstract max"] = "sdf-4 compares with one value",
        ["StructureDefinition.kind format"] = "sdf-8a depends on the kind",
        ["StructureDefinition.kind max"] = "sdf-8a depends on the kind",
        ["StructureDefinition.kind required binding"] = "sdf-8a depends on the kind",
        ["StructureDefinition.differential.element JSON type"] = "sdf-16 and sdf-17 ask for an id of each",
        ["StructureDefinition.snapshot.element JSON type"] = "sdf-16 and sdf-17 ask for an id of each",
        ["StructureDefinition.type format"] = "the paths start with the type (ATC-V130)",
        ["ElementDefinition.binding JSON type"] = "sdf-10 asks for the content",
        ["ElementDefinition.sliceName format"] = "eld-16 narrows the format",
        ["StructureMap.group.input.name format"] = "no input has the name that the rules use (ATC-V145)",
        ["Questionnaire.item.enableWhen.question format"] = "no item has such a linkId (ATC-V110)",
        ["TestScript.setup.action.operation.params max"] = "tst-7 counts the values",
        ["TestScript.setup.action.operation.targetId max"] = "tst-7 counts the values",
        ["TestScript.setup.action.operation.url max"] = "tst-7 counts the values",
        ["TestScript.metadata.capability JSON type"] = "tst-4 asks for the capability",
        ["TestScript.metadata.capability min"] = "tst-4 asks for the capability",
        ["TestScript.setup.action.assert.contentType max"] = "tst-5 counts the values",
        ["TestScript.setup.action.assert.expression max"] = "tst-5 counts the values",
        ["TestScript.setup.action.assert.headerField max"] = "tst-5 counts the values",
        ["TestScript.setup.action.assert.minimumId max"] = "tst-5 counts the values",
        ["TestScript.setup.action.assert.navigationLinks max"] = "tst-5 counts the values",
        ["TestScript.setup.action.assert.path max"] = "tst-5 counts the values",
        ["TestScript.setup.action.assert.requestMethod max"] = "tst-5 counts the values",
        ["TestScript.setup.action.assert.resource max"] = "tst-5 counts the values",
        ["TestScript.setup.action.assert.response max"] = "tst-5 counts the values",
        ["TestScript.setup.action.assert.responseCode max"] = "tst-5 counts the values",
        ["TestScript.setup.action.assert.validateProfileId max"] = "tst-5 counts the values",
        ["TestScript.setup.action.assert.direction format"] = "tst-12 compares the direction",
        ["TestScript.setup.action.assert.direction max"] = "tst-12 compares the direction",
        ["TestScript.setup.action.assert.direction required binding"] = "tst-12 compares the direction",
    };

    public static TheoryData<string> ResourceTypes => [.. R4Definitions.Types.Where(type => type is { IsResource: true, IsAbstract: false }).Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(ResourceTypes))]
    public void EveryRuleOfAResourceTypeIsEnforced(string type) => Assert.Equal("", string.Join('\n', Check([R4Definitions.Find(type)!]).Problems));

    [Fact]
    public void EveryRuleOfADataTypeIsEnforced()
    {
        var (problems, tested) = Check(DataTypes());
        Assert.Equal("", string.Join('\n', problems));
        Assert.True(tested > 1_000, $"Only {tested} rules.");
    }

    /// <summary>A value set of LOINC, which R4 does not carry: its codes are reported as not checked.</summary>
    [Fact]
    public void OneRequiredBindingCannotBeChecked()
        => Assert.Equal(
            ["MolecularSequence.structureVariant.variantType"],
            R4Definitions.Types.SelectMany(type => type.Elements)
                .Where(element => element.Binding is { Strength: BindingStrength.Required, ValueSet: { } set } && !element.Types[0].Type.IsPrimitive && !MinimalInstance.IsKnown(set))
                .Select(element => element.Path).Distinct());

    private static IEnumerable<TypeSchema> DataTypes() => R4Definitions.Types.Where(type => type is { Kind: TypeKind.Complex, IsAbstract: false });

    private static (List<string> Problems, int Tested) Check(IEnumerable<TypeSchema> roots)
    {
        var problems = new List<string>();
        var tested = 0;
        foreach (var root in roots)
        {
            foreach (var (resource, path) in Places.In(root))
            {
                tested += CheckElement(resource, path, problems);
            }
        }

        return (problems, tested);
    }

    private static int CheckElement(TypeSchema resource, Step[] path, List<string> problems)
    {
        var step = path[^1];
        var valid = MinimalInstance.Of(resource, path);
        if (Errors(valid) is { Count: > 0 } errors)
        {
            problems.Add($"{step.Element.Path} {step.JsonName}: not valid: {errors[0].Rule} {errors[0].Expression} {errors[0].Text} {valid.ToJsonString()}");
            return 0;
        }

        var tested = 0;
        var owner = resource.Name + string.Concat(path[..^1].Select(one => one.Expression));
        foreach (var breaking in ElementRules.Of(step))
        {
            tested++;
            var broken = MinimalInstance.Of(resource, path);
            breaking.Break(Owner(broken, path));
            var found = Errors(broken);
            // What should be a list is told of the element, which has no first one then.
            var element = breaking.Name == "list" ? step.Expression.Replace("[0]", "", StringComparison.Ordinal) : step.Expression;
            var place = breaking.OnElement ? owner + element : owner;
            if (!found.Exists(issue => IsMeant(issue, breaking, place)))
            {
                problems.Add($"{step.Element.Path} {breaking.Name}: at {place} wanted {string.Join('/', breaking.Rule)}, found [{string.Join(", ", found.Select(issue => issue.Rule + " " + issue.Expression))}] {broken.ToJsonString()}");
            }
            else if (found.Find(issue => !IsMeant(issue, breaking, place) && !IsConsequence(issue, step, breaking)) is { } other && !NotAlone.ContainsKey($"{step.Element.Path} {breaking.Name}"))
            {
                problems.Add($"{step.Element.Path} {breaking.Name}: also {other.Rule} {other.Expression} {other.Text} {broken.ToJsonString()}");
            }
        }

        return tested;
    }

    private static bool IsMeant(Issue issue, Breaking breaking, string place) => breaking.Rule.Contains(issue.Rule) && issue.Expression == place;

    /// <summary>What held one element only is empty without it; a choice that has a type too many lacks one that counts.</summary>
    private static bool IsConsequence(Issue issue, Step step, Breaking breaking)
        => issue.Rule == "ATC-S016" || (issue.Rule == "ATC-S013" && step.Element.Min > 0 && breaking.Name == "type of a choice");

    private static JsonObject Owner(JsonObject resource, Step[] path)
    {
        foreach (var step in path[..^1])
        {
            resource = (step.Element.IsList ? resource[step.JsonName]![0]! : resource[step.JsonName]!).AsObject();
        }

        return resource;
    }

    internal static List<Issue> Errors(JsonObject resource)
        => [.. Official.Validate(ResourceDocument.Parse(Encoding.UTF8.GetBytes(resource.ToJsonString())).Value).Issues.Where(issue => issue.IsError)];
}
