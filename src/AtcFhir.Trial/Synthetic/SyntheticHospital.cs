using AtcFhir.Trial.Concepts;

namespace AtcFhir.Trial.Synthetic;

/// <summary>
/// A hospital with a few invented patients with anaplastic thyroid carcinoma, as its EHR would hold them, and two patients who are not in
/// the trial. A pure function of the seed and the day: asking again, or for another range, gives the same events, and none lies after its day.
/// </summary>
/// <param name="seed">Another seed, other patients.</param>
/// <param name="subjects">How many patients join the trial.</param>
/// <param name="ownsResearchSubjects">Whether the hospital keeps ResearchSubject itself.</param>
public sealed class SyntheticHospital(int seed = 46644, int subjects = 10, bool ownsResearchSubjects = false)
{
    /// <summary>Logical id of the Group that lists the patients who consented; a member's period starts on the day of consent.</summary>
    public const string EnrolmentGroupId = "atc-anakinra1-enrolled";

    private const int Bystanders = 2;

    private readonly EhrPatient[] patients = [.. Enumerable.Range(1, subjects + Bystanders).Select(number => new EhrPatient(new PatientCourse(seed, number)))];

    /// <summary>Day 0: the anticipated start of the trial.</summary>
    public static DateOnly Start { get; } = new(2018, 10, 16);

    /// <summary>The events of one day, in the order in which they happen.</summary>
    public IReadOnlyList<HospitalEvent> EventsOf(int day)
        => day < 0 ? [] : [.. patients.SelectMany(patient => EventsOf(patient, day)).Concat(GroupEvents(day)).OrderBy(happened => happened.At).ThenBy(happened => happened.Key, StringComparer.Ordinal)];

    /// <summary>The events of the days from..through, in the order in which they happen.</summary>
    public IEnumerable<HospitalEvent> Events(int from, int through)
    {
        for (var day = from; day <= through; day++)
        {
            foreach (var happened in EventsOf(day))
                yield return happened;
        }
    }

    /// <summary>The adverse events that the trial's staff report from..through, by day.</summary>
    public IReadOnlyList<ReportedAdverseEvent> AdverseEvents(int from, int through)
        => [.. InTrial.SelectMany(patient => AdverseEventCourse.Of(patient.Course)).Where(reported => reported.Day >= from && reported.Day <= through).OrderBy(reported => reported.Day).ThenBy(reported => reported.Key, StringComparer.Ordinal)];

    internal IEnumerable<EhrPatient> InTrial => patients.Take(subjects);

    private IEnumerable<HospitalEvent> EventsOf(EhrPatient patient, int day)
    {
        var course = patient.Course;
        var date = Start.AddDays(day);
        var treatmentDay = day - course.InclusionDay;
        if (day == FirstSeen(course))
        {
            yield return Made(day, DutchClock.At(date, 7), "Patient", course.Id, patient.Patient(null));
            yield return Made(day, DutchClock.At(date, 7, 10), "Condition", course.Id + "-diagnosis", patient.Condition(date));
        }

        if (course.Number > subjects)
        {
            if (day == course.InclusionDay)
                yield return Made(day, DutchClock.At(date, 8, 15), "Observation", course.Id + "-crp-000", patient.Crp(course.Id + "-crp-000", DutchClock.At(date, 8, 15), course.Crp(0)));
            yield break;
        }

        if (treatmentDay < 0 || treatmentDay > course.SurvivalDays)
            yield break;

        if (ownsResearchSubjects && treatmentDay == 0)
            yield return Made(day, DutchClock.At(date, 7, 30), "ResearchSubject", course.Id + "-subject", patient.ResearchSubject("on-study-intervention", date, null));

        if (treatmentDay == course.SurvivalDays)
        {
            var died = DutchClock.At(date, course.Dice.Between(9, 21, "hour of death"));
            yield return Changed(day, died, "Patient", course.Id, "death", patient.Patient(died));
            if (ownsResearchSubjects)
                yield return Changed(day, died, "ResearchSubject", course.Id + "-subject", "off-study", patient.ResearchSubject("off-study", Start.AddDays(course.InclusionDay), date));
            yield break;
        }

        foreach (var happened in TreatmentDayCourse.Of(patient, day, date, treatmentDay))
            yield return happened;
    }

    private static int FirstSeen(PatientCourse course) => Math.Max(0, course.InclusionDay - 14);

    private static int ConsentDay(PatientCourse course) => Math.Max(1, course.InclusionDay - course.Dice.Between(1, 3, "consent"));

    // Members join on the day after they consented at the latest, and stay listed.
    private IEnumerable<HospitalEvent> GroupEvents(int day)
    {
        if (day == 0)
            yield return Made(day, DutchClock.At(Start, 6), "Group", EnrolmentGroupId, Group(day));
        else if (InTrial.Any(patient => ConsentDay(patient.Course) == day))
            yield return Changed(day, DutchClock.At(Start.AddDays(day), 16), "Group", EnrolmentGroupId, $"{day:0000}", Group(day));
    }

    private byte[] Group(int day) => ResourceWriter.Write("Group", EnrolmentGroupId, writer =>
    {
        writer.Text("type", "person");
        writer.Flag("actual", true);
        writer.Text("name", "ATC-Anakinra1");
        writer.Objects("member", [.. InTrial.Where(patient => ConsentDay(patient.Course) <= day)], patient =>
        {
            writer.Reference("entity", "Patient/" + patient.Course.Id);
            writer.Object("period", () => writer.Text("start", Start.AddDays(ConsentDay(patient.Course)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        });
    });

    internal static HospitalEvent Made(int day, DateTimeOffset at, string type, string id, byte[] utf8)
        => new($"{type}/{id}", day, at, HospitalChange.Create, type, id, utf8);

    internal static HospitalEvent Changed(int day, DateTimeOffset at, string type, string id, string change, byte[] utf8)
        => new($"{type}/{id}#{change}", day, at, HospitalChange.Update, type, id, utf8);
}
