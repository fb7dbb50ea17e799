using AtcFhir.Cli.Validation;
using Microsoft.Extensions.Time.Testing;

namespace AtcFhir.Tests.Cli.Validation;

public sealed class ProgressBarTests : IDisposable
{
    private readonly FakeTimeProvider time = new();
    private readonly StringWriter terminal = new();

    public void Dispose() => terminal.Dispose();

    [Fact]
    public void ItIsDrawnAtMostTenTimesASecond()
    {
        var bar = new ProgressBar(terminal, 4, time);
        bar.Step("a", true);
        Assert.Equal("", terminal.ToString());
        time.Advance(TimeSpan.FromMilliseconds(150));
        bar.Step("b", false);
        Assert.Equal("\r[###############...............] 2/4, 1 invalid", terminal.ToString());
        bar.Step("c", true);
        Assert.DoesNotContain("3/4", terminal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ItGoesAwayBeforeSomethingElseIsWritten()
    {
        var bar = new ProgressBar(terminal, 2, time);
        bar.Clear();
        Assert.Equal("", terminal.ToString());
        time.Advance(TimeSpan.FromSeconds(1));
        bar.Step("a", true);
        bar.Clear();
        Assert.EndsWith("\r\u001b[K", terminal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ResourcesOfOneFileAreOneStep()
    {
        var bar = new ProgressBar(terminal, 2, time);
        bar.Step("a.ndjson", true);
        time.Advance(TimeSpan.FromSeconds(1));
        bar.Step("a.ndjson", true);
        Assert.Contains("1/2", terminal.ToString(), StringComparison.Ordinal);
    }
}
