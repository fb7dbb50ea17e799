using AtcFhir.R4.Values;
using AtcFhir.Trial.Concepts;

namespace AtcFhir.Trial.Synthetic;

/// <summary>
/// How the invented hospital writes its own records: with names, notes and numbers that must never reach the trial, in its own codes and units,
/// different from patient to patient. Numbers are of the range that Dutch authorities keep for tests (9999…).
/// </summary>
internal sealed class EhrPatient(PatientCourse course)
{
    private const string Bsn = "http://fhir.nl/fhir/NamingSystem/bsn";
    private const string CcmoNumber = "NL62684.091.17";

    private static readonly string[] Given = ["Testina", "Proef", "Voorbeeld", "Fictief", "Verzonnen", "Denkbeeld"];

    private readonly string family = $"Synthetisch-{(char)('A' + ((course.Number - 1) % 26))}{course.Number.ToString("00", CultureInfo.InvariantCulture)}";

    public PatientCourse Course => course;

    /// <summary>Name that the notes of the EHR repeat.</summary>
    public string Family => family;

    /// <summary>A number of nine digits in the test range that satisfies the check on eleven.</summary>
    public string TestBsn
    {
        get
        {
            for (var number = 999_990_000 + (course.Number * 37); ; number++)
            {
                var digits = number.ToString(CultureInfo.InvariantCulture);
                var sum = 0;
                for (var at = 0; at < 8; at++)
                    sum += (9 - at) * (digits[at] - '0');
                if ((sum - (digits[8] - '0')) % 11 == 0)
                    return digits;
            }
        }
    }

    public byte[] Patient(DateTimeOffset? died) => ResourceWriter.Write("Patient", course.Id, writer =>
    {
        writer.Object("text", () =>
        {
            writer.Text("status", "generated");
            writer.Text("div", $"<div xmlns=\"http://www.w3.org/1999/xhtml\">{family}, {TestBsn}</div>");
        });
        writer.Objects<BusinessIdentifier>("identifier", [new(Bsn, TestBsn), new("https://hospital.example.org/patient-number", $"SYN{course.Number:000000}")], writer.IdentifierBody);
        writer.Objects("name", [family], name =>
        {
            writer.Text("use", "official");
            writer.Text("family", name);
            writer.Texts("given", [Given[(course.Number - 1) % Given.Length]]);
        });
        writer.Objects("telecom", [$"06-0000{course.Number:0000}"], phone =>
        {
            writer.Text("system", "phone");
            writer.Text("value", phone);
        });
        writer.Text("gender", course.IsFemale ? "female" : "male");
        writer.Text("birthDate", string.Create(CultureInfo.InvariantCulture, $"{course.BornYear}-{course.Dice.Between(1, 12, "month"):00}-{course.Dice.Between(1, 28, "day"):00}"));
        writer.Text("deceasedDateTime", died is { } time ? DutchClock.Text(time) : null);
        writer.Objects("address", [course.Number], number =>
        {
            writer.Texts("line", [$"Verzonnenstraat {number}"]);
            writer.Text("city", "Fictiedam");
            writer.Text("postalCode", "0000 AA");
        });
    });

