using System.Buffers;

namespace AtcFhir.Server.Bulk;

/// <summary>
/// Writes resources into the files of a job, a line each. Nothing is held but one page; a file that is full is followed by another.
/// </summary>
internal sealed class NdjsonWriter(JobFolder folder, string job, string kind, long fileBytes, IReadOnlyList<BulkFile> files) : IDisposable
{
    private readonly List<BulkFile> files = [.. files];
    private FileStream? stream;
    private string? open;

    /// <summary>What was written up to the last <see cref="Flush"/>.</summary>
    public IReadOnlyList<BulkFile> Files => [.. files];

    public void Write(string type, ReadOnlyMemory<byte> resource)
    {
        var index = files.FindLastIndex(file => file.Type == type);
        if (index < 0 || files[index].Bytes >= fileBytes)
        {
            var number = files.Count(file => file.Type == type) + 1;
            files.Add(new BulkFile(type, string.Create(CultureInfo.InvariantCulture, $"{kind}{type}.{number}.ndjson"), 0, 0));
            index = files.Count - 1;
        }

        Open(files[index]);
        stream!.Write(Line(resource).Span);
        stream.WriteByte((byte)'\n');
        files[index] = files[index] with { Count = files[index].Count + 1, Bytes = stream.Position };
    }

    /// <summary>Brings everything to the disk; only then may the job's state tell of it.</summary>
    public void Flush() => stream?.Flush(flushToDisk: true);

    public void Dispose()
    {
        Flush();
        stream?.Dispose();
        (stream, open) = (null, null);
    }

    private void Open(BulkFile file)
    {
        if (open == file.Name)
        {
            return;
        }

        Dispose();
        stream = new FileStream(folder.PathOf(job, file.Name), FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 1 << 16);
        stream.SetLength(file.Bytes);
        stream.Position = file.Bytes;
        open = file.Name;
    }

    /// <summary>A resource that was sent with line breaks keeps them when it is stored; here they would end the line.</summary>
    private static ReadOnlyMemory<byte> Line(ReadOnlyMemory<byte> resource)
    {
        if (resource.Span.IndexOfAny((byte)'\n', (byte)'\r') < 0)
        {
            return resource;
        }

        var line = new ArrayBufferWriter<byte>(resource.Length);
        var rest = resource.Span;
        while (rest.IndexOfAny((byte)'\n', (byte)'\r') is >= 0 and var at)
        {
            line.Write(rest[..at]);
            rest = rest[(at + 1)..];
        }

        line.Write(rest);
        return line.WrittenMemory;
    }
}
