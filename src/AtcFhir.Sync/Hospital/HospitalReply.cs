using AtcFhir.R4.Documents;

namespace AtcFhir.Sync.Hospital;

/// <summary>What came back from one request to a hospital, or why nothing usable did.</summary>
/// <param name="Status">HTTP status; 0 when there was no answer.</param>
/// <param name="Body">The resource of the answer, when there is one.</param>
/// <param name="ETag">As sent, to be sent back verbatim.</param>
/// <param name="Location">Of a create: type and id that the hospital gave, as the Location header says it.</param>
/// <param name="Date">The hospital's clock.</param>
/// <param name="Fault">Null for 2xx with a usable body, and for the plain "no" of 404, 410, 409, 412 and 422.</param>
internal sealed record HospitalReply(
    int Status,
    ResourceDocument? Body = null,
    string? ETag = null,
    string? Location = null,
    DateTimeOffset? Date = null,
    HospitalFault? Fault = null)
{
    public bool IsSuccess => Fault is null && Status is >= 200 and < 300;
}

/// <summary>Why a request to a hospital did not give a usable answer.</summary>
internal enum HospitalFaultKind
{
    /// <summary>No connection, connection lost, timeout or breaker open: whether the hospital did it is not known.</summary>
    NoAnswer,

    /// <summary>5xx, 429 and 408: it may work later.</summary>
    Busy,

    /// <summary>401 and 403.</summary>
    NotAllowed,

    /// <summary>Not FHIR, cut short, too large, another resource than asked, a redirect.</summary>
    NotUsable,

    /// <summary>The hospital understood and refused: 400, 405, 415, 422 and others.</summary>
    Refused,

    /// <summary>Another patient's data: nothing of the answer may be used.</summary>
    Privacy,
}

/// <param name="What">One sentence for a log: never a URL with a patient in it, never content.</param>
internal sealed record HospitalFault(HospitalFaultKind Kind, string What)
{
    /// <summary>True when the hospital may have done what was asked without our knowing.</summary>
    public bool IsUnknownOutcome => Kind is HospitalFaultKind.NoAnswer or HospitalFaultKind.Busy or HospitalFaultKind.NotUsable;
}
