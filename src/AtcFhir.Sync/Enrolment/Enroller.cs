using AtcFhir.R4.Canonical;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.R4.Values;
using AtcFhir.Store;
using AtcFhir.Store.Side;
using AtcFhir.Sync.Border;
using AtcFhir.Sync.Hospital;
using AtcFhir.Sync.Keys;
using AtcFhir.Sync.Ledger;
using AtcFhir.Sync.Pull;
using AtcFhir.Trial.Concepts;
using AtcFhir.Trial.Study;
using AtcFhir.Validation;

namespace AtcFhir.Sync.Enrolment;

/// <summary>The list of the patients who exist for us, and the only way onto it.</summary>
public sealed class Enroller
{
    private readonly IResourceStore store;
    private readonly KeyStore keys;
    private readonly Validator validator;
    private readonly HospitalDirectory hospitals;
    private readonly FindHospital clients;
    private readonly SyncOptions options;
    private readonly StudyFacts study;
    private readonly TimeProvider time;

    internal Enroller(IResourceStore store, KeyStore keys, Validator validator, HospitalDirectory hospitals, FindHospital clients, SyncOptions options, StudyFacts study, TimeProvider time)
        => (this.store, this.keys, this.validator, this.hospitals, this.clients, this.options, this.study, this.time) = (store, keys, validator, hospitals, clients, options, study, time);

    /// <summary>
    /// Creates key, pseudonymous Patient, ResearchSubject and Consent in one transaction and starts the patient's backfill. Conflict when the
    /// patient or the subject number is enrolled already; not found when study or hospital are not known.
    /// </summary>
    public async Task<Result<EnrolledSubject>> EnrollAsync(EnrolmentRequest request, string actor, CancellationToken cancel)
    {
        if (hospitals.Find(request.Hospital) is not { } hospital)
        {
            return new Failure(FailureKind.NotFound, IssueCode.NotFound, $"No hospital named {request.Hospital} is configured.");
        }

        if (NotYet(request) is { } early)
        {
            return early;
        }

        var studyReference = request.Study.Contains('/', StringComparison.Ordinal) ? request.Study : "ResearchStudy/" + request.Study;
        var studyId = studyReference["ResearchStudy/".Length..];
        if (await store.Read("ResearchStudy", studyId, cancel).ConfigureAwait(false) is not { IsDeleted: false })
        {
            return new Failure(FailureKind.NotFound, IssueCode.NotFound, $"There is no {studyReference}.");
        }

        var (person, failure) = await FindPatientAsync(request, hospital, cancel).ConfigureAwait(false);
        if (person is null)
        {
            return failure!;
        }

        // Mint first: from here on every attempt at the same enrolment has the same ids.
        var surrogate = keys.Mint(person.Key);
        foreach (var (system, value) in person.Identifiers)
        {
            keys.LearnIdentifier(request.Hospital, system, value, surrogate);
        }

        var ids = keys.MintEnrolment(surrogate, studyReference);
        var all = (await store.EnrolmentsAsync(null, cancel).ConfigureAwait(false)).Where(row => row.Study == studyReference).ToList();
        if (all.FirstOrDefault(row => row.Surrogate == surrogate) is { } existing)
        {
            return new Failure(FailureKind.Conflict, IssueCode.Duplicate, existing.State == EnrolmentState.Active
                ? $"The patient is enrolled already, as subject {existing.SubjectNumber}."
                : $"The patient was enrolled before, as subject {existing.SubjectNumber}, and left the study.");
        }

        var number = request.SubjectNumber ?? NextNumber(all);
        if (all.Any(row => row.SubjectNumber == number))
        {
            return new Failure(FailureKind.Conflict, IssueCode.Duplicate, $"The subject number {number} is taken.");
        }

        var now = time.GetUtcNow();
        var consent = new DateTimeOffset(request.ConsentDate, TimeOnly.MinValue, TimeSpan.Zero);
        var row = new EnrolmentRow(surrogate, request.Hospital, studyReference, ids.PatientId, ids.SubjectId, ids.ConsentId, number,
            consent, consent.AddDays(-options.BaselineDays), null, EnrolmentState.Active, null, null);
        var resources = Resources(row, studyId, person, request, number);
        if (Refusal(resources) is { } refused)
        {
            return refused;
        }

        var statements = new List<SideStatement> { LedgerWrites.Enrol(row) };
        statements.AddRange(HospitalStream.Of(hospital).Select(stream => LedgerWrites.Begin(request.Hospital, surrogate, stream.Name)));
        if (person.Record is { } record)
        {
            statements.Add(LedgerWrites.Put(
                new LinkRow(surrogate, request.Hospital, surrogate, HospitalStream.Patient.Name, "Patient", keys.Ring.Fingerprint(CanonicalForm.Content(record.Utf8)), record.VersionId, LinkState.Live, "Patient", ids.PatientId, null, 0, null), null));
        }

        var audit = new AuditEntry(actor, "enroll", keys.Ring.NewId(), Patient: ids.PatientId, Hospital: request.Hospital);
        var commit = await store.Commit(WriteBatch.Of(audit, [.. resources.Select(resource => ResourceWrite.Update(store.Prepare(resource, resource.Id), resource.Id))]) with { Statements = statements }, cancel).ConfigureAwait(false);
        return commit.Committed
            ? row.ToSubject()
            : commit.Failure!.Kind == FailureKind.Conflict
                ? new Failure(FailureKind.Conflict, IssueCode.Duplicate, "The patient or the subject number was enrolled by somebody else a moment ago.")
                : commit.Failure;
    }

