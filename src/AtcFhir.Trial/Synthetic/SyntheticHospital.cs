namespace AtcFhir.Trial.Synthetic;

/// <summary>
/// A hospital with a few invented patients with anaplastic thyroid carcinoma, as its EHR would hold them. A pure function of the seed and the
/// day: asking again, or for another range, gives the same events.
/// </summary>
/// <param name="Seed">Another seed, other patients.</param>
/// <param name="Subjects">How many patients.</param>
public sealed record SyntheticHospital(int Seed = 46644, int Subjects = 10)
{
    /// <summary>Day 0: the anticipated start of the trial.</summary>
    public static DateOnly Start { get; } = new(2018, 10, 16);

    /// <summary>Logical id of the Group that lists the patients who are enrolled.</summary>
    public const string EnrolmentGroupId = "atc-anakinra1-enrolled";

    /// <summary>The events of one day, in the order in which they happen.</summary>
    public IReadOnlyList<HospitalEvent> EventsOf(int day) => throw new NotImplementedException();

    /// <summary>The events of the days from..through, in the order in which they happen.</summary>
    public IEnumerable<HospitalEvent> Events(int from, int through)
    {
        for (var day = from; day <= through; day++)
        {
            foreach (var happened in EventsOf(day))
                yield return happened;
        }
    }
}
