using System.Text.Json.Nodes;
using static AtcFhir.Tests.Profiles.ProfilePackage;

namespace AtcFhir.Tests.Profiles;

/// <summary>That the study says what the register record of the trial says, and nothing as certain that it does not.</summary>
public class StudyRecordTests
{
    private static readonly JsonObject Study = Resource("ResearchStudy-atc-anakinra1.json");

    [Fact]
    public void ItHasTheNumbersOfEveryRegister()
        => Assert.Equal(
            ["omon NL-OMON46644", "eudract 2017-003028-59", "ccmo NL62684.091.17", "other NL-OMON22269", "ictrp EUCTR2017-003028-59-NL"],
            Study["identifier"]!.AsArray().Select(identifier => $"{Text(identifier!["type"]!["coding"]![0], "code")} {Text(identifier, "value")}"));

    [Fact]
    public void RecruitmentStoppedIsClosedToAccrualAndKeepsItsWords()
    {
        Assert.Equal("closed-to-accrual", Text(Study, "status"));
        Assert.Contains(Progress(), state => state.Text == "Recruitment stopped");
    }

    [Fact]
    public void BothApprovalsStandOnTheirDayInMarchAndJune()
        => Assert.Equal(
            [("approved", "true", "2018-03-06"), ("approved", "true", "2018-06-06")],
            Progress().Where(state => state.Code == "approved").Select(state => (state.Code, state.Actual, state.Start)));

    [Fact]
    public void TheStartIsAnticipated()
    {
        Assert.Equal("2018-10-16", Text(Study["period"], "start"));
        Assert.Null(Study["period"]!["end"]);
        Assert.Contains(Progress(), state => state is { Actual: "false", Start: "2018-10-16" });
    }

    [Fact]
    public void TenIsTheActualEnrolmentAndNoTarget()
        => Assert.Equal(["actualNumber 10"], Extensions("extension-ResearchStudy.recruitment").Single().Select(part => $"{part.Key} {part.Value["valueUnsignedInt"]}"));

    [Theory]
    [InlineData("primary", 3)]
    [InlineData("secondary", 4)]
    public void ObjectivesAndOutcomesAreThreePrimaryAndFourSecondary(string type, int count)
    {
        Assert.Equal(count, Study["objective"]!.AsArray().Count(objective => Text(objective!["type"]!["coding"]![0], "code") == type));
        Assert.Equal(count, Extensions("extension-ResearchStudy.outcomeMeasure").Count(outcome => Text(outcome["type"]["valueCodeableConcept"]!["coding"]![0], "code") == type));
    }

    [Fact]
    public void NoPhaseIsInferred() => Assert.Null(Study["phase"]);

    [Fact]
    public void SponsorFunderCommitteeAndContactsAreParties()
        => Assert.Equal(
            ["sponsor Organization/radboudumc", "funding-source Organization/ministry-ocw", "irb Organization/cmo-arnhem-nijmegen", "general-contact Organization/radboudumc", "general-contact Organization/radboudumc"],
            Extensions("extension-ResearchStudy.associatedParty").Select(party => $"{Text(party["role"]["valueCodeableConcept"]!["coding"]![0], "code")} {Text(party["party"]["valueReference"], "reference")}"));

    [Fact]
    public void EveryReferenceOfTheStudyIsInThePackage()
    {
        var present = Resources.Select(resource => $"{Text(resource.Json, "resourceType")}/{Text(resource.Json, "id")}").ToHashSet();
        Assert.All(Resources, resource => Assert.All(References(resource.Json), reference => Assert.Contains(reference, present)));
    }

    [Fact]
    public void TheDosesAreThoseOfTheRegister()
    {
        var dosage = Resource("ActivityDefinition-anakinra-treatment.json")["dosage"]!.AsArray();
        Assert.Equal(
            ["1 47625008 600 mg 1 wk", "2 34206005 100 mg 25 wk"],
            dosage.Select(dose => $"{dose!["sequence"]} {Text(dose["route"]!["coding"]![0], "code")} {dose["doseAndRate"]![0]!["doseQuantity"]!["value"]} mg {dose["timing"]!["repeat"]!["boundsDuration"]!["value"]} wk"));
    }

    [Theory]
    [InlineData("ActivityDefinition-anakinra-treatment.json", 2)] // daily total; what six months mean
    [InlineData("PlanDefinition-atc-anakinra1-protocol.json", 8)] // admission, bi-weekly, four images, ECOG times, CTCAE version
    [InlineData("Questionnaire-atc-hrqol.json", 1)]
    [InlineData("Library-atc-hrqol-scoring.json", 1)]
    [InlineData("Group-inclusion-3.json", 1)] // the lost sign before 18
    [InlineData("ResearchStudy-atc-anakinra1.json", 1)] // how the criteria combine
    public void WhatTheRegisterDoesNotSayIsMarkedAsAnAssumption(string file, int count)
        => Assert.Equal(count, Resource(file).ToJsonString().Split($"{BaseUrl}/StructureDefinition/assumption").Length - 1);

    private static IEnumerable<(string Code, string Text, string Actual, string Start)> Progress()
        => Extensions("extension-ResearchStudy.progressStatus").Select(progress => (
            Text(progress["state"]["valueCodeableConcept"]!["coding"]![0], "code"),
            Text(progress["state"]["valueCodeableConcept"], "text"),
            progress["actual"]["valueBoolean"]!.ToJsonString(),
            progress.TryGetValue("period", out var period) ? Text(period["valuePeriod"], "start") : ""));

    private static IEnumerable<Dictionary<string, JsonNode>> Extensions(string name)
        => Study["extension"]!.AsArray().Where(extension => Text(extension, "url").EndsWith("/" + name, StringComparison.Ordinal))
            .Select(extension => extension!["extension"]!.AsArray().ToDictionary(part => Text(part, "url"), part => part!));

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonArray list => list.SelectMany(References),
        JsonObject json => json.SelectMany(property => property.Key == "reference" && property.Value is JsonValue value ? [(string)value!] : References(property.Value)),
        _ => [],
    };
}
