using AtcFhir.Store.Side;

namespace AtcFhir.Sync.Ledger;

/// <summary>
/// The sync's tables in the trial's database, so that they change in the same transaction as the resources. No hospital id stands here in
/// clear: surrogates lead to them by way of the key store, and fingerprints are keyed.
/// </summary>
public static class SyncTables
{
    /// <summary>For <see cref="AtcFhir.Store.StoreOptions.SideSchemas"/>.</summary>
    public static SideSchema Schema { get; } = new("sync",
    [
        """
        CREATE TABLE sync_hospital (
            name TEXT PRIMARY KEY,
            state TEXT NOT NULL,              -- running | paused | suspect
            owner TEXT, epoch INTEGER NOT NULL, until INTEGER NOT NULL,
            profile TEXT, probed INTEGER,     -- what the probe found, and when
            last_pass INTEGER, last_fault TEXT);

        CREATE TABLE sync_enrolment (
            surrogate TEXT NOT NULL,          -- of the patient at the hospital
            hospital TEXT NOT NULL, study TEXT NOT NULL,
            patient_id TEXT NOT NULL, subject_id TEXT NOT NULL, consent_id TEXT NOT NULL, subject_number TEXT NOT NULL,
            consent_from INTEGER NOT NULL, data_from INTEGER NOT NULL, data_until INTEGER,
            state TEXT NOT NULL, ended INTEGER, frozen TEXT,
            PRIMARY KEY (surrogate, study),
            UNIQUE (study, subject_number));

        CREATE TABLE sync_stream (
            hospital TEXT NOT NULL, patient TEXT NOT NULL, stream TEXT NOT NULL,
            cursor INTEGER, swept INTEGER,
            PRIMARY KEY (patient, stream));

        CREATE TABLE sync_link (
            surrogate TEXT PRIMARY KEY,       -- of the resource at the hospital
            hospital TEXT NOT NULL, patient TEXT NOT NULL, stream TEXT NOT NULL, remote_type TEXT NOT NULL,
            fingerprint TEXT NOT NULL,        -- of the hospital's content that was looked at last
            version TEXT,                     -- the hospital's version id, opaque
            state TEXT NOT NULL,              -- Live | Quarantined | Gone
            local_type TEXT, local_id TEXT, source_id TEXT,
            misses INTEGER NOT NULL DEFAULT 0, missed INTEGER);
        CREATE INDEX sync_link_patient ON sync_link (patient, stream);
        CREATE INDEX sync_link_local ON sync_link (local_type, local_id);

        CREATE TABLE sync_skipped (
            mark TEXT PRIMARY KEY,            -- keyed mark of the hospital's id: counts each resource once and says nothing else
            hospital TEXT NOT NULL, patient TEXT NOT NULL, code TEXT NOT NULL);
        CREATE INDEX sync_skipped_code ON sync_skipped (hospital, code);

        CREATE TABLE sync_quarantine (
            id TEXT PRIMARY KEY, hospital TEXT NOT NULL, patient TEXT NOT NULL, patient_id TEXT NOT NULL,
            remote_type TEXT NOT NULL, concept TEXT NOT NULL,
            fingerprint TEXT NOT NULL, since INTEGER NOT NULL, attempts INTEGER NOT NULL, outcome BLOB NOT NULL);

        CREATE TABLE sync_base (
            hospital TEXT NOT NULL, local_type TEXT NOT NULL, local_id TEXT NOT NULL,
            surrogate TEXT NOT NULL,          -- of the resource at the hospital
            etag TEXT, h_local TEXT NOT NULL, h_remote TEXT NOT NULL,
            sealed_local BLOB NOT NULL, sealed_remote BLOB NOT NULL,
            state TEXT NOT NULL,              -- Delivered | Worklist | Conflict | Lost
            noticed INTEGER NOT NULL DEFAULT 0, -- it looked different in a pull
            at INTEGER NOT NULL,
            PRIMARY KEY (hospital, local_type, local_id));
        CREATE INDEX sync_base_surrogate ON sync_base (surrogate);

        CREATE TABLE sync_intent (
            key TEXT PRIMARY KEY, hospital TEXT NOT NULL, local_type TEXT NOT NULL, local_id TEXT NOT NULL,
            operation TEXT NOT NULL, h_body TEXT NOT NULL, sealed_body BLOB NOT NULL, if_match TEXT,
            state TEXT NOT NULL,              -- Sent | Unknown | Done | Parked
            attempts INTEGER NOT NULL, made INTEGER NOT NULL, settled INTEGER, note TEXT);
        CREATE UNIQUE INDEX sync_intent_open ON sync_intent (hospital, local_type, local_id) WHERE state IN ('Sent', 'Unknown', 'Parked');

        CREATE TABLE sync_conflict (
            hospital TEXT NOT NULL, local_type TEXT NOT NULL, local_id TEXT NOT NULL,
            paths TEXT NOT NULL, sealed_remote BLOB NOT NULL, etag TEXT, at INTEGER NOT NULL,
            PRIMARY KEY (hospital, local_type, local_id));
        """,
        """
        ALTER TABLE sync_conflict ADD COLUMN decision TEXT;   -- trial | hospital, once a person has decided
        ALTER TABLE sync_enrolment ADD COLUMN frozen_mark TEXT; -- keyed mark of what made it freeze
        ALTER TABLE sync_enrolment ADD COLUMN released TEXT;    -- the mark that a person has looked at
        """,
        "CREATE TABLE sync_keys (one INTEGER PRIMARY KEY, mark TEXT NOT NULL)", // the key store that belongs to this database
    ]);
}
