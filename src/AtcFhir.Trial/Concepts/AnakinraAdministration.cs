using System.Text.RegularExpressions;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.R4.Values;

namespace AtcFhir.Trial.Concepts;

/// <summary>
/// A dose of anakinra, given, stopped or missed. The protocol: 600 mg a day intravenously for one week, then 100 mg a day subcutaneously,
/// six months in all. A dose in grams is transformed; its source is in supportingInformation, since the type has no derivedFrom.
/// Elements taken: status, statusReason (public codings), medication (recognised, then named by ATC code), effective, dosage.route, dosage.dose.
/// </summary>
/// <param name="Reasons">Why it was not given.</param>
/// <param name="Route">Intravenous or subcutaneous.</param>
/// <param name="DoseMg">Milligrams given.</param>
/// <param name="DerivedFrom">Reference to the pseudonymised source of a transformed dose.</param>
public sealed partial record AnakinraAdministration(
    RecordHead Head,
    string Status,
    ValueList<ConceptCode> Reasons,
    EventTime Effective,
    ConceptCode? Route,
    FhirDecimal? DoseMg,
    string? DerivedFrom = null)
{
    private const string NotDone = "not-done";

    private static readonly ConceptCode Atc = new(Systems.Atc, "L04AC03", "anakinra");

    private static readonly IReadOnlyList<ConceptCode> Medications = [Atc, new(Systems.Snomed, "385549000")];

    private static readonly ConceptCode Intravenous = new(Systems.Snomed, "47625008", "Intravenous route");

    private static readonly ConceptCode Subcutaneous = new(Systems.Snomed, "34206005", "Subcutaneous route");

    private static readonly IReadOnlyList<string> States = ["in-progress", NotDone, "on-hold", "completed", "entered-in-error", "stopped", "unknown"];

    private static readonly IReadOnlyList<UnitForm> Units =
        [new("mg", 0), new("g", 3), new("ug", -3), new("milligram", 0, IsUcum: false), new("MG", 0, IsUcum: false), new("gram", 3, IsUcum: false), new("mcg", -3, IsUcum: false)];

    public static TrialConcept Concept { get; } = new()
    {
        Name = nameof(AnakinraAdministration),
        Id = "anakinra-administration",
        Title = "Anakinra administration",
        ResourceType = "MedicationAdministration",
        Owner = ConceptOwner.Hospital,
        Codes = Medications,
        IsValue = static document => Concepts.Codes.Find(document.Root.Child("medication"), Medications) is not null,
        IsHospitalValue = IsAnakinra,
        Extraction = static document => FromFhir(document).Then(dose => dose.ToRecord()),
        RoundTrip = static document => FromFhir(document).Then(dose => dose.ToFhir()),
        Mapping = FromHospital,
    };

    public byte[] ToFhir() => ResourceWriter.Write("MedicationAdministration", Head.Id, writer =>
    {
        writer.Meta(Concept);
        writer.Study(Head.StudyId);
        writer.Identifiers(Head.Identifier);
        Write(writer, DoseMg is { } dose ? new Measured(dose, "mg") : null);
        writer.References("supportingInformation", DerivedFrom is null ? [] : [DerivedFrom]);
    });

    public static Result<AnakinraAdministration> FromFhir(ResourceDocument document)
    {
        var read = new Reading(document, Concept);
        var dose = Read(read, read.Head("subject"), out _);
        return read.Failed ? read.Failure : dose with { DerivedFrom = read.FirstReference("supportingInformation") };
    }

    internal static Mapped FromHospital(ResourceDocument hospital, MappingContext context)
    {
        var read = new Reading(hospital, Concept);
        var dose = Read(read, RecordHead.Of(context), out var unit);
        if (read.Failed)
            return read.Quarantine;

        if (unit is null or { PowerOfTen: 0 })
            return new Mapped.Taken(Concept, dose.ToFhir());

        var written = RecordedNumber.Of(hospital.Root.Child("dosage").Child("dose").Child("value"))!.Value;
        var source = ResourceWriter.Write("MedicationAdministration", context.SourceId, writer =>
        {
            SourceTag.Meta(writer);
            writer.Study(context.StudyId);
            dose.Write(writer, new Measured(written, unit.IsUcum ? unit.Spelling : unit.PowerOfTen == 3 ? "g" : "ug"));
        });
        return new Mapped.Taken(Concept, (dose with { DerivedFrom = "MedicationAdministration/" + context.SourceId }).ToFhir(), source);
    }

    private TrialRecord ToRecord() => new(Concept.Id, Head.PatientId, Status, Effective.Start, Effective.End,
    [
        new("dose", DoseMg?.ToString(), Unit: DoseMg is null ? null : "mg"),
        .. Route is null ? ValueList<RecordValue>.Empty : [new("route", System: Route.System, Code: Route.Code)],
        .. Reasons.Select(reason => new RecordValue("reason", System: reason.System, Code: reason.Code)),
    ]);

    private void Write(ResourceWriter writer, Measured? dose)
    {
        writer.Text("status", Status);
        writer.Codeables("statusReason", Reasons);
        writer.Codeable("medicationCodeableConcept", [Atc]);
        writer.Patient("subject", Head.PatientId);
        writer.Time("effective", Effective);
        if (Route is not null && dose is not null)
        {
            writer.Object("dosage", () =>
            {
                writer.Codeable("route", [Route]);
                writer.Quantity("dose", dose);
            });
        }
    }

    private static AnakinraAdministration Read(Reading read, RecordHead head, out UnitForm? unit)
    {
        var status = read.Status("status", States);
        var time = read.Time("effective");
        var dosage = read.Root.Child("dosage");
        var route = RouteOf(dosage.Child("route"));
        var dose = Dose(read, dosage.Child("dose"), out unit);

        // A dose that was not given, or never happened, need not say how it would have been given.
        if (status is not (NotDone or "entered-in-error"))
        {
            if (route is null)
                read.Refuse(dosage.Child("route"), MappingRule.UnknownCode, IssueCode.Required, "the route must be intravenous or subcutaneous.");
            if (!dosage.Child("dose").Exists)
                read.Refuse(dosage, MappingRule.Missing, IssueCode.Required, "the dose is missing.");
        }

        var isWhole = route is not null && dose is not null;
        return new AnakinraAdministration(
            head, status, Codes.FirstOfEach(read.Root.ChildrenOf("statusReason")), time ?? EventTime.Between(null, null), isWhole ? route : null, isWhole ? dose : null);
    }

    private static FhirDecimal? Dose(Reading read, Node quantity, out UnitForm? unit)
    {
        unit = null;
        if (!quantity.Exists)
            return null;

        unit = quantity.Child("system").Text == Systems.Ucum
            ? Units.FirstOrDefault(form => form.IsUcum && form.Spelling == quantity.Child("code").Text)
            : Units.FirstOrDefault(form => form.Spelling == (quantity.Child("unit").Text ?? quantity.Child("code").Text)?.Trim());
        if (RecordedNumber.Of(quantity.Child("value")) is not { } number)
            read.Refuse(quantity, MappingRule.ValueForm, IssueCode.Value, "the dose must be a number.");
        else if (unit is null)
            read.Refuse(quantity, MappingRule.Unit, IssueCode.Value, "the unit of the dose is missing or cannot be converted to mg.");
        else
            return number.ScaleByPowerOfTen(unit.PowerOfTen);

        return null;
    }

    private static ConceptCode? RouteOf(Node route)
        => Codes.Find(route, [Intravenous, Subcutaneous]) ?? route.Child("text").Text?.Trim().ToUpperInvariant() switch
        {
            "IV" or "I.V." or "INTRAVENOUS" or "INTRAVENEUS" => Intravenous,
            "SC" or "S.C." or "SUBCUTANEOUS" or "SUBCUTAAN" => Subcutaneous,
            _ => null,
        };

    private static bool IsAnakinra(ResourceDocument document)
    {
        var medication = document.Root.Child("medication");
        if (medication is { Exists: true, Type.Name: "Reference" })
            medication = Contained(document, medication) is { Exists: true } contained ? contained : medication;

        return Codes.Find(medication, Medications) is not null || NamesAnakinra(medication.Child("text").Text) || NamesAnakinra(medication.Child("display").Text);
    }

    private static Node Contained(ResourceDocument document, Node reference)
    {
        foreach (var resource in document.Root.ChildrenOf("contained"))
        {
            if (resource.Child("id").Text is { } id && reference.Child("reference").Text == "#" + id)
                return resource.Child("code");
        }

        return default;
    }

    // The substance or the brand, as a word; a placebo for it is another thing.
    private static bool NamesAnakinra(string? text)
        => text is not null && Name().IsMatch(text) && !text.Contains("placebo", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"\b(anakinra|kineret)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}
