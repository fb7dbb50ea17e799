namespace AtcFhir.Server.Hosting;

/// <summary>What is still to be done before the server is ready; <c>/healthz/ready</c> says it.</summary>
internal sealed class Readiness
{
    private volatile string? pending = "The study is being loaded.";

    /// <summary>Null when nothing is pending.</summary>
    public string? Pending => pending;

    public void Done() => pending = null;

    public void Failed(string why) => pending = why;
}
