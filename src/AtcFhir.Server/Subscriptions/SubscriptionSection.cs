namespace AtcFhir.Server.Subscriptions;

/// <summary>Section <c>Subscriptions</c>: who is told of changes, and how patiently.</summary>
internal sealed class SubscriptionSection
{
    public bool Enabled { get; set; } = true;

    /// <summary>Endpoints have to start with one of these; with none, https anywhere and http on this machine will do.</summary>
    public string[] Endpoints { get; set; } = [];

    /// <summary>How often the feed of changes is looked at.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a receiver may take.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The pause after the first failure; it doubles with each that follows, up to <see cref="LongestPause"/>.</summary>
    public TimeSpan FirstPause { get; set; } = TimeSpan.FromSeconds(2);

    public TimeSpan LongestPause { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>After so many failures in a row the Subscription gets the status error.</summary>
    public int MostFailures { get; set; } = 10;
}