    /// <summary>Days to come are mistyped, and would keep out what is measured until then. Where the day begins first it is 14 hours before UTC.</summary>
    private Failure? NotYet(EnrolmentRequest request)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime.AddHours(14));
        var (name, day) = request.ConsentDate > today ? ("consent", request.ConsentDate) : ("inclusion", request.InclusionDate ?? request.ConsentDate);
        return day > today ? new Failure(FailureKind.Unprocessable, IssueCode.Value, $"The day of {name}, {day:yyyy-MM-dd}, is still to come.") : null;
    }

    /// <summary>Stops everything for the patient: nothing is read, taken or sent any more. What was used stays.</summary>
    /// <param name="patientId">Id of the pseudonymous Patient.</param>
    /// <param name="state">Withdrawn or Unenrolled.</param>
    public async Task<Result<EnrolledSubject>> EndAsync(string patientId, EnrolmentState state, string actor, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfEqual((int)state, (int)EnrolmentState.Active);
        if (await store.EnrolmentOfAsync(patientId, cancel).ConfigureAwait(false) is not { } row)
        {
            return new Failure(FailureKind.NotFound, IssueCode.NotFound, "No patient with that id is enrolled.");
        }

        if (row.State != EnrolmentState.Active)
        {
            return row.ToSubject();
        }

        var now = time.GetUtcNow();
        var ended = row with { State = state, Ended = now, DataUntil = now };
        var day = FhirDateTime.Of(DateOnly.FromDateTime(now.UtcDateTime));
        var documents = new List<ResourceDocument>();
        if (await ReadAsync("Consent", row.ConsentId, cancel).ConfigureAwait(false) is { } consent && TrialConsent.FromFhir(consent).TryGet(out var given, out _))
        {
            documents.Add(Parse((given with { Status = "inactive", Until = day }).ToFhir()));
        }

        if (await ReadAsync("ResearchSubject", row.SubjectId, cancel).ConfigureAwait(false) is { } subject && TrialSubject.FromFhir(subject).TryGet(out var taking, out _))
        {
            documents.Add(Parse((taking with { Status = state == EnrolmentState.Withdrawn ? "withdrawn" : "off-study", Ended = day }).ToFhir()));
        }

        // What never came in is not kept of somebody who left.
        var held = (await store.QuarantinedLinksAsync(row.Hospital, cancel).ConfigureAwait(false)).Where(link => link.Patient == row.Surrogate).ToList();
        documents.AddRange(held.Select(link => QuarantineTask.Completed(link.Surrogate, patientId, link.RemoteType, link.RemoteType, now)));
        var audit = new AuditEntry(actor, state == EnrolmentState.Withdrawn ? "withdraw" : "unenroll", keys.Ring.NewId(), Patient: patientId, Hospital: row.Hospital);
        var commit = await store.Commit(WriteBatch.Of(audit, [.. documents.Select(document => ResourceWrite.Update(store.Prepare(document, document.Id), document.Id))]) with { Statements = [LedgerWrites.End(ended), .. held.Select(link => LedgerWrites.Release(link.Surrogate))] }, cancel).ConfigureAwait(false);
        if (!commit.Committed)
        {
            return commit.Failure!;
        }

        held.ForEach(link => keys.DropBody(link.Surrogate));
        return ended.ToSubject();
    }

    public async Task<IReadOnlyList<EnrolledSubject>> ListAsync(string? hospital, CancellationToken cancel)
        => [.. (await store.EnrolmentsAsync(hospital, cancel).ConfigureAwait(false)).Select(row => row.ToSubject())];

    private async Task<(HospitalPerson? Person, Failure? Failure)> FindPatientAsync(EnrolmentRequest request, HospitalOptions hospital, CancellationToken cancel)
    {
        var reference = HospitalReference.Parse(request.Patient, hospital.BaseUrl, hospital.AllowedHosts);
        var client = clients(request.Hospital);
        if (reference is { Type: not "Patient" })
        {
            return (null, new Failure(FailureKind.Unprocessable, IssueCode.Value, "The reference is not one to a Patient."));
        }

        if (reference is null)
        {
            var bar = request.Patient.IndexOf('|', StringComparison.Ordinal);
            var (system, value) = bar >= 0 ? (request.Patient[..bar], request.Patient[(bar + 1)..]) : (hospital.PatientIdentifierSystem ?? "", request.Patient);
            if (client is null)
            {
                // A hospital that only sends: the identifier is all that is known, and all that is needed.
                return (new HospitalPerson(new HospitalKey(request.Hospital, "Patient", "identifier " + system + "|" + value), null, [(system, value)]), null);
            }

            var reply = await client.GetAsync("Patient?identifier=" + Uri.EscapeDataString(system.Length == 0 ? value : system + "|" + value), "search of Patient by identifier", cancel).ConfigureAwait(false);
            var (page, fault) = SearchPage.Read(reply, "Patient", client);
            if (page is null)
            {
                return (null, Unreachable(fault!));
            }

            if (page.Matches.Count != 1)
            {
                return (null, new Failure(FailureKind.NotFound, page.Matches.Count == 0 ? IssueCode.NotFound : IssueCode.MultipleMatches, $"{page.Matches.Count} patients of the hospital have that identifier."));
            }

            return (HospitalPerson.Of(request.Hospital, page.Matches[0].Document, page.Matches[0].Document.Id!), null);
        }

        if (client is null)
        {
            return (new HospitalPerson(new HospitalKey(request.Hospital, "Patient", reference.Id), null, []), null);
        }

        var read = await client.ReadAsync("Patient", reference.Id, cancel).ConfigureAwait(false);
        return read switch
        {
            { IsSuccess: true, Body: { ResourceType: "Patient" } patient } => (HospitalPerson.Of(request.Hospital, patient, reference.Id), null),
            { Fault: { } fault } => (null, Unreachable(fault)),
            _ => (null, new Failure(FailureKind.NotFound, IssueCode.NotFound, "The hospital has no such patient.")),
        };
    }

    private List<ResourceDocument> Resources(EnrolmentRow row, string studyId, HospitalPerson person, EnrolmentRequest request, string number)
    {
        var patient = new PseudonymousPatient(row.PatientId, number).ToFhir();
        if (person.Record is { } record)
        {
            var context = new MappingContext(row.PatientId, number, studyId, row.PatientId, row.PatientId, new BusinessIdentifier(options.IdentifierSystem, row.PatientId), static _ => null) { Study = study };
            if (PseudonymousPatient.Concept.FromHospital(record, context) is Mapped.Taken taken)
            {
                patient = taken.Trial;
            }
        }

        var consented = FhirDateTime.Of(request.ConsentDate);
        var consent = new TrialConsent(new RecordHead(row.ConsentId, row.PatientId, studyId), "active", consented, consented);
        var subject = new TrialSubject(new RecordHead(row.SubjectId, row.PatientId, studyId), number, "on-study", FhirDateTime.Of(request.InclusionDate ?? request.ConsentDate),
            AssignedArm: study.StudyId == studyId && study.Arms.Count == 1 ? study.Arms[0] : null, ConsentId: row.ConsentId);
        return [Parse(patient), Parse(consent.ToFhir()), Parse(subject.ToFhir())];
    }

    private Failure? Refusal(List<ResourceDocument> resources)
    {
        foreach (var resource in resources)
        {
            var errors = validator.Validate(resource, ConceptCatalog.ProfileFor(resource) is { } profile ? ValidateRequest.For(profile) : null).Issues.Where(issue => issue.IsError).ToList();
            if (errors.Count > 0)
            {
                return new Failure(FailureKind.Unprocessable, errors);
            }
        }

        return null;
    }

    private async Task<ResourceDocument?> ReadAsync(string type, string id, CancellationToken cancel)
        => await store.Read(type, id, cancel).ConfigureAwait(false) is { IsDeleted: false } stored ? Parse(stored.Body) : null;

    private static ResourceDocument Parse(ReadOnlyMemory<byte> json) => ResourceDocument.Parse(json).Value;

    private static string NextNumber(List<EnrolmentRow> rows)
    {
        var highest = rows.Select(row => int.TryParse(row.SubjectNumber, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0).DefaultIfEmpty().Max();
        return (highest + 1).ToString("D3", CultureInfo.InvariantCulture);
    }

    private static Failure Unreachable(HospitalFault fault) => new(FailureKind.Busy, IssueCode.Transient, "The hospital could not be asked about the patient: " + fault.What + ".");

    /// <summary>A patient as found at the hospital.</summary>
    private sealed record HospitalPerson(HospitalKey Key, ResourceDocument? Record, IReadOnlyList<(string System, string Value)> Identifiers)
    {
        public static HospitalPerson Of(string hospital, ResourceDocument patient, string id)
        {
            var identifiers = new List<(string, string)>();
            foreach (var identifier in patient.Root.ChildrenOf("identifier"))
            {
                if (identifier.Child("value").Text is { Length: > 0 } value)
                {
                    identifiers.Add((identifier.Child("system").Text ?? "", value));
                }
            }

            return new HospitalPerson(new HospitalKey(hospital, "Patient", id), patient, identifiers);
        }
    }
}
