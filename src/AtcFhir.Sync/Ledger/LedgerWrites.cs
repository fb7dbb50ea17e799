using AtcFhir.Store.Side;

namespace AtcFhir.Sync.Ledger;

/// <summary>The changes of the sync's tables, as statements that travel in the same batch as the resources that they are about.</summary>
internal static class LedgerWrites
{
    /// <summary>A first sight of a hospital resource, or the next one after <paramref name="before"/>. Fails the batch when somebody else was faster.</summary>
    public static SideStatement Put(LinkRow row, LinkRow? before) => before is null
        ? new SideStatement(
            $"INSERT INTO sync_link ({LinkRow.Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, NULL) ON CONFLICT DO NOTHING",
            [row.Surrogate, row.Hospital, row.Patient, row.Stream, row.RemoteType, row.Fingerprint, row.Version, row.State.ToString(), row.LocalType, row.LocalId, row.SourceId],
            ExpectedRows: 1)
        : new SideStatement(
            "UPDATE sync_link SET stream = $2, fingerprint = $3, version = $4, state = $5, local_type = $6, local_id = $7, source_id = $8, misses = 0, missed = NULL WHERE surrogate = $1 AND fingerprint = $9 AND state = $10",
            [row.Surrogate, row.Stream, row.Fingerprint, row.Version, row.State.ToString(), row.LocalType, row.LocalId, row.SourceId, before.Fingerprint, before.State.ToString()],
            ExpectedRows: 1);

    /// <summary>Seen again unchanged after it had been missing.</summary>
    public static SideStatement Found(string surrogate) => SideStatement.Of("UPDATE sync_link SET misses = 0, missed = NULL WHERE surrogate = $1", surrogate);

    /// <summary>Not found where it was; once is a hint, not a deletion.</summary>
    public static SideStatement Missed(string surrogate, DateTimeOffset at)
        => SideStatement.Of("UPDATE sync_link SET misses = misses + 1, missed = $2 WHERE surrogate = $1", surrogate, Ms(at));

    public static SideStatement Skip(string mark, string hospital, string patient, string code)
        => SideStatement.Of("INSERT INTO sync_skipped (mark, hospital, patient, code) VALUES ($1, $2, $3, $4) ON CONFLICT (mark) DO UPDATE SET code = excluded.code WHERE sync_skipped.code <> excluded.code", mark, hospital, patient, code);

    /// <summary>Lets the batch pass only while the patient is enrolled: consent may have been withdrawn a moment ago.</summary>
    public static SideStatement StillEnrolled(EnrolmentRow row)
        => new("UPDATE sync_enrolment SET state = state WHERE surrogate = $1 AND study = $2 AND state = 'Active'", [row.Surrogate, row.Study], ExpectedRows: 1);

    public static SideStatement Quarantine(string id, EnrolmentRow who, string remoteType, string concept, string fingerprint, byte[] outcome, DateTimeOffset at)
        => SideStatement.Of(
            """
            INSERT INTO sync_quarantine (id, hospital, patient, patient_id, remote_type, concept, fingerprint, since, attempts, outcome) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9)
            ON CONFLICT (id) DO UPDATE SET concept = excluded.concept, fingerprint = excluded.fingerprint, attempts = sync_quarantine.attempts + 1, outcome = excluded.outcome
            """, id, who.Hospital, who.Surrogate, who.PatientId, remoteType, concept, fingerprint, Ms(at), outcome);

    public static SideStatement Release(string id) => SideStatement.Of("DELETE FROM sync_quarantine WHERE id = $1", id);

    /// <summary>The stream was read to its end. The cursor never moves backwards.</summary>
    public static SideStatement Advance(StreamRow stream, DateTimeOffset? cursor, DateTimeOffset? swept)
        => SideStatement.Of(
            """
            INSERT INTO sync_stream (hospital, patient, stream, cursor, swept) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (patient, stream) DO UPDATE SET cursor = CASE WHEN sync_stream.cursor IS NULL OR excluded.cursor > sync_stream.cursor THEN excluded.cursor ELSE sync_stream.cursor END,
                swept = coalesce(excluded.swept, sync_stream.swept)
            """, stream.Hospital, stream.Patient, stream.Stream, MsOrNull(cursor), MsOrNull(swept));

    /// <summary>A stream that begins: nothing read yet, so the first reading takes the whole history.</summary>
    public static SideStatement Begin(string hospital, string patient, string stream)
        => SideStatement.Of("INSERT INTO sync_stream (hospital, patient, stream, cursor, swept) VALUES ($1, $2, $3, NULL, NULL) ON CONFLICT DO NOTHING", hospital, patient, stream);

    public static SideStatement Enrol(EnrolmentRow row)
        => new(
            $"INSERT INTO sync_enrolment ({EnrolmentRow.Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, NULL) ON CONFLICT DO NOTHING",
            [row.Surrogate, row.Hospital, row.Study, row.PatientId, row.SubjectId, row.ConsentId, row.SubjectNumber, Ms(row.ConsentFrom), Ms(row.DataFrom), MsOrNull(row.DataUntil), row.State.ToString(), MsOrNull(row.Ended)],
            ExpectedRows: 1);

    public static SideStatement End(EnrolmentRow row)
        => new(
            "UPDATE sync_enrolment SET state = $3, ended = $4, data_until = $5 WHERE surrogate = $1 AND study = $2 AND state = 'Active'",
            [row.Surrogate, row.Study, row.State.ToString(), MsOrNull(row.Ended), MsOrNull(row.DataUntil)],
            ExpectedRows: 1);

    /// <summary>Nothing is pushed to the hospital until a person has looked.</summary>
    public static SideStatement Suspect(string hospital) => SideStatement.Of("UPDATE sync_hospital SET state = 'suspect' WHERE name = $1", hospital);

