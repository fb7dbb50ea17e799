using System.Text.Json;
using AtcFhir.Cli.Inputs;
using AtcFhir.R4.Outcomes;
using AtcFhir.Validation;

namespace AtcFhir.Cli.Validation;

/// <summary>SARIF 2.1.0, which code hosts and editors show at the line. <see href="https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html"/></summary>
internal sealed class SarifReport(Stream output) : ValidationReport, IDisposable
{
    private readonly HashSet<string> broken = new(StringComparer.Ordinal);
    private readonly Utf8JsonWriter json = new(output, CliJson.Indented);

    public override void Start()
    {
        json.WriteStartObject();
        json.WriteString("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
        json.WriteString("version", "2.1.0");
        json.WriteStartArray("runs");
        json.WriteStartObject();
        json.WriteString("columnKind", "unicodeCodePoints");
        json.WriteStartArray("results");
    }

    public override void Add(Validated validated)
    {
        foreach (var issue in validated.Issues)
        {
            broken.Add(issue.Rule ?? "");
            Write(validated.Input, issue);
        }
    }

    public override void End()
    {
        json.WriteEndArray();
        WriteTool();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        output.Write("\n"u8);
    }

    public void Dispose() => json.Dispose();

    /// <summary>The rules that were broken, each with its page, which editors show.</summary>
    private void WriteTool()
    {
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "atcfhir");
        json.WriteString("version", typeof(SarifReport).Assembly.GetName().Version!.ToString(3));
        json.WriteStartArray("rules");
        foreach (var (id, meaning) in RulePage.Rules.Where(rule => broken.Contains(rule.Id)))
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteStartObject("shortDescription");
            json.WriteString("text", meaning);
            json.WriteEndObject();
            json.WriteStartObject("help");
            json.WriteString("text", $"atcfhir rule {id}");
            json.WriteString("markdown", RulePage.Of(id));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>A reference to a file, in which a colon would start a scheme and a space end it. <see href="https://www.rfc-editor.org/rfc/rfc3986#section-4.1"/></summary>
    private static string UriOf(string file)
        => Path.IsPathRooted(file) ? new Uri(Path.GetFullPath(file)).AbsoluteUri : string.Join('/', file.Replace('\\', '/').Split('/').Select(Uri.EscapeDataString));

    /// <summary>Of NDJSON the line of the file; inside it there are no lines.</summary>
    private static int? LineOf(InputResource input, Issue issue)
        => input.Name.Length > input.File.Length && int.TryParse(input.Name.AsSpan(input.File.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var line) ? line : issue.Line;

    private void Write(InputResource input, Issue issue)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", issue.Rule ?? issue.Code);
        json.WriteString("level", issue.Severity switch { IssueSeverity.Warning => "warning", IssueSeverity.Information => "note", _ => "error" });
        json.WriteStartObject("message");
        json.WriteString("text", issue.Text);
        json.WriteEndObject();
        json.WriteStartArray("locations");
        json.WriteStartObject();
        json.WriteStartObject("physicalLocation");
        json.WriteStartObject("artifactLocation");
        json.WriteString("uri", UriOf(input.File));
        json.WriteEndObject();
        if (LineOf(input, issue) is { } line)
        {
            json.WriteStartObject("region");
            json.WriteNumber("startLine", line);
            json.WriteNumber("startColumn", issue.Column ?? 1);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        if (issue.Expression is { } expression)
        {
            json.WriteStartArray("logicalLocations");
            json.WriteStartObject();
            json.WriteString("fullyQualifiedName", expression);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
