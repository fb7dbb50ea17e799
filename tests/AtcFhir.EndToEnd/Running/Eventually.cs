namespace AtcFhir.EndToEnd.Running;

/// <summary>Waits for what other processes bring about. Tries are counted, not seconds, so that a machine that stood still for a while is no failure.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public static async Task Becomes(Func<Task<bool>> holds, string what, int seconds = 90)
    {
        for (var tries = seconds / Pause.TotalSeconds; !await holds(); tries--)
        {
            Assert.True(tries > 0, $"Not within {seconds} s: {what}");
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }
}
