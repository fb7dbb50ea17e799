using System.Buffers;
using System.IO.Pipelines;

namespace AtcFhir.Server.Bulk;

/// <param name="Number">From 1.</param>
/// <param name="Offset">Of the end of the line in the input, in bytes.</param>
internal readonly record struct NumberedLine(long Number, long Offset, byte[] Utf8);

/// <summary>Reads lines of UTF-8 from a place in a file on; empty lines are counted and left out.</summary>
internal sealed class LineReader(Stream input, long lines, int longest) : IAsyncDisposable
{
    private readonly PipeReader pipe = PipeReader.Create(input);
    private long number = lines;
    private long offset = input.Position;

    /// <summary>The next lines, up to a count and a size; none at the end of the input.</summary>
    /// <exception cref="InvalidDataException">A line is longer than a resource may be.</exception>
    public async ValueTask<List<NumberedLine>> Next(int count, int bytes, CancellationToken cancel)
    {
        var (found, size) = (new List<NumberedLine>(), 0);
        while (true)
        {
            var read = await pipe.ReadAsync(cancel);
            var buffer = read.Buffer;
            while (found.Count < count && size < bytes && TakeLine(ref buffer, read.IsCompleted, out var line))
            {
                number++;
                if (line.Length > 0)
                {
                    found.Add(new NumberedLine(number, offset, line));
                    size += line.Length;
                }
            }

            pipe.AdvanceTo(buffer.Start, found.Count < count && size < bytes ? buffer.End : buffer.Start);
            if (found.Count >= count || size >= bytes || (read.IsCompleted && buffer.IsEmpty))
            {
                return found;
            }

            if (buffer.Length > longest)
            {
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"Line {number + 1} is longer than {longest} bytes."));
            }
        }
    }

    public ValueTask DisposeAsync() => pipe.CompleteAsync();

    private bool TakeLine(ref ReadOnlySequence<byte> buffer, bool isEnd, out byte[] line)
    {
        line = [];
        if (buffer.IsEmpty)
        {
            return false;
        }

        var end = buffer.PositionOf((byte)'\n');
        if (end is null && !isEnd)
        {
            return false;
        }

        var content = end is { } at ? buffer.Slice(0, at) : buffer;
        var next = end is { } mark ? buffer.GetPosition(1, mark) : buffer.End;
        offset += buffer.Slice(0, next).Length;
        line = content.ToArray();
        line = line is [.., (byte)'\r'] ? line[..^1] : line;
        buffer = buffer.Slice(next);
        return true;
    }
}
