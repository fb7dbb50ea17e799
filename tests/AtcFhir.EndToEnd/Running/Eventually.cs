namespace AtcFhir.EndToEnd.Running;

/// <summary>Waits for what other processes bring about.</summary>
internal static class Eventually
{
    public static async Task Becomes(Func<Task<bool>> holds, string what, int seconds = 90)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            if (TimeProvider.System.GetElapsedTime(deadline).TotalSeconds > seconds)
            {
                Assert.Fail($"Not within {seconds} s: {what}");
            }

            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
    }
}
