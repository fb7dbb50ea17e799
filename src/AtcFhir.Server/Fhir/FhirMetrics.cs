using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace AtcFhir.Server.Fhir;

/// <summary>What the FHIR endpoints count.</summary>
internal sealed class FhirMetrics
{
    private readonly Counter<long> requests;
    private readonly Histogram<double> duration;
    private readonly Counter<long> refused;

    public FhirMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("AtcFhir.Server");
        requests = meter.CreateCounter<long>("atcfhir.fhir.requests", description: "FHIR interactions by endpoint, interaction and status");
        duration = meter.CreateHistogram(
            "atcfhir.fhir.duration", "s", "Time of FHIR interactions", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5] });
        refused = meter.CreateCounter<long>("atcfhir.validation.refused", description: "Writes that were refused because they break structure or rules");
    }

    public void Count(string endpoint, string interaction, int status, TimeSpan took)
    {
        if (requests.Enabled)
        {
            requests.Add(1, new TagList { { "endpoint", endpoint }, { "interaction", interaction }, { "status", status } });
        }

        if (duration.Enabled)
        {
            duration.Record(took.TotalSeconds, new TagList { { "endpoint", endpoint }, { "interaction", interaction } });
        }

        if (status is StatusCodes.Status422UnprocessableEntity or StatusCodes.Status400BadRequest && FhirRoute.Writes(interaction))
        {
            refused.Add(1, new TagList { { "endpoint", endpoint } });
        }
    }
}
