using AtcFhir.Sync.Push;

namespace AtcFhir.Sync.Reports;

/// <summary>What the next push would do about one trial resource.</summary>
/// <param name="Reference">"AdverseEvent/12".</param>
/// <param name="What">created, updated, unchanged, goes to a person, waits for a person, …</param>
/// <param name="Elements">Of an update: the elements that differ from what was sent last.</param>
public sealed record PendingDelivery(string Reference, string What, DeliveryRoute Route, IReadOnlyList<string> Elements);
