using System.Text;
using System.Text.Json;
using AtcFhir.Cli.Inputs;
using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Cli;

/// <summary>Many expressions in one process; files are read once. A relative file is looked for beside the batch file when it is not below the current folder.</summary>
internal static class FhirPathBatch
{
    public static int Run(string batch, TextWriter output)
    {
        if (!System.IO.File.Exists(batch))
        {
            Console.Error.WriteLine($"There is no file {batch}.");
            return ExitCode.CouldNotRun;
        }

        var documents = new Dictionary<string, Result<ResourceDocument>>(StringComparer.Ordinal);
        foreach (var line in System.IO.File.ReadLines(batch).Where(line => !string.IsNullOrWhiteSpace(line)))
        {
            output.WriteLine(Answer(line, file => Document(file, batch, documents)));
        }

        return ExitCode.Done;
    }

    private static string Answer(string line, Func<string, Result<ResourceDocument>> document)
    {
        JsonElement request;
        try
        {
            request = JsonDocument.Parse(line).RootElement;
        }
        catch (JsonException)
        {
            return Text(null, default, "The line is not JSON.");
        }

        var id = request.TryGetProperty("id", out var given) ? given : (JsonElement?)null;
        if (!request.TryGetProperty("expression", out var expression))
        {
            return Text(id, default, "A line has an id, an expression and a file.");
        }

        // An expression of literals needs no file.
        ResourceDocument? read = null;
        if (request.TryGetProperty("file", out var file) && file.ValueKind == JsonValueKind.String && !document(file.GetString()!).TryGet(out read, out var unread))
        {
            return Text(id, default, unread.Issues[0].Text);
        }

        return FhirPathVerb.Evaluate(expression.GetString()!, read).TryGet(out var items, out var failure) ? Text(id, items, null) : Text(id, default, failure.Issues[0].Text);
    }

    private static string Text(JsonElement? id, FhirPathCollection items, string? error)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, CliJson.Writer))
        {
            json.WriteStartObject();
            json.WritePropertyName("id");
            if (id is { } known)
            {
                known.WriteTo(json);
            }
            else
            {
                json.WriteNullValue();
            }

            if (error is not null)
            {
                json.WriteString("error", error);
            }
            else
            {
                json.WriteStartArray("items");
                foreach (var item in items)
                {
                    FhirPathItemJson.Write(json, item);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static Result<ResourceDocument> Document(string file, string batch, Dictionary<string, Result<ResourceDocument>> documents)
    {
        if (documents.TryGetValue(file, out var known))
        {
            return known;
        }

        var path = System.IO.File.Exists(file) ? file : Path.Combine(Path.GetDirectoryName(Path.GetFullPath(batch))!, file);
        return documents[file] = System.IO.File.Exists(path)
            ? InputFiles.Read(path).First().Parse()
            : new Failure(FailureKind.NotFound, IssueCode.NotFound, $"There is no file {file}.");
    }
}
