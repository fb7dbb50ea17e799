using System.Text;
using System.Text.Json;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Cli.Validation;

/// <summary>One line a resource: <c>{"file": …, "outcome": OperationOutcome}</c>.</summary>
internal sealed class NdjsonReport(TextWriter output) : ValidationReport
{
    public override void Add(Validated validated)
    {
        using var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line, CliJson.Writer))
        {
            json.WriteStartObject();
            json.WriteString("file", validated.Input.Name);
            json.WritePropertyName("outcome");
            OperationOutcomeJson.Write(json, validated.Issues);
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(line.ToArray()));
    }
}
