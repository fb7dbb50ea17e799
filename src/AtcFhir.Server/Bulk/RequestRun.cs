using System.Text;
using System.Text.Json;
using AtcFhir.Server.Fhir;

namespace AtcFhir.Server.Bulk;

/// <summary>Carries out a request that nobody waits for, and keeps its answer: what it gives as the one file of the job, a refusal for the status of the job.</summary>
internal static class RequestRun
{
    public const string Lost = "The server was restarted before the request was answered; whether it was carried out is not known. Send it again.";

    public static async Task<BulkJob> Run(BulkJob job, JobFolder folder, BulkSection settings, Func<CancellationToken, ValueTask<FhirResponse>> work, CancellationToken cancel)
    {
        var answer = await work(cancel);
        if (!answer.Succeeded)
        {
            return job with { State = JobState.Failed, Refusal = new JobRefusal(answer.Status, Encoding.UTF8.GetString(answer.Body.Span)) };
        }

        using var writer = new NdjsonWriter(folder, job.Id, "", settings.FileBytes, []);
        if (!answer.Body.IsEmpty)
        {
            writer.Write(TypeOf(answer), answer.Body);
        }

        writer.Flush();
        return job with { State = JobState.Done, Count = 1, Output = writer.Files };
    }

    /// <summary>What is no resource, such as a JSON Patch, is listed as what would hold it.</summary>
    private static string TypeOf(FhirResponse answer)
    {
        var reader = new Utf8JsonReader(answer.Body.Span, new JsonReaderOptions { MaxDepth = 128 });
        while (reader.Read() && reader.CurrentDepth < 2)
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("resourceType"u8) && reader.Read())
            {
                return reader.GetString()!;
            }
        }

        return "Binary";
    }
}
