using System.Text;
using AtcFhir.R4.Values;

namespace AtcFhir.Trial.Concepts;

/// <summary>
/// A concept's value as endpoints and exports read it: extracted once, when the resource is stored. Which resource version it is of, the
/// store knows.
/// </summary>
/// <param name="Concept">Id of the concept: <c>ecog-performance-status</c>.</param>
/// <param name="Subject">Logical id of the pseudonymous Patient; null for what is about the study.</param>
/// <param name="Status">Status of the resource as written; null where the type has none.</param>
/// <param name="Time">When it was true or done.</param>
/// <param name="Until">End, where it has a duration.</param>
/// <param name="Values">The values, by name, in a fixed order.</param>
public sealed record TrialRecord(
    string Concept,
    string? Subject,
    string? Status,
    FhirDateTime? Time,
    FhirDateTime? Until,
    ValueList<RecordValue> Values)
{
    /// <summary>Status, times as written and values, as one JSON object: what the store keeps in the record's row.</summary>
    public string ToJson()
    {
        var json = ResourceWriter.WriteObject(writer =>
        {
            writer.Text("status", Status);
            writer.Text("time", Time);
            writer.Text("until", Until);
            writer.Objects("values", Values, value => value.Write(writer));
        });
        return Encoding.UTF8.GetString(json);
    }
}

/// <summary>One named value of a record: a number with its unit, a code with its system, or a text.</summary>
/// <param name="Name">Name within the concept: <c>score</c>, <c>dose</c>, <c>grade</c>.</param>
/// <param name="Number">Decimal text, exactly as written.</param>
/// <param name="Comparator"><c>&lt; &lt;= &gt;= &gt;</c>, when the number is a bound.</param>
/// <param name="Unit">UCUM code of the number.</param>
/// <param name="System">Code system of <paramref name="Code"/>; null for codes of FHIR itself.</param>
/// <param name="Code">A code.</param>
/// <param name="Text">Dates and strings as written.</param>
public sealed record RecordValue(
    string Name,
    string? Number = null,
    string? Comparator = null,
    string? Unit = null,
    string? System = null,
    string? Code = null,
    string? Text = null)
{
    internal void Write(ResourceWriter writer)
    {
        writer.Text("name", Name);
        writer.Number("number", FhirDecimal.Parse(Number));
        writer.Text("comparator", Comparator);
        writer.Text("unit", Unit);
        writer.Text("system", System);
        writer.Text("code", Code);
        writer.Text("text", Text);
    }
}
