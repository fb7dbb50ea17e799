namespace AtcFhir.Sync.Push;

/// <summary>The way in which what the trial makes reaches a hospital; real servers differ in what they let a client write.</summary>
public enum DeliveryRoute
{
    /// <summary>Create, and update with If-Match when it changes.</summary>
    Update,

    /// <summary>Create once; a correction goes to a person.</summary>
    CreateOnly,

    /// <summary>An Observation as flowsheet row: status final, no identifier kept; found again by patient, code, time and value.</summary>
    FlowsheetRow,

    /// <summary>A record of a patient as a filled-in form: a QuestionnaireResponse with an item for each value. A correction is a new version where the hospital updates.</summary>
    QuestionnaireResponse,

    /// <summary>A record of a patient as a document: a DocumentReference with the trial's resource inside. A correction is a new version where the hospital updates.</summary>
    DocumentReference,

    /// <summary>A Task on the trial's side for a person who types it in.</summary>
    Worklist,

    /// <summary>Not delivered at all.</summary>
    None,
}
