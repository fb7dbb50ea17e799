using AtcFhir.Trial.Synthetic;

namespace AtcFhir.Tests.Trial.Synthetic;

/// <summary>The ranges of docs/synthetic-patients.md, over many seeds.</summary>
public class PatientCourseTests
{
    private static readonly IReadOnlyList<PatientCourse> Patients = [.. Enumerable.Range(1, 200).SelectMany(seed => Enumerable.Range(1, 10).Select(number => new PatientCourse(seed, number)))];

    [Fact]
    public void MedianSurvivalIsThreeToSixMonths()
        => Assert.InRange(Median(Patients.Select(patient => patient.SurvivalDays / 30.4375)), 3, 6);

    [Fact]
    public void TheStandardCohortToo()
        => Assert.InRange(Median(new SyntheticHospital().InTrial.Select(patient => patient.Course.SurvivalDays / 30.4375)), 3, 6);

    [Fact]
    public void PerformanceStatusGetsWorseByAtLeastOneGrade()
        => Assert.True(Median(Patients.Select(patient => (double)(patient.Ecog(patient.SurvivalDays - 1) - patient.Ecog(0)))) >= 1);

    [Fact]
    public void SomePatientsAreBetterForAWhile()
        => Assert.InRange(Patients.Where(patient => patient.SurvivalDays > 60).Average(patient => patient.Ecog(28) < patient.Ecog(0) ? 1.0 : 0), 0.05, 0.4);

    [Fact]
    public void PerformanceStatusIsNeverThatOfTheDead()
        => Assert.All(Patients, patient => Assert.InRange(patient.Ecog(patient.SurvivalDays), 0, 4));

    [Fact]
    public void CrpFallsUnderTreatment()
        => Assert.InRange(Median(Patients.Select(patient => patient.Crp(14) / patient.Crp(0))), 0.3, 0.7);

    [Fact]
    public void NeutropeniaIsRare()
        => Assert.InRange(Patients.SelectMany(patient => Enumerable.Range(0, patient.SurvivalDays).Where(TreatmentDayCourse.IsBloodDay).Select(day => patient.Neutrophils(day) < 1.5 ? 1.0 : 0)).Average(), 0.001, 0.03);

    [Fact]
    public void ThePlanIs21700Milligrams()
    {
        var untilTheEnd = Patients.First(patient => patient.SurvivalDays > PatientCourse.TreatmentDays && patient.StopsTreatmentOn == PatientCourse.TreatmentDays);

        Assert.Equal(21_700, Enumerable.Range(0, 400).Sum(day => untilTheEnd.DoseOn(day)?.Milligrams ?? 0));
    }

    [Fact]
    public void AFewDosesAreMissed()
        => Assert.InRange(Patients.SelectMany(patient => Enumerable.Range(7, 100).Select(patient.DoseOn)).OfType<PlannedDose>().Average(dose => dose.IsMissed ? 1.0 : 0), 0.03, 0.05);

    [Fact]
    public void NoDoseIsGivenToTheDead()
        => Assert.All(Patients, patient => Assert.Null(patient.DoseOn(patient.SurvivalDays)));

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