    public byte[] Condition(DateOnly recorded) => ResourceWriter.Write("Condition", course.Id + "-diagnosis", writer =>
    {
        writer.Codeable("clinicalStatus", [new ConceptCode("http://terminology.hl7.org/CodeSystem/condition-clinical", "active")]);
        writer.Codeable("verificationStatus", [new ConceptCode("http://terminology.hl7.org/CodeSystem/condition-ver-status", "confirmed")]);
        writer.Codeable("code", [new ConceptCode(Systems.Icd10, "C73", "Maligne neoplasma van schildklier")], "Anaplastisch schildkliercarcinoom, histologisch bewezen");
        writer.Codeables("bodySite", [new ConceptCode(Systems.Snomed, "69748006")]);
        Subject(writer);
        writer.Text("onsetDateTime", recorded.AddDays(-course.Dice.Between(3, 21, "onset")).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        writer.Text("recordedDate", recorded.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        Note(writer, $"Besproken met mw./dhr. {family} en huisarts.");
    });

    /// <summary>The grade as this hospital's wards write it: half of them in the older form with an answer of a list.</summary>
    public byte[] Ecog(string id, DateTimeOffset at, int grade, bool isUnclear = false) => ResourceWriter.Write("Observation", id, writer =>
    {
        var isOlderForm = course.Number % 2 == 0;
        writer.Text("status", "final");
        writer.Codeables("category", [new ConceptCode(Systems.ObservationCategory, "survey")]);
        writer.Codeable("code", [new ConceptCode(Systems.Loinc, isOlderForm && !isUnclear ? "89262-0" : "89247-1")], "WHO/ECOG performance status");
        Subject(writer);
        writer.Text("effectiveDateTime", DutchClock.Text(at));
        Performer(writer);
        if (isUnclear)
            writer.Text("valueString", $"{Math.Max(0, grade - 1)}-{Math.Max(1, grade)}");
        else if (isOlderForm)
            writer.Codeable("valueCodeableConcept", [new ConceptCode(Systems.Loinc, EcogAnswer(grade))]);
        else
            writer.Number("valueInteger", grade);
    });

    /// <summary>Every fourth patient's laboratory reports mg/dL.</summary>
    public byte[] Crp(string id, DateTimeOffset at, double milligramsPerLitre, string status = "final")
    {
        var isPerDecilitre = course.Number % 4 == 3;
        var amount = isPerDecilitre ? milligramsPerLitre / 10 : milligramsPerLitre;
        var limit = isPerDecilitre ? 0.1 : 1;
        return Laboratory(id, at, status, "1988-5", "CRP", writer => Quantity(writer, amount, limit, isPerDecilitre ? "0.00" : "0.0", isPerDecilitre ? "mg/dL" : "mg/L", isUcum: true));
    }

    /// <summary>Every third patient's laboratory writes the unit its own way.</summary>
    public byte[] Neutrophils(string id, DateTimeOffset at, double count, string status = "final")
    {
        var isOwnSpelling = course.Number % 3 == 0;
        return Laboratory(id, at, status, "751-8", "Neutrofielen", writer => Quantity(writer, count, 0.1, "0.00", isOwnSpelling ? "10^9/l" : "10*9/L", !isOwnSpelling));
    }

    /// <summary>No concept of the trial: it has to be counted and left behind.</summary>
    public byte[] Haemoglobin(string id, DateTimeOffset at, double gramsPerDecilitre)
        => Laboratory(id, at, "final", "718-7", "Hemoglobine", writer => Quantity(writer, gramsPerDecilitre, 1, "0.0", "g/dL", isUcum: true));

    public byte[] Dose(string id, DateOnly day, PlannedDose dose) => ResourceWriter.Write("MedicationAdministration", id, writer =>
    {
        writer.Text("status", dose.IsMissed ? "not-done" : "completed");
        if (dose.IsMissed)
            writer.Codeables("statusReason", [new ConceptCode(Systems.Snomed, dose.IsRefused ? "105480006" : "407563006")]);
        writer.Codeable("medicationCodeableConcept", MedicationCodes(), "Kineret 100 mg/0,67 ml injvlst wwsp");
        Subject(writer);
        if (dose.IsIntravenous)
            writer.Object("effectivePeriod", () =>
            {
                writer.Text("start", DutchClock.Text(DutchClock.At(day, 8)));
                writer.Text("end", DutchClock.Text(DutchClock.At(day, 20)));
            });
        else
            writer.Text("effectiveDateTime", DutchClock.Text(DutchClock.At(day, 9)));
        writer.Objects("performer", [0], _ => writer.Object("actor", () => writer.Text("display", "Verpleegkundige Synthetisch-Z")));
        if (!dose.IsMissed)
            writer.Object("dosage", () => WriteDosage(writer, dose));
        Note(writer, $"Toegediend aan {family}.");
    });

    public byte[] Answers(string id, DateTimeOffset at, int day) => ResourceWriter.Write("QuestionnaireResponse", id, writer =>
    {
        writer.Text("questionnaire", HrqolForm.Canonical);
        writer.Text("status", "completed");
        Subject(writer);
        writer.Text("authored", DutchClock.Text(at));
        writer.Reference("source", "Patient/" + course.Id);
        HrqolForm.Write(writer, course, day);
    });

    public byte[] ResearchSubject(string status, DateOnly included, DateOnly? ended) => ResourceWriter.Write("ResearchSubject", course.Id + "-subject", writer =>
    {
        writer.Text("status", status);
        writer.Object("period", () =>
        {
            writer.Text("start", included.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            writer.Text("end", ended?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        });
        writer.Object("study", () => writer.Object("identifier", () => writer.Text("value", CcmoNumber)));
        writer.Reference("individual", "Patient/" + course.Id);
        writer.Text("assignedArm", "Anakinra");
    });

    private static string EcogAnswer(int grade) => grade switch { 0 => "LA9622-7", 1 => "LA9623-5", 2 => "LA9624-3", 3 => "LA9625-0", 4 => "LA9626-8", _ => "LA9627-6" };

    private byte[] Laboratory(string id, DateTimeOffset at, string status, string loinc, string text, Action<ResourceWriter> value) => ResourceWriter.Write("Observation", id, writer =>
    {
        writer.Text("status", status);
        writer.Codeables("category", [new ConceptCode(Systems.ObservationCategory, "laboratory")]);
        writer.Codeable("code", [new ConceptCode(Systems.Loinc, loinc), new ConceptCode("https://hospital.example.org/lab", text)], text);
        Subject(writer);
        writer.Text("effectiveDateTime", DutchClock.Text(at));
        Performer(writer);
        value(writer);
        Note(writer, $"Uitslag telefonisch doorgegeven, pat. {family}, BSN {TestBsn}.");
    });

    private static void Quantity(ResourceWriter writer, double amount, double limit, string format, string unit, bool isUcum) => writer.Object("valueQuantity", () =>
    {
        writer.Number("value", FhirDecimal.Parse(Math.Max(amount, limit).ToString(format, CultureInfo.InvariantCulture)));
        writer.Text("comparator", amount < limit ? "<" : null);
        writer.Text("unit", unit);
        writer.Text("system", isUcum ? Systems.Ucum : null);
        writer.Text("code", isUcum ? unit : null);
    });

    // Some wards give the code of the substance, some of the product class, some the name alone.
    private ConceptCode[] MedicationCodes() => (course.Number % 3) switch
    {
        0 => [new ConceptCode(Systems.Atc, "L04AC03", "anakinra")],
        1 => [new ConceptCode(Systems.Snomed, "385549000"), new ConceptCode(Systems.Atc, "L04AC03")],
        _ => [],
    };

    private void WriteDosage(ResourceWriter writer, PlannedDose dose)
    {
        var isInGrams = dose.IsIntravenous && course.Number % 5 == 0;
        writer.Codeable("route", [dose.IsIntravenous ? new ConceptCode(Systems.Snomed, "47625008") : new ConceptCode(Systems.Snomed, "34206005")]);
        writer.Quantity("dose", isInGrams
            ? new Measured(FhirDecimal.Parse("0.6")!.Value, "g")
            : new Measured(FhirDecimal.Parse(dose.Milligrams.ToString(CultureInfo.InvariantCulture))!.Value, "mg"));
    }

    private void Subject(ResourceWriter writer) => writer.Object("subject", () =>
    {
        writer.Text("reference", "Patient/" + course.Id);
        writer.Text("display", family);
    });

    private static void Performer(ResourceWriter writer) => writer.Objects("performer", [0], _ => writer.Text("display", "dr. Synthetisch-Y"));

    private static void Note(ResourceWriter writer, string text) => writer.Objects("note", [text], each => writer.Text("text", each));
}
