using AtcFhir.R4.Values;
using AtcFhir.Trial.Concepts;

namespace AtcFhir.Trial.Synthetic;

/// <summary>The adverse events of one invented patient.</summary>
internal static class AdverseEventCourse
{
    public const string IdentifierSystem = ConceptCatalog.Canonical + "sid/synthetic-adverse-event";

    public static IEnumerable<ReportedAdverseEvent> Of(PatientCourse course)
    {
        var dice = course.Dice;
        if (dice.Chance(0.7, "injection site") && dice.Between(8, 20, "injection site day") is var skin && skin + 5 < course.SurvivalDays)
            yield return Report(course, "injection-site", skin, skin + 5, "Redness at the injection site", dice.Chance(0.8, "injection site grade") ? 1 : 2, "resolved", "C53260", expected: true);

        for (var day = PatientCourse.IntravenousDays * 2; day < Math.Min(course.SurvivalDays, PatientCourse.TreatmentDays); day += 14)
        {
            if (course.Neutrophils(day) is < 1.5 and >= 0.5 and var count)
                yield return Report(course, $"neutropenia-{day:000}", day, day + 1, "Neutropenia", count < 1 ? 3 : 2, "recovering", "C53258", expected: true, resolved: false);
        }

        var infection = dice.Between(30, 150, "pneumonia day");
        if (dice.Chance(0.25, "pneumonia") && infection + 10 < course.SurvivalDays)
            yield return Report(course, "pneumonia", infection, infection + 9, "Pneumonia", 3, "resolved", "C53258", expected: false, criterion: "C83052");

        if (dice.Chance(0.3, "fatal respiratory failure"))
            yield return Report(course, "respiratory-failure", course.SurvivalDays, course.SurvivalDays, "Respiratory failure", 5, "fatal", "C53256", expected: false, criterion: "C48275", resolved: false);
    }

    private static ReportedAdverseEvent Report(
        PatientCourse course, string name, int onset, int reported, string term, int grade, string outcome, string causality, bool expected, string? criterion = null, bool resolved = true)
    {
        var key = $"{course.Id}-{name}";
        return new ReportedAdverseEvent(key, course.InclusionDay + reported, course.Id, new TrialAdverseEvent(
            new RecordHead(null, string.Empty, null, new BusinessIdentifier(IdentifierSystem, key)),
            term,
            Day(course, onset),
            grade,
            criterion is not null,
            criterion is null ? [] : [criterion],
            outcome,
            causality,
            Suspect: "Medication/kineret",
            Expected: expected,
            Resolved: resolved ? Day(course, reported) : null,
            Recorded: Day(course, reported)));
    }

    private static FhirDateTime Day(PatientCourse course, int day)
        => FhirDateTime.Of(SyntheticHospital.Start.AddDays(course.InclusionDay + day));
}
