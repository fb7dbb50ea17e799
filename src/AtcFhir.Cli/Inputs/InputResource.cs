using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Cli.Inputs;

/// <summary>One resource to look at: a file, a line of an NDJSON file, or standard input.</summary>
/// <param name="Name">As the user knows it: "ecog.json", "export.ndjson:3", "-".</param>
/// <param name="File">The file that it is in, or "-".</param>
/// <param name="Content">The bytes as they are, JSON or XML.</param>
internal sealed record InputResource(string Name, string File, ReadOnlyMemory<byte> Content)
{
    /// <summary>Reads JSON, or XML when the text starts with '&lt;'.</summary>
    public Result<ResourceDocument> Parse()
    {
        var start = Content.Span.TrimStart("\uFEFF \t\r\n"u8);
        return start.StartsWith("<"u8) ? ResourceDocument.ParseXml(Content) : ResourceDocument.Parse(Content);
    }
}
