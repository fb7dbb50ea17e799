namespace AtcFhir.Trial.Synthetic;

/// <summary>What is done with a living patient on one day of treatment: blood, performance status, dose, questionnaire, and corrections of the day before.</summary>
internal static class TreatmentDayCourse
{
    private const double Corrected = 0.06;

    public static IEnumerable<HospitalEvent> Of(EhrPatient patient, int day, DateOnly date, int treatmentDay)
    {
        var course = patient.Course;
        if (treatmentDay > 0 && IsBloodDay(treatmentDay - 1) && course.Dice.Chance(Corrected, "corrected", treatmentDay - 1))
            yield return Correction(patient, day, date, treatmentDay - 1);

        if (IsBloodDay(treatmentDay))
        {
            var at = DutchClock.At(date, 8, 15);
            yield return Observation(day, at, Id("crp"), patient.Crp(Id("crp"), at, course.Crp(treatmentDay)));
            yield return Observation(day, at, Id("anc"), patient.Neutrophils(Id("anc"), at, course.Neutrophils(treatmentDay)));
            yield return Observation(day, at, Id("hb"), patient.Haemoglobin(Id("hb"), at, 12.5 - (2.5 * course.Decline(treatmentDay))));
        }

        if (treatmentDay % 14 == 0 || treatmentDay == 7)
        {
            // Once in a while a ward writes what cannot be read without guessing.
            var at = DutchClock.At(date, 10, 30);
            var isUnclear = treatmentDay > 0 && course.Dice.Chance(0.03, "unclear ecog", treatmentDay);
            yield return Observation(day, at, Id("ecog"), patient.Ecog(Id("ecog"), at, course.Ecog(treatmentDay), isUnclear));
        }

        if (course.DoseOn(treatmentDay) is { } dose)
            yield return SyntheticHospital.Made(day, DutchClock.At(date, dose.IsIntravenous ? 20 : 9), "MedicationAdministration", Id("ana"), patient.Dose(Id("ana"), date, dose));

        if (treatmentDay % 14 == 0 && course.Dice.Chance(0.9, "filled in", treatmentDay))
        {
            var at = DutchClock.At(date, 19, 40);
            yield return SyntheticHospital.Made(day, at, "QuestionnaireResponse", Id("qol"), patient.Answers(Id("qol"), at, treatmentDay));
        }

        string Id(string what) => Name(course, what, treatmentDay);
    }

    public static bool IsBloodDay(int treatmentDay) => treatmentDay is 3 or 7 || treatmentDay % 14 == 0;

    private static HospitalEvent Correction(EhrPatient patient, int day, DateOnly date, int drawn)
    {
        var id = Name(patient.Course, "crp", drawn);
        var at = DutchClock.At(date.AddDays(-1), 8, 15);
        var corrected = patient.Crp(id, at, patient.Course.Crp(drawn) * 1.1, "corrected");
        return SyntheticHospital.Changed(day, DutchClock.At(date, 11, 45), "Observation", id, "corrected", corrected);
    }

    private static HospitalEvent Observation(int day, DateTimeOffset at, string id, byte[] utf8) => SyntheticHospital.Made(day, at, "Observation", id, utf8);

    private static string Name(PatientCourse course, string what, int treatmentDay) => string.Create(CultureInfo.InvariantCulture, $"{course.Id}-{what}-{treatmentDay:000}");
}
