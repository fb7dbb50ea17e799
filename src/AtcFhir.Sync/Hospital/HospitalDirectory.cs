using AtcFhir.R4.Outcomes;

namespace AtcFhir.Sync.Hospital;

/// <summary>All hospitals of the configuration, by name.</summary>
public sealed record HospitalDirectory(IReadOnlyDictionary<string, HospitalOptions> Hospitals)
{
    public HospitalOptions? Find(string name) => Hospitals.GetValueOrDefault(name);

    /// <summary>
    /// The hospital whose data a sender at the intake sends. Two hospitals may call different patients by the same id, so this is never guessed: a
    /// client speaks for the hospitals that list it, and where nothing is configured there is only one.
    /// </summary>
    /// <param name="client">Client id of the sender's token; null of whoever sits at this machine in Open mode, who may send for every hospital.</param>
    /// <param name="named">The hospital that the request names, if it does.</param>
    public Result<string> OfSender(string? client, string? named)
    {
        IReadOnlyList<string> mine = client is null || IsOneWithoutSenders
            ? [.. Hospitals.Keys]
            : [.. Hospitals.Where(hospital => hospital.Value.Senders.Contains(client, StringComparer.Ordinal)).Select(hospital => hospital.Key)];
        if (mine.Count == 0)
        {
            return new Failure(FailureKind.Forbidden, IssueCode.Forbidden, "This client is a sender of no hospital: Hospital:Senders or Hospitals:{name}:Senders has to list it.");
        }

        if (named is not null)
        {
            return mine.Contains(named, StringComparer.Ordinal)
                ? named
                : new Failure(FailureKind.Forbidden, IssueCode.Forbidden, "The request names a hospital that is not known, or for which this client does not send.");
        }

        return (mine.Count, client) switch
        {
            (1, _) => mine[0],
            (_, null) => HospitalOptions.DefaultName,
            _ => new Failure(FailureKind.Malformed, IssueCode.Required, "This client sends for several hospitals; the request has to name one of them."),
        };
    }

    private bool IsOneWithoutSenders => Hospitals.Count == 1 && Hospitals.Values.All(hospital => hospital.Senders.Count == 0);
}
