using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AtcFhir.R4.Values;

namespace AtcFhir.Trial.Concepts;

/// <summary>Writes a resource as JSON, element by element; what is null or empty is left out. Decimals are written with the text that they have.</summary>
internal sealed class ResourceWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Utf8JsonWriter json;

    private ResourceWriter(Utf8JsonWriter json) => this.json = json;

    public static byte[] Write(string resourceType, string? id, Action<ResourceWriter> body) => WriteObject(writer =>
    {
        writer.Text("resourceType", resourceType);
        writer.Text("id", id);
        body(writer);
    });

    /// <summary>Any JSON object.</summary>
    public static byte[] WriteObject(Action<ResourceWriter> body)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            body(new ResourceWriter(json));
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public void Text(string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    /// <summary>A required primitive: when it is not known, that is what is said.</summary>
    public void TextOrAbsent(string name, string? value)
    {
        Text(name, value);
        if (value is not null)
            return;

        Object("_" + name, () => Objects("extension", ["unknown"], reason =>
        {
            Text("url", "http://hl7.org/fhir/StructureDefinition/data-absent-reason");
            Text("valueCode", reason);
        }));
    }

    public void Text(string name, FhirDateTime? value) => Text(name, value?.ToString());

    public void Number(string name, int? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
    }

    public void Number(string name, FhirDecimal? value)
    {
        if (value is not { } number)
            return;

        json.WritePropertyName(name);
        json.WriteRawValue(number.ToString());
    }

    public void Flag(string name, bool? value)
    {
        if (value is { } flag)
            json.WriteBoolean(name, flag);
    }

    public void Object(string name, Action body)
    {
        json.WriteStartObject(name);
        body();
        json.WriteEndObject();
    }

    /// <summary>An array of objects; nothing at all when there is no item.</summary>
    public void Objects<T>(string name, IReadOnlyCollection<T> items, Action<T> item)
    {
        if (items.Count == 0)
            return;

        json.WriteStartArray(name);
        foreach (var each in items)
        {
            json.WriteStartObject();
            item(each);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public void Texts(string name, IReadOnlyCollection<string> items)
    {
        if (items.Count == 0)
            return;

        json.WriteStartArray(name);
        foreach (var each in items)
            json.WriteStringValue(each);

        json.WriteEndArray();
    }

    /// <summary>An array item that is itself a resource in JSON (Bundle.entry.resource).</summary>
    public void Raw(string name, ReadOnlySpan<byte> resource)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(resource);
    }

    /// <summary>meta of a trial resource: its profile, and the label that it is pseudonymised.</summary>
    public void Meta(TrialConcept concept, bool pseudonymised = true) => Object("meta", () =>
    {
        Texts("profile", [concept.Profile]);
        if (pseudonymised)
            Pseudonymised();
    });

    public void Pseudonymised() => Objects("security", [new ConceptCode(Systems.ObservationValue, "PSEUDED")], CodingBody);

    public void Identifiers(BusinessIdentifier? identifier) => Objects<BusinessIdentifier>("identifier", identifier is null ? [] : [identifier], IdentifierBody);

    public void IdentifierBody(BusinessIdentifier identifier)
    {
        Text("system", identifier.System);
        Text("value", identifier.Value);
    }

    public void SubjectNumberBody(string number)
    {
        Text("system", Systems.SubjectNumber);
        Text("value", number);
    }

    public void CodingBody(ConceptCode code)
    {
        Text("system", code.System);
        Text("code", code.Code);
        Text("display", code.Display);
    }

    public void Codeable(string name, IReadOnlyCollection<ConceptCode> codings, string? text = null)
    {
        if (codings.Count > 0 || text is not null)
            Object(name, () => CodeableBody(codings, text));
    }

    /// <summary>A list with one CodeableConcept a code.</summary>
    public void Codeables(string name, IReadOnlyCollection<ConceptCode> codes) => Objects(name, codes, code => CodeableBody([code], null));

    public void CodeableBody(IReadOnlyCollection<ConceptCode> codings, string? text)
    {
        Objects("coding", codings, CodingBody);
        Text("text", text);
    }

    public void Quantity(string name, Measured? amount)
    {
        if (amount is null)
            return;

        Object(name, () =>
        {
            Number("value", amount.Value);
            Text("comparator", amount.Comparator);
            Text("unit", amount.Unit);
            Text("system", Systems.Ucum);
            Text("code", amount.Unit);
        });
    }

    public void Reference(string name, string? reference)
    {
        if (reference is not null)
            Object(name, () => Text("reference", reference));
    }

    public void References(string name, IReadOnlyCollection<string> references) => Objects(name, references, reference => Text("reference", reference));

    public void Patient(string name, string patientId) => Reference(name, "Patient/" + patientId);

    /// <summary>A choice of dateTime and Period: name is <c>effective</c>.</summary>
    public void Time(string name, EventTime? time)
    {
        if (time is { IsPeriod: true })
            Period(name + "Period", time.Start, time.End);
        else
            Text(name + "DateTime", time?.Start);
    }

    public void Period(string name, FhirDateTime? start, FhirDateTime? end)
    {
        if (start is null && end is null)
            return;

        Object(name, () =>
        {
            Text("start", start);
            Text("end", end);
        });
    }

    /// <summary>The extension by which an event of a subject belongs to a study.</summary>
    public void Study(string? studyId)
    {
        if (studyId is not null)
            Objects("extension", [studyId], StudyExtensionBody);
    }

    public void StudyExtensionBody(string studyId)
    {
        Text("url", Systems.ResearchStudyExtension);
        Reference("valueReference", "ResearchStudy/" + studyId);
    }
}