    /// <summary>Nothing is done for the patient until a person has looked; without effect when they have looked at this already.</summary>
    public static SideStatement Freeze(string surrogate, string why, string mark)
        => SideStatement.Of("UPDATE sync_enrolment SET frozen = $2, frozen_mark = $3 WHERE surrogate = $1 AND frozen IS NULL AND (released IS NULL OR released <> $3)", surrogate, why, mark);

    /// <summary>A person has looked at what made the patient freeze.</summary>
    public static SideStatement Unfreeze(string surrogate)
        => new("UPDATE sync_enrolment SET released = frozen_mark, frozen = NULL, frozen_mark = NULL WHERE surrogate = $1 AND frozen IS NOT NULL", [surrogate], ExpectedRows: 1);

    /// <summary>A person has looked at the hospital: it is read as a whole again, and pushed to.</summary>
    public static IReadOnlyList<SideStatement> Trust(string hospital) =>
    [
        new("UPDATE sync_hospital SET state = 'running' WHERE name = $1 AND state = 'suspect'", [hospital], ExpectedRows: 1),
        SideStatement.Of("UPDATE sync_stream SET swept = NULL WHERE hospital = $1", hospital),
    ];

    public static SideStatement Put(BaseRow row, DateTimeOffset at)
        => SideStatement.Of(
            $"""
            INSERT INTO sync_base ({BaseRow.Columns}, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            ON CONFLICT (hospital, local_type, local_id) DO UPDATE SET surrogate = excluded.surrogate, etag = excluded.etag, h_local = excluded.h_local, h_remote = excluded.h_remote,
                sealed_local = excluded.sealed_local, sealed_remote = excluded.sealed_remote, state = excluded.state, at = excluded.at, noticed = 0
            """, row.Hospital, row.LocalType, row.LocalId, row.Surrogate, row.ETag, row.LocalHash, row.RemoteHash, row.SealedLocal, row.SealedRemote, row.State.ToString(), Ms(at));

    /// <summary>What the trial pushed looks different at the hospital now; the next push has a look.</summary>
    public static SideStatement Notice(string surrogate) => SideStatement.Of("UPDATE sync_base SET noticed = 1 WHERE surrogate = $1", surrogate);

    /// <summary>What we are about to send. Under the key of an intent that is still open it is another attempt at the same thing.</summary>
    public static SideStatement Intend(IntentRow row)
        => new(
            """
            INSERT INTO sync_intent (key, hospital, local_type, local_id, operation, h_body, sealed_body, if_match, state, attempts, made) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'Sent', 1, $9)
            ON CONFLICT (key) DO UPDATE SET operation = excluded.operation, h_body = excluded.h_body, sealed_body = excluded.sealed_body, if_match = excluded.if_match,
                state = 'Sent', attempts = sync_intent.attempts + 1, made = excluded.made, note = NULL
            """,
            [row.Key, row.Hospital, row.LocalType, row.LocalId, row.Operation, row.BodyHash, row.SealedBody, row.IfMatch, Ms(row.Made)],
            ExpectedRows: 1);

    public static SideStatement Settle(string key, IntentState state, string? note, DateTimeOffset at)
        => SideStatement.Of("UPDATE sync_intent SET state = $2, note = $3, settled = $4 WHERE key = $1", key, state.ToString(), note, Ms(at));

    public static SideStatement Conflict(BaseRow row, string paths, byte[] sealedRemote, string? etag, DateTimeOffset at)
        => SideStatement.Of(
            """
            INSERT INTO sync_conflict (hospital, local_type, local_id, paths, sealed_remote, etag, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (hospital, local_type, local_id) DO UPDATE SET paths = excluded.paths, sealed_remote = excluded.sealed_remote, etag = excluded.etag, decision = NULL
            """, row.Hospital, row.LocalType, row.LocalId, paths, sealedRemote, etag, Ms(at));

    public static SideStatement ClearConflict(string hospital, string type, string id)
        => SideStatement.Of("DELETE FROM sync_conflict WHERE hospital = $1 AND local_type = $2 AND local_id = $3", hospital, type, id);

    /// <summary>What a person decided; the next pass carries it out, if the hospital's version is still the one that was decided about.</summary>
    public static SideStatement Decide(string hospital, string type, string id, string decision)
        => new("UPDATE sync_conflict SET decision = $4 WHERE hospital = $1 AND local_type = $2 AND local_id = $3", [hospital, type, id, decision], ExpectedRows: 1);

    /// <summary>What vanished at the hospital is forgotten, and so delivered anew.</summary>
    public static SideStatement DeliverAnew(string hospital, string type, string id)
        => new("DELETE FROM sync_base WHERE hospital = $1 AND local_type = $2 AND local_id = $3 AND state = 'Lost'", [hospital, type, id], ExpectedRows: 1);

    /// <summary>What vanished at the hospital stays away, until the trial changes it.</summary>
    public static SideStatement LeaveAway(string hospital, string type, string id)
        => new("UPDATE sync_base SET state = 'Worklist' WHERE hospital = $1 AND local_type = $2 AND local_id = $3 AND state = 'Lost'", [hospital, type, id], ExpectedRows: 1);

    /// <summary>What the hospital refused is sent once more.</summary>
    public static SideStatement TryAgain(string hospital, string type, string id)
        => new("UPDATE sync_intent SET state = 'Done', note = 'to be tried again' WHERE hospital = $1 AND local_type = $2 AND local_id = $3 AND state = 'Parked'", [hospital, type, id], ExpectedRows: 1);

    public static long Ms(DateTimeOffset at) => at.ToUnixTimeMilliseconds();

    public static object? MsOrNull(DateTimeOffset? at) => at?.ToUnixTimeMilliseconds();
}
