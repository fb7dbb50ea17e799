using AtcFhir.Server.Fhir;

namespace AtcFhir.Server.Bulk;

/// <summary>What a finished job gives: its files, by URL. <see href="https://hl7.org/fhir/uv/bulkdata/STU2/export.html#response---complete-status"/></summary>
internal static class BulkManifest
{
    public static ReadOnlyMemory<byte> Of(BulkJob job, bool requiresAccessToken) => Json.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("transactionTime"u8, BundleWriter.Instant(job.TransactionTime));
        writer.WriteString("request"u8, job.Request);
        writer.WriteBoolean("requiresAccessToken"u8, requiresAccessToken);
        Write("output", job.Output);
        if (job.Export is { Since: not null })
        {
            Write("deleted", job.Deleted);
        }

        Write("error", job.Errors);
        writer.WriteEndObject();

        void Write(string name, IReadOnlyList<BulkFile> files)
        {
            writer.WriteStartArray(name);
            foreach (var file in files.Where(file => file.Count > 0))
            {
                writer.WriteStartObject();
                writer.WriteString("type"u8, file.Type);
                if (file.Name.Length > 0)
                {
                    writer.WriteString("url"u8, $"{job.BaseUrl}/$job/{job.Id}/{file.Name}");
                }

                writer.WriteNumber("count"u8, file.Count);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }
    });
}
