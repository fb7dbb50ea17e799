using System.Text;
using System.Text.Json.Nodes;
using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Tests.Profiles;
using AtcFhir.Tests.Validation.Definitions;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Tests.Validation;

/// <summary>
/// Every cardinality, type, fixed value and pattern that a profile of ours adds is broken in one of the package's examples, and found. Invariants and bindings have their
/// hand-written counter-examples. A rule that no example reaches has to stand here, with the reason: a profile that gains one fails this test until it is shown to work.
/// </summary>
public sealed class ProfileRulesTests
{
    private const string TellsApart = "by this the slice is known: what has another value, or none, is an item of no slice, which the slicing allows";

    private static readonly Validator Ours = new(ConformanceSource.Official.With(FhirPackage.Open(ProfilePackage.Folder).Value));

    /// <summary>"element rule": what cannot be shown with an example, and why.</summary>
    private static readonly Dictionary<string, string> NotShown = new(StringComparer.Ordinal)
    {
        ["c-reactive-protein Observation.category:laboratory value"] = TellsApart,
        ["neutrophil-count Observation.category:laboratory value"] = TellsApart,
        ["hrqol-score Observation.category:survey value"] = TellsApart,
        ["hrqol-score Observation.component:raw.code value"] = TellsApart,
        ["hrqol-score Observation.component:answered.code value"] = TellsApart,
        ["hrqol-score Observation.component:items.code value"] = TellsApart,
        ["trial-adverse-event AdverseEvent.outcome.coding:nci.system min"] = TellsApart,
        ["trial-adverse-event AdverseEvent.outcome.coding:nci.system value"] = TellsApart,
        ["trial-study ResearchStudy.identifier:omon.type value"] = TellsApart,
        ["trial-study ResearchStudy.identifier:eudract.type value"] = TellsApart,
        ["trial-study ResearchStudy.identifier:ccmo.type value"] = TellsApart,
        ["trial-study ResearchStudy.identifier:other.type value"] = TellsApart,
        ["pseudonymous-patient Patient.birthDate.extension max"] = "stands in _birthDate; shown by ABirthDateHasNoExtensions",
    };

    public static TheoryData<string> Profiles => [.. ProfilePackage.ProfileDefinitions.Where(profile => ProfilePackage.Text(profile, "url").StartsWith(ProfilePackage.BaseUrl, StringComparison.Ordinal)).Select(profile => ProfilePackage.Text(profile, "id"))];

    [Theory]
    [MemberData(nameof(Profiles))]
    public void EveryRuleIsShownToFail(string id)
    {
        var profile = ProfilePackage.ProfileDefinitions.Single(one => ProfilePackage.Text(one, "id") == id);
        var url = ProfilePackage.Text(profile, "url");
        var examples = ProfilePackage.Resources.Select(resource => resource.Json).Where(json => json["meta"]?["profile"] is JsonArray named && named.Any(one => ((string?)one)?.Split('|')[0] == url)).ToList();
        Assert.NotEmpty(examples);
        var unshown = new List<string>();
        foreach (var element in ProfilePackage.Elements(profile, "differential"))
        {
            foreach (var (rule, expected, change) in Rules(profile, element))
            {
                var name = $"{id} {ProfilePackage.Text(element, "id")} {rule}";
                if (!examples.Exists(example => Fails(example, profile, element, expected, change)) && !NotShown.ContainsKey(name))
                {
                    unshown.Add(name);
                }
            }
        }

        Assert.Equal("", string.Join('\n', unshown));
    }

    private static bool Fails(JsonObject example, JsonObject profile, JsonObject element, string[] expected, Action<ElementPlace> change)
    {
        var broken = example.DeepClone().AsObject();
        foreach (var place in ElementPlace.Of(broken, profile, ProfilePackage.Text(element, "id")))
        {
            change(place);
            var errors = Ours.Validate(ResourceDocument.Parse(Encoding.UTF8.GetBytes(broken.ToJsonString())).Value).Issues.Where(issue => issue.IsError).ToList();
            return errors.Exists(issue => expected.Contains(issue.Rule));
        }

        return false;
    }

    private static IEnumerable<(string Rule, string[] Expected, Action<ElementPlace> Change)> Rules(JsonObject profile, JsonObject element)
    {
        var path = ProfilePackage.Text(element, "path");
        var max = ProfilePackage.Text(element, "max");
        if (element["min"] is JsonValue min && (int)min > 0)
        {
            yield return ("min", ["ATC-V010", "ATC-V030", "ATC-S013"], place => place.Remove());
        }

        if (max == "0")
        {
            yield return ("max", ["ATC-V011", "ATC-V031"], place => place.Add(Sample(path)));
        }
        else if (max.Length > 0 && max != "*")
        {
            yield return ("max", ["ATC-V011", "ATC-V031", "ATC-S015"], place => place.Repeat());
        }

        if (element.Any(property => property.Key.StartsWith("fixed", StringComparison.Ordinal) || property.Key.StartsWith("pattern", StringComparison.Ordinal)))
        {
            yield return ("value", ["ATC-V013", "ATC-V014", "ATC-V030"], place => place.Spoil(OtherCode(path)));
        }

        if (path.EndsWith("[x]", StringComparison.Ordinal) && element["type"] is JsonArray)
        {
            yield return ("type", ["ATC-V012"], place => place.Replace(OtherType(path, element)));
        }
    }

    [Fact]
    public void ABirthDateHasNoExtensions()
    {
        var patient = ProfilePackage.Resource("example/Patient-subject-001.json").DeepClone().AsObject();
        patient["_birthDate"] = new JsonObject { ["extension"] = new JsonArray(new JsonObject { ["url"] = "http://example.org/x", ["valueString"] = "x" }) };
        Assert.Contains(Ours.Validate(ResourceDocument.Parse(Encoding.UTF8.GetBytes(patient.ToJsonString())).Value).Issues, issue => issue is { Rule: "ATC-V011", Expression: "Patient.birthDate" });
    }

    private static (string Name, JsonNode Value) Sample(string path) => Value(new Step(Base(path), 0));

    /// <summary>A value of a type that the base definition allows, and the profile does not.</summary>
    private static (string Name, JsonNode Value) OtherType(string path, JsonObject element)
    {
        var allowed = element["type"]!.AsArray().Select(type => ProfilePackage.Text(type, "code")).ToList();
        var types = Base(path).Types.ToList();
        return Value(new Step(Base(path), types.FindIndex(type => !allowed.Contains(type.Type.Name) && type.Type.Name != "Extension")));
    }

    /// <summary>The last code that the base definition of a code element allows; null of others.</summary>
    private static string? OtherCode(string path) => path.Contains('[', StringComparison.Ordinal) || path.Contains("xtension", StringComparison.Ordinal) ? null : Base(path).Binding?.Codes?[^1];

    private static (string Name, JsonNode Value) Value(Step step) => (step.JsonName, MinimalInstance.ValueOf(step));

    /// <summary>An element of the base definition.</summary>
    private static ElementSchema Base(string path)
    {
        var names = path.Replace("[x]", "", StringComparison.Ordinal).Split('.');
        var type = R4Definitions.Find(names[0])!;
        foreach (var name in names[1..^1])
        {
            type = type.Find(name)!.Types[0].Type;
        }

        return type.Find(names[^1])!;
    }
}
