namespace AtcFhir.Cli.Validation;

/// <summary>
/// How far a run is, on one line that is drawn over: for terminals only, on standard error, at most ten times a second, so that the report itself stays
/// as it is when it goes to a file.
/// </summary>
internal sealed class ProgressBar(TextWriter terminal, int total, TimeProvider time)
{
    private const int Width = 30;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly long started = time.GetTimestamp();
    private long drawn;
    private string? last;
    private int done;
    private int invalid;
    private bool isShown;

    /// <summary>One resource more; a file counts when its first resource is done.</summary>
    public void Step(string file, bool isValid)
    {
        done += file == last ? 0 : 1;
        last = file;
        invalid += isValid ? 0 : 1;
        if (time.GetElapsedTime(drawn == 0 ? started : drawn) >= Pause)
        {
            drawn = time.GetTimestamp();
            Draw();
        }
    }

    /// <summary>Takes the line away before something else is written.</summary>
    public void Clear()
    {
        if (isShown)
        {
            terminal.Write("\r\u001b[K");
            isShown = false;
        }
    }

    private void Draw()
    {
        var filled = (int)((long)done * Width / Math.Max(1, total));
        terminal.Write(string.Create(CultureInfo.InvariantCulture, $"\r[{new string('#', filled)}{new string('.', Width - filled)}] {done}/{total}{(invalid > 0 ? $", {invalid} invalid" : "")}"));
        terminal.Flush();
        isShown = true;
    }
}
