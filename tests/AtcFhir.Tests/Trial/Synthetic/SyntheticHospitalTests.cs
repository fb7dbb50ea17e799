using System.Text;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Values;
using AtcFhir.Trial.Concepts;
using AtcFhir.Trial.Study;
using AtcFhir.Trial.Synthetic;

namespace AtcFhir.Tests.Trial.Synthetic;

public class SyntheticHospitalTests
{
    private static readonly IReadOnlyList<HospitalEvent> Events = [.. new SyntheticHospital(ownsResearchSubjects: true).Events(0, 400)];

    [Fact]
    public void TheSameSeedAndDayGiveTheSameEvents()
        => Assert.Equal(Events.Select(Describe), new SyntheticHospital(ownsResearchSubjects: true).Events(0, 400).Select(Describe));

    [Fact]
    public void ADayAskedForAloneIsTheSameAsWithinARange()
        => Assert.Equal(Events.Where(happened => happened.Day == 60).Select(Describe), new SyntheticHospital(ownsResearchSubjects: true).EventsOf(60).Select(Describe));

    [Fact]
    public void AnotherSeedGivesOtherPatients()
        => Assert.NotEqual(Events.Select(Describe), new SyntheticHospital(1, ownsResearchSubjects: true).Events(0, 400).Select(Describe));

    [Fact]
    public void NoKeyOccursTwice() => Assert.Equal(Events.Count, Events.Select(happened => happened.Key).Distinct().Count());

    [Fact]
    public void NothingHappensAfterItsDay()
        => Assert.All(Events, happened => Assert.Equal(SyntheticHospital.Start.AddDays(happened.Day), DateOnly.FromDateTime(happened.At.DateTime)));

    [Fact]
    public void NoResourceSpeaksOfALaterDay()
    {
        foreach (var happened in Events)
        {
            var document = Parse(happened);
            for (var index = 0; index < document.NodeCount; index++)
            {
                if (document.NodeAt(index) is { HasValue: true, Type.Name: "dateTime" } node)
                    Assert.True(FhirDateTime.Parse(node.Text)!.Value.ToDateTimeOffset() <= happened.At, $"{happened.Key} {node.Expression}");
            }
        }
    }

    [Fact]
    public void EveryResourceIsWellFormed() => Assert.All(Events, happened => Assert.Empty(Parse(happened).Issues));

    [Fact]
    public void AResourceIsMadeBeforeItIsChanged()
    {
        HashSet<string> made = [];
        foreach (var happened in Events)
        {
            var name = $"{happened.ResourceType}/{happened.Id}";
            Assert.Equal(happened.Change == HospitalChange.Create, made.Add(name));
        }
    }

    [Fact]
    public void TenPatientsAreEnrolledBeforeDay150AndTwoAreNot()
    {
        var group = Parse(Events.Last(happened => happened.ResourceType == "Group" && happened.Day <= 150)).Root;

        Assert.Equal(10, group.ChildrenOf("member").Count);
        Assert.Equal(12, Events.Count(happened => happened is { ResourceType: "Patient", Change: HospitalChange.Create }));
    }

    [Fact]
    public void EverythingOfTheTrialIsTakenExceptWhatIsUnclear()
    {
        Dictionary<string, int> outcomes = [];
        foreach (var happened in Events.Where(happened => happened.ResourceType != "Group"))
        {
            var mapped = ConceptCatalog.FromHospital(Parse(happened), Contexts.Any);
            var name = mapped switch { Mapped.Taken taken => taken.Concept.Id, Mapped.NotInScope left => left.Counted, _ => "quarantine" };
            outcomes[name] = outcomes.GetValueOrDefault(name) + 1;
        }

        Assert.Equal(
            ["Observation http://loinc.org|718-7", "anakinra-administration", "anaplastic-thyroid-carcinoma", "c-reactive-protein", "ecog-performance-status", "hrqol-response", "neutrophil-count", "pseudonymous-patient", "quarantine", "trial-subject"],
            outcomes.Keys.Order(StringComparer.Ordinal));
        Assert.InRange(outcomes["quarantine"], 1, 10);
    }

    [Fact]
    public void WhatIsTakenIsValidAgainstItsProfile()
    {
        foreach (var happened in Events.Where(happened => happened.Day <= 120))
        {
            if (ConceptCatalog.FromHospital(Parse(happened), Contexts.Any) is not Mapped.Taken taken)
                continue;

            Assert.Empty(TrialValidation.Errors(taken.Trial, taken.Concept.Profile).Select(issue => $"{happened.Key}: {issue.Text} {issue.Expression}"));
            Assert.Empty(TrialValidation.Errors(taken.Source ?? taken.Trial).Select(issue => $"{happened.Key} source: {issue.Text} {issue.Expression}"));
        }
    }

    [Fact]
    public void WhatTheHospitalHoldsIsValidR4()
        => Assert.Empty(Events.Where(happened => happened.Day <= 60).SelectMany(happened => TrialValidation.Errors(happened.Utf8).Select(issue => $"{happened.Key}: {issue.Text} {issue.Expression}")));

    [Fact]
    public void AdverseEventsAreValidAndComeWithTheirDay()
    {
        var reported = new SyntheticHospital().AdverseEvents(0, 600);

        Assert.NotEmpty(reported);
        Assert.All(reported, report => Assert.Empty(TrialValidation.Errors(
            (report.Event with { Head = report.Event.Head with { Id = "a1", PatientId = "p1", StudyId = "atc-anakinra1" } }).ToFhir(), TrialAdverseEvent.Concept.Profile)));
        Assert.Equal(reported.Select(report => report.Key), new SyntheticHospital().AdverseEvents(0, 600).Select(report => report.Key));
    }

    [Fact]
    public void TheAnswersAreThoseOfTheStudysQuestionnaire()
    {
        var form = StudyFacts.Embedded.Questionnaires.Single();

        Assert.Equal(HrqolForm.Canonical, form.Canonical);
        Assert.All(
            Events.Where(happened => happened.ResourceType == "QuestionnaireResponse").SelectMany(happened => HrqolItem.Read(Parse(happened).Root, null)).SelectMany(item => item.Flat()),
            item => Assert.True(form.HasItem(item.LinkId) && item.Answers.All(answer => form.Offers(item.LinkId, answer)), item.LinkId));
    }

    [Fact]
    public void TheNumbersOfThePatientsAreTestNumbers()
        => Assert.All(new SyntheticHospital().InTrial, patient => Assert.StartsWith("9999", patient.TestBsn, StringComparison.Ordinal));

    private static ResourceDocument Parse(HospitalEvent happened) => ResourceDocument.Parse(happened.Utf8).Value;

    private static string Describe(HospitalEvent happened) => $"{happened.Key} {happened.Day} {happened.At:O} {happened.Change} {Encoding.UTF8.GetString(happened.Utf8)}";
}
