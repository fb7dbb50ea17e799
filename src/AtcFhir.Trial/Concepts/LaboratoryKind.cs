using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.R4.Values;

namespace AtcFhir.Trial.Concepts;

/// <summary>
/// Both directions of a laboratory test that is recorded in one unit. Elements taken: status, code, effective, value (number, comparator,
/// unit), dataAbsentReason, and the limits of the first reference range that is plain (without a kind of its own).
/// </summary>
internal sealed class LaboratoryKind(Func<TrialConcept> concept, string unit, IReadOnlyList<ConceptCode> tests, IReadOnlyList<UnitForm> units)
{
    private static readonly IReadOnlyList<ConceptCode> Laboratory = [new(Systems.ObservationCategory, "laboratory")];

    private static readonly IReadOnlyList<string> Comparators = ["<", "<=", ">=", ">"];

    public IReadOnlyList<ConceptCode> Tests => tests;

    public bool IsValue(ResourceDocument document) => Codes.Find(document.Root.Child("code"), tests) is not null;

    public byte[] ToFhir(LaboratoryResult result) => ResourceWriter.Write("Observation", result.Head.Id, writer =>
    {
        writer.Meta(concept());
        writer.Study(result.Head.StudyId);
        writer.Identifiers(result.Head.Identifier);
        writer.Text("status", result.Status);
        writer.Codeables("category", Laboratory);
        writer.Codeable("code", [result.Test]);
        writer.Patient("subject", result.Head.PatientId);
        writer.Time("effective", result.Effective);
        writer.Quantity("valueQuantity", result.Value);
        if (result.AbsentReason is { } reason)
            writer.Codeable("dataAbsentReason", [reason]);
        if (result.Low is not null || result.High is not null)
            writer.Objects("referenceRange", [result], each => WriteRange(writer, each));
        writer.References("derivedFrom", result.DerivedFrom is null ? [] : [result.DerivedFrom]);
    });

    public Result<LaboratoryResult> FromFhir(ResourceDocument document)
    {
        var read = new Reading(document, concept());
        var result = Read(read, read.Head("subject"));
        return read.Failed ? read.Failure : result with { DerivedFrom = read.FirstReference("derivedFrom") };
    }

    public Mapped FromHospital(ResourceDocument hospital, MappingContext context)
    {
        var read = new Reading(hospital, concept());
        var result = Read(read, RecordHead.Of(context));
        if (read.Failed)
            return read.Quarantine;

        var value = read.Root.Child("value");
        if (result.Value is null || IsSpelledAsOurs(value))
            return new Mapped.Taken(concept(), ToFhir(result));

        var source = SourceObservation.Write(hospital, context, result.Status, result.Effective, writer => WriteSourceValue(writer, value));
        return new Mapped.Taken(concept(), ToFhir(result with { DerivedFrom = "Observation/" + context.SourceId }), source);
    }

    public TrialRecord ToRecord(LaboratoryResult result) => new(concept().Id, result.Head.PatientId, result.Status, result.Effective.Start, result.Effective.End,
    [
        new("result", result.Value?.Value.ToString(), result.Value?.Comparator, result.Value?.Unit),
        new("test", System: result.Test.System, Code: result.Test.Code),
        .. result.Low is null ? ValueList<RecordValue>.Empty : [new("low", result.Low?.ToString(), Unit: unit)],
        .. result.High is null ? ValueList<RecordValue>.Empty : [new("high", result.High?.ToString(), Unit: unit)],
        .. result.AbsentReason is null ? ValueList<RecordValue>.Empty : [new("absent-reason", System: result.AbsentReason.System, Code: result.AbsentReason.Code)],
    ]);

    private LaboratoryResult Read(Reading read, RecordHead head)
    {
        var status = read.Status("status", ObservationStatus.All);
        var time = read.Time("effective");
        var value = Amount(read, read.Root.Child("value"));
        var absent = value is null ? read.AbsentReason(status) : null;
        if (value is null && absent is null && !read.Root.Child("value").Exists)
            read.Refuse(read.Root, MappingRule.ValueMissing, IssueCode.Required, "there is neither a result nor a reason why it is absent.");

        var test = Codes.Find(read.Root.Child("code"), tests) ?? tests[0];
        var (low, high) = Range(read.Root);
        return new LaboratoryResult(head, status, test, time ?? EventTime.Between(null, null), value, absent, low, high);
    }

    private Measured? Amount(Reading read, Node value)
    {
        if (!value.Exists)
            return null;

        if (value.Type.Name != "Quantity" || RecordedNumber.Of(value.Child("value")) is not { } number)
        {
            read.Refuse(value, MappingRule.ValueForm, IssueCode.Value, "the result must be a number with a unit.");
            return null;
        }

        if (value.Child("comparator").Text is { } comparator && !Comparators.Contains(comparator))
        {
            read.Refuse(value.Child("comparator"), MappingRule.ValueForm, IssueCode.Value, "the comparator must be <, <=, >= or >.");
            return null;
        }

        if (PowerOf(value) is { } power)
            return new Measured(number.ScaleByPowerOfTen(power), unit, value.Child("comparator").Text);

        read.Refuse(value, MappingRule.Unit, IssueCode.Value, $"the unit is missing or cannot be converted to {unit}.");
        return null;
    }

    // A unit that says it is UCUM is read as UCUM; one without a system may be written as laboratories write it.
    private int? PowerOf(Node quantity) => quantity.Child("system").Text switch
    {
        Systems.Ucum => units.FirstOrDefault(form => form.IsUcum && form.Spelling == quantity.Child("code").Text)?.PowerOfTen,
        _ => units.FirstOrDefault(form => form.Spelling == (quantity.Child("unit").Text ?? quantity.Child("code").Text)?.Trim())?.PowerOfTen,
    };

    private bool IsSpelledAsOurs(Node quantity) => quantity.Child("system").Text == Systems.Ucum
        ? quantity.Child("code").Text == unit
        : quantity.Child("unit").Text == unit;

    private (FhirDecimal? Low, FhirDecimal? High) Range(Node root)
    {
        foreach (var range in root.ChildrenOf("referenceRange"))
        {
            if (!range.Child("type").Exists && !range.Child("appliesTo").Exists && !range.Child("age").Exists)
                return (Limit(range.Child("low")), Limit(range.Child("high")));
        }

        return (null, null);
    }

    private FhirDecimal? Limit(Node quantity)
        => quantity.Exists && PowerOf(quantity) is { } power ? RecordedNumber.Of(quantity.Child("value"))?.ScaleByPowerOfTen(power) : null;

    private void WriteRange(ResourceWriter writer, LaboratoryResult result)
    {
        writer.Quantity("low", result.Low is { } low ? new Measured(low, unit) : null);
        writer.Quantity("high", result.High is { } high ? new Measured(high, unit) : null);
    }

    // The spelling is one of the list, so it says nothing about a person.
    private static void WriteSourceValue(ResourceWriter writer, Node quantity) => writer.Object("valueQuantity", () =>
    {
        var isUcum = quantity.Child("system").Text == Systems.Ucum;
        writer.Number("value", RecordedNumber.Of(quantity.Child("value")));
        writer.Text("comparator", quantity.Child("comparator").Text);
        writer.Text("unit", isUcum ? null : (quantity.Child("unit").Text ?? quantity.Child("code").Text)?.Trim());
        writer.Text("system", isUcum ? Systems.Ucum : null);
        writer.Text("code", isUcum ? quantity.Child("code").Text : null);
    });
}
