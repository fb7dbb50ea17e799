using System.Runtime.CompilerServices;
using System.Text.Json;
using AtcFhir.Server.Fhir;

namespace AtcFhir.Server.Bulk;

/// <summary>The ids of the resources in a file of a job, in its order.</summary>
internal static class NdjsonIds
{
    private const int Lines = 1000;
    private const int Bytes = 8 * 1024 * 1024;

    /// <param name="length">Of the file, as the job's state tells it: what is behind was written by a step that did not end.</param>
    public static async IAsyncEnumerable<string> Of(string path, long length, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var input = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16, FileOptions.Asynchronous);
        await using var reader = new LineReader(input, 0, int.MaxValue);
        while (await reader.Next(Lines, Bytes, cancel) is { Count: > 0 } lines)
        {
            foreach (var line in lines)
            {
                if (line.Offset > length)
                {
                    yield break;
                }

                if (IdOf(line.Utf8) is { } id)
                {
                    yield return id;
                }
            }
        }
    }

    private static string? IdOf(byte[] resource)
    {
        var reader = new Utf8JsonReader(resource, new JsonReaderOptions { MaxDepth = Json.Options.MaxDepth });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isId = reader.ValueTextEquals("id"u8);
            reader.Read();
            if (isId)
            {
                return reader.GetString();
            }

            reader.Skip();
        }

        return null;
    }
}
