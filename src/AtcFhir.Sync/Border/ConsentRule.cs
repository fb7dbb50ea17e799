using AtcFhir.Sync.Ledger;

namespace AtcFhir.Sync.Border;

/// <summary>
/// Whether a patient's consent covers data of a time: the enrolment is active, and the data are of the period that the consent's
/// provision.dataPeriod spans. Data without a date (vital status) are covered while the enrolment lasts.
/// </summary>
internal static class ConsentRule
{
    public static bool Covers(EnrolmentRow enrolment, (DateTimeOffset From, DateTimeOffset Until)? data)
        => enrolment.IsOpen
            && (data is not { } span || (span.Until >= enrolment.DataFrom && (enrolment.DataUntil is not { } until || span.From < until)));
}
