namespace AtcFhir.Trial.Synthetic;

/// <summary>
/// What happens to one invented patient, as functions of the day of treatment (0 is the day of inclusion). Ranges and where they come from:
/// docs/synthetic-patients.md.
/// </summary>
internal sealed class PatientCourse
{
    /// <summary>Days of intravenous treatment.</summary>
    public const int IntravenousDays = 7;

    /// <summary>Days of treatment in all: 26 weeks.</summary>
    public const int TreatmentDays = 182;

    private readonly Dice dice;
    private readonly int baselineEcog;
    private readonly bool improvesFirst;
    private readonly double baselineCrp;
    private readonly double baselineNeutrophils;

    public PatientCourse(int seed, int number)
    {
        Number = number;
        Id = string.Create(CultureInfo.InvariantCulture, $"atc-p{number:00}");
        dice = new Dice(seed, Id);
        IsFemale = dice.Chance(0.63, "sex");
        BornYear = dice.Between(1935, 1962, "born");
        InclusionDay = 3 + ((number - 1) * 11) + dice.Between(0, 6, "inclusion");
        SurvivalDays = Math.Max(14, (int)Math.Round(Math.Exp(Math.Log(137) + (0.6 * dice.Normal("survival")))));
        StopsTreatmentOn = dice.Chance(0.12, "stops") ? dice.Between(30, 120, "stop day") : TreatmentDays;
        baselineEcog = dice.Even("ecog") switch { < 0.15 => 0, < 0.7 => 1, _ => 2 };
        improvesFirst = baselineEcog > 0 && dice.Chance(0.25, "improves");
        baselineCrp = Math.Exp(Math.Log(48) + (0.7 * dice.Normal("crp")));
        baselineNeutrophils = Math.Clamp(7.5 + (2 * dice.Normal("neutrophils")), 2.8, 18);
    }

    /// <summary>1 for the first patient.</summary>
    public int Number { get; }

    /// <summary>Logical id of the Patient at the hospital.</summary>
    public string Id { get; }

    public bool IsFemale { get; }

    public int BornYear { get; }

    /// <summary>Day of the hospital's clock on which the patient is included.</summary>
    public int InclusionDay { get; }

    /// <summary>Days from inclusion to death.</summary>
    public int SurvivalDays { get; }

    /// <summary>First day of treatment without a dose.</summary>
    public int StopsTreatmentOn { get; }

    public Dice Dice => dice;

    /// <summary>The part of the remaining life that is over, 0 to 1.</summary>
    public double Decline(int day) => Math.Clamp((double)day / SurvivalDays, 0, 1);

    /// <summary>Grade 0 to 4: worse towards the end, a quarter of the patients somewhat better at first.</summary>
    public int Ecog(int day)
    {
        var rise = Math.Pow(Decline(day), 1.7) * (4 - baselineEcog);
        var wobble = dice.Chance(0.12, "ecog wobble", day) ? -1 : 0;
        var improved = improvesFirst && day is >= 14 and <= 56 ? -1 : 0;
        return Math.Clamp(baselineEcog + (int)Math.Round(rise) + (day == 0 ? 0 : wobble) + improved, 0, 4);
    }

    /// <summary>mg/L: falls under treatment, rises again near the end.</summary>
    public double Crp(int day)
    {
        var treated = 0.4 + (0.6 * Math.Exp(-day / 6.0));
        var end = 1 + (1.5 * Math.Pow(Decline(day), 6));
        return baselineCrp * treated * end * Math.Exp(0.18 * dice.Normal("crp noise", day));
    }

    /// <summary>10^9/l: a quarter lower under treatment; seldom below 1.5.</summary>
    public double Neutrophils(int day)
    {
        var treated = 0.75 + (0.25 * Math.Exp(-day / 10.0));
        var dip = day > 14 && dice.Chance(0.015, "neutropenia", day) ? 0.2 : 1;
        return baselineNeutrophils * treated * dip * Math.Exp(0.12 * dice.Normal("neutrophils noise", day));
    }

    /// <summary>What is given on a day of treatment; null on days without a planned dose.</summary>
    public PlannedDose? DoseOn(int day)
    {
        if (day < 0 || day >= Math.Min(StopsTreatmentOn, TreatmentDays) || day >= SurvivalDays)
            return null;

        var missed = day >= IntravenousDays && dice.Chance(0.04, "missed", day);
        return day < IntravenousDays ? new PlannedDose(600, true, false, false) : new PlannedDose(100, false, missed, missed && dice.Chance(0.6, "refused", day));
    }
}

/// <summary>A dose of the protocol, and whether it was missed because the patient refused or did not tolerate it.</summary>
internal sealed record PlannedDose(int Milligrams, bool IsIntravenous, bool IsMissed, bool IsRefused);
