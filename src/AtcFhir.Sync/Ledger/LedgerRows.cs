using AtcFhir.Store.Side;
using AtcFhir.Sync.Enrolment;

namespace AtcFhir.Sync.Ledger;

/// <summary>One enrolled patient of one study.</summary>
/// <param name="Surrogate">Of the patient at the hospital.</param>
/// <param name="Frozen">Why nothing may be done for this patient until a person has looked (merged at the hospital); null when all is well.</param>
internal sealed record EnrolmentRow(
    string Surrogate, string Hospital, string Study, string PatientId, string SubjectId, string ConsentId, string SubjectNumber,
    DateTimeOffset ConsentFrom, DateTimeOffset DataFrom, DateTimeOffset? DataUntil, EnrolmentState State, DateTimeOffset? Ended, string? Frozen)
{
    public const string Columns = "surrogate, hospital, study, patient_id, subject_id, consent_id, subject_number, consent_from, data_from, data_until, state, ended, frozen";

    public bool IsOpen => State == EnrolmentState.Active && Frozen is null;

    public static EnrolmentRow Read(SideRow row) => new(
        row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Text(5), row.Text(6),
        row.Time(7), row.Time(8), row.TimeOrNull(9), Enum.Parse<EnrolmentState>(row.Text(10)), row.TimeOrNull(11), row.TextOrNull(12));

    public EnrolledSubject ToSubject() => new(Hospital, Study, PatientId, SubjectId, ConsentId, SubjectNumber, DateOnly.FromDateTime(ConsentFrom.UtcDateTime), State, Ended);
}

internal enum LinkState
{
    Live,
    Quarantined,
    Gone,
}

/// <summary>What is known about one hospital resource of an enrolled patient.</summary>
internal sealed record LinkRow(
    string Surrogate, string Hospital, string Patient, string Stream, string RemoteType, string Fingerprint, string? Version, LinkState State,
    string? LocalType, string? LocalId, string? SourceId, int Misses, DateTimeOffset? Missed)
{
    public const string Columns = "surrogate, hospital, patient, stream, remote_type, fingerprint, version, state, local_type, local_id, source_id, misses, missed";

    public static LinkRow Read(SideRow row) => new(
        row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Text(5), row.TextOrNull(6), Enum.Parse<LinkState>(row.Text(7)),
        row.TextOrNull(8), row.TextOrNull(9), row.TextOrNull(10), (int)row.Long(11), row.TimeOrNull(12));
}

/// <summary>How far a stream was read.</summary>
/// <param name="Cursor">The hospital's clock at the start of the last complete reading; null: never read to the end.</param>
/// <param name="Swept">When the stream was last listed as a whole.</param>
internal sealed record StreamRow(string Hospital, string Patient, string Stream, DateTimeOffset? Cursor, DateTimeOffset? Swept)
{
    public const string Columns = "hospital, patient, stream, cursor, swept";

    public static StreamRow Read(SideRow row) => new(row.Text(0), row.Text(1), row.Text(2), row.TimeOrNull(3), row.TimeOrNull(4));
}

internal enum BaseState
{
    Delivered,
    Worklist,
    Conflict,
    Lost,
}

/// <summary>What both sides held when they were last seen to agree about a trial resource at a hospital.</summary>
/// <param name="LocalHash">Of what we sent.</param>
/// <param name="RemoteHash">Of what the hospital made of it.</param>
internal sealed record BaseRow(
    string Hospital, string LocalType, string LocalId, string Surrogate, string? ETag, string LocalHash, string RemoteHash,
    byte[] SealedLocal, byte[] SealedRemote, BaseState State, bool Noticed = false)
{
    public const string Columns = "hospital, local_type, local_id, surrogate, etag, h_local, h_remote, sealed_local, sealed_remote, state";

    public const string ReadColumns = Columns + ", noticed";

    public static BaseRow Read(SideRow row) => new(
        row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.TextOrNull(4), row.Text(5), row.Text(6), row.Bytes(7), row.Bytes(8), Enum.Parse<BaseState>(row.Text(9)), row.Flag(10));
}

internal enum IntentState
{
    Sent,
    Unknown,
    Done,
    Parked,
}

/// <summary>Something that we were about to write at a hospital; stored before the request leaves, so that its outcome can be found out after any crash.</summary>
internal sealed record IntentRow(
    string Key, string Hospital, string LocalType, string LocalId, string Operation, string BodyHash, byte[] SealedBody, string? IfMatch, IntentState State, int Attempts, string? Note, DateTimeOffset Made)
{
    public const string Columns = "key, hospital, local_type, local_id, operation, h_body, sealed_body, if_match, state, attempts, note, made";

    public static IntentRow Read(SideRow row) => new(
        row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Text(5), row.Bytes(6), row.TextOrNull(7), Enum.Parse<IntentState>(row.Text(8)), (int)row.Long(9), row.TextOrNull(10), row.Time(11));
}

/// <summary>An edit of the hospital that a person has to decide about, or has decided about.</summary>
/// <param name="Paths">The elements, separated by commas.</param>
/// <param name="SealedRemote">The hospital's version that it is about.</param>
/// <param name="Decision">trial or hospital; null while nobody has decided.</param>
internal sealed record ConflictRow(string Hospital, string LocalType, string LocalId, string Paths, byte[] SealedRemote, string? ETag, DateTimeOffset At, string? Decision)
{
    public const string Columns = "hospital, local_type, local_id, paths, sealed_remote, etag, at, decision";

    public const string ForTrial = "trial";

    public const string ForHospital = "hospital";

    public bool IsForTrial => Decision == ForTrial;

    public static ConflictRow Read(SideRow row) => new(row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Bytes(4), row.TextOrNull(5), row.Time(6), row.TextOrNull(7));

    /// <summary>True of a property that belongs to one of the elements: valueQuantity, _value of value.</summary>
    public bool IsAbout(string property)
    {
        var name = property.TrimStart('_');
        return Paths.Split(", ").Select(path => path.Split('.')).Where(parts => parts.Length > 1).Select(parts => parts[1])
            .Any(element => name == element || (name.StartsWith(element, StringComparison.Ordinal) && name.Length > element.Length && char.IsAsciiLetterUpper(name[element.Length])));
    }
}
