using System.Text.Json;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Validation.Terminology.Remote;

/// <summary>
/// Reads the answers of a batch of $validate-code. Only a clear true or false counts: a server that says false because it does not know the code system, or the
/// value set, has not answered.
/// </summary>
internal static class BatchReply
{
    /// <summary>One answer for each question, in order; null when it is no answer to a batch of so many.</summary>
    public static IReadOnlyList<CodeAnswer>? Read(ReadOnlyMemory<byte> body, int count)
    {
        try
        {
            using var document = JsonDocument.Parse(body, JsonReading.Lenient);
            var root = document.RootElement;
            var entries = root.Text("resourceType") == "Bundle" ? root.Items("entry").ToList() : [];
            return entries.Count == count ? [.. entries.Select(AnswerOf)] : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static CodeAnswer AnswerOf(JsonElement entry)
    {
        var status = entry.TryGetProperty("response", out var response) ? response.Text("status") : null;
        if (!entry.TryGetProperty("resource", out var resource) || resource.Text("resourceType") != "Parameters" || status is null || !status.StartsWith('2'))
        {
            return new CodeAnswer(null, $"the terminology server answered {(status is { Length: >= 3 } ? status[..3] : "without a status")}");
        }

        var parameters = resource.Items("parameter").ToList();
        var result = parameters.FirstOrDefault(parameter => parameter.Text("name") == "result").Flag("valueBoolean");
        return result switch
        {
            null => new CodeAnswer(null, "the terminology server gave no result"),
            false when parameters.Exists(SaysUnknown) => new CodeAnswer(null, "the terminology server does not know the code system or value set either"),
            _ => new CodeAnswer(result),
        };
    }

    /// <summary>HL7's servers tell it by a parameter, others by the code of an issue.</summary>
    private static bool SaysUnknown(JsonElement parameter) => parameter.Text("name") switch
    {
        "x-caused-by-unknown-system" or "x-unknown-system" => true,
        "cause" => parameter.Text("valueCode") == "not-found",
        "issues" => parameter.TryGetProperty("resource", out var outcome) && outcome.Items("issue").Any(issue => issue.Text("code") is "not-found" or "not-supported"),
        _ => false,
    };
}
