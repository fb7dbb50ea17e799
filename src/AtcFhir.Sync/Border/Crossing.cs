using AtcFhir.R4.Canonical;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Store;
using AtcFhir.Store.Side;
using AtcFhir.Sync.Hospital;
using AtcFhir.Sync.Keys;
using AtcFhir.Sync.Ledger;
using AtcFhir.Trial.Concepts;
using AtcFhir.Trial.Study;
using AtcFhir.Validation;

namespace AtcFhir.Sync.Border;

/// <summary>
/// The one way in. Whatever comes from a hospital, pulled or sent, goes through the stages of <see cref="LookAtAsync"/> in their order, and all
/// that comes of it is committed in one transaction: resources, links, quarantine and, of a pull, the cursor.
/// </summary>
internal sealed class Crossing(IResourceStore store, KeyStore keys, Validator validator, HospitalDirectory hospitals, StudyPackage study, TimeProvider time)
{
    /// <summary>How often a batch is planned again when somebody else wrote the same resources in between.</summary>
    private const int Rounds = 4;

    private readonly PatientLinks patients = new(keys, hospitals);
    private readonly ResponseScores scores = new(store, study);

    /// <summary>Takes the resources in, all in one transaction. A failure means that nothing of it was stored.</summary>
    /// <param name="also">Further statements of the same transaction, such as the fence of a pass; without effect when there is nothing to store.</param>
    /// <param name="allOrNothing">A resource that is refused fails the whole; otherwise it is left out.</param>
    public async Task<Result<List<CrossingResult>>> TakeAsync(Origin origin, IReadOnlyList<Envelope> envelopes, Func<IReadOnlyList<SideStatement>> also, CancellationToken cancel, bool allOrNothing = false)
    {
        Failure? failure = null;
        for (var round = 0; round < Rounds; round++)
        {
            var plan = await PlanAsync(origin, envelopes, cancel).ConfigureAwait(false);
            if (allOrNothing && plan.Refusal is { } refusal)
            {
                return refusal;
            }

            if (plan.IsEmpty)
            {
                return plan.Results;
            }

            // What is sealed in the key store goes first: a body that no quarantine row refers to is harmless.
            foreach (var (id, body) in plan.Bodies)
            {
                keys.KeepBody(id, body.Span, plan.At);
            }

            var commit = await store.Commit(new WriteBatch(plan.Writes, plan.Writes.Count == 0 ? null : plan.Audit) { Statements = [.. plan.Statements, .. also()] }, cancel).ConfigureAwait(false);
            if (commit.Committed)
            {
                foreach (var id in plan.Released)
                {
                    keys.DropBody(id);
                }

                return plan.ResultsWith(commit.Writes);
            }

            failure = commit.Failure;
            if (failure!.Kind != FailureKind.Conflict)
            {
                break;
            }
        }

        return failure!;
    }

    private async Task<CrossingPlan> PlanAsync(Origin origin, IReadOnlyList<Envelope> envelopes, CancellationToken cancel)
    {
        // Enrolled? Nobody else exists for us: not even a surrogate is minted for what is not of an enrolled patient.
        var lanes = new List<EnrolmentRow?>(envelopes.Count);
        foreach (var envelope in envelopes)
        {
            lanes.Add(origin.Lane ?? await EnrolledAsync(origin, envelope, cancel).ConfigureAwait(false));
        }

        var minted = new Queue<string>(keys.Mint([.. envelopes.Where((envelope, i) => NeedsKey(envelope, lanes[i])).Select(envelope => envelope.Name)]));
        var surrogates = envelopes.Select((envelope, i) => NeedsKey(envelope, lanes[i]) ? minted.Dequeue() : lanes[i]?.Surrogate).ToList();
        var plan = new CrossingPlan(origin, time.GetUtcNow(), store);
        for (var i = 0; i < envelopes.Count; i++)
        {
            // The same resource twice in one page or bundle: the last one is meant.
            plan.Add((lanes[i], surrogates[i]) switch
            {
                ({ } lane, { } surrogate) when !surrogates.Skip(i + 1).Contains(surrogate) => await LookAtAsync(plan, lane, envelopes[i], surrogate, cancel).ConfigureAwait(false),
                ({ }, _) => Passage.Nothing(CrossingKind.Unchanged),
                _ => Passage.Nothing(CrossingKind.NotEnrolled, Issue.Error(IssueCode.BusinessRule, "The patient of this resource is not enrolled in the trial.") with { Rule = "ATC-B020" }),
            });
        }

        return plan;

        static bool NeedsKey(Envelope envelope, EnrolmentRow? lane) => lane is not null && envelope.Document.ResourceType != "Patient";
    }

    /// <summary>One hospital resource, stage by stage. It reads, and says what is to be written; it writes nothing.</summary>
    private async Task<Passage> LookAtAsync(CrossingPlan plan, EnrolmentRow enrolment, Envelope envelope, string surrogate, CancellationToken cancel)
    {
        var (origin, document) = (plan.Origin, envelope.Document);

        // Our own, coming back? What the trial pushed is compared by the push, never taken in as a hospital's.
        var fingerprint = keys.Ring.Fingerprint(CanonicalForm.Content(document.Utf8));
        if (await store.BaseOfSurrogateAsync(surrogate, cancel).ConfigureAwait(false) is { } pushed)
        {
            return Passage.Nothing(CrossingKind.Unchanged) with { Statements = pushed.RemoteHash == fingerprint ? [] : [LedgerWrites.Notice(surrogate)] };
        }

        if (CarriesOurIdentifier(document, origin.OwnIdentifierSystem))
        {
            return Passage.Nothing(CrossingKind.Unchanged);
        }

        // Consent?
        if (!ConsentRule.Covers(enrolment, DataDate.Of(document)))
        {
            return Passage.Nothing(CrossingKind.NoConsent, Issue.Error(IssueCode.Forbidden, "The patient's consent does not cover data of that time.") with { Rule = "ATC-B021" });
        }

        // Seen before, in this version?
        var before = await store.LinkAsync(surrogate, cancel).ConfigureAwait(false);
        if (before is not null && before.Fingerprint == fingerprint && before.State != LinkState.Gone && !origin.IsReplay)
        {
            return await AgainAsync(before, cancel).ConfigureAwait(false);
        }

        IReadOnlyList<SideStatement> suspect = before is not null && origin is { Lane: not null, HasOrderedVersions: true } && IsOlder(envelope.Version, before.Version) ? [LedgerWrites.Suspect(origin.Hospital)] : [];
        var link = new LinkRow(surrogate, origin.Hospital, enrolment.Surrogate, origin.StreamOf(document), document.ResourceType, fingerprint, envelope.Version, LinkState.Live, before?.LocalType, before?.LocalId, before?.SourceId, 0, null);
        var passage = await TakeInAsync(plan, enrolment, envelope, before, link, cancel).ConfigureAwait(false);
        if (passage.Kind is CrossingKind.Quarantined or CrossingKind.OutOfScope && Retraction.Is(document))
        {
            passage = await TakeBackAsync(plan, enrolment, before, link, passage, cancel).ConfigureAwait(false);
        }

        return suspect.Count == 0 ? passage : passage with { Statements = [.. passage.Statements, .. suspect] };
    }

    /// <summary>A version number that went down with other content: the hospital's server was set back, or is another one.</summary>
    private static bool IsOlder(string? version, string? before)
        => long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var now) && long.TryParse(before, NumberStyles.None, CultureInfo.InvariantCulture, out var then) && now < then;

    private async Task<Passage> TakeInAsync(CrossingPlan plan, EnrolmentRow enrolment, Envelope envelope, LinkRow? before, LinkRow link, CancellationToken cancel)
    {
        var (origin, document, surrogate) = (plan.Origin, envelope.Document, link.Surrogate);

        // Pseudonymise and map.
        if (ConceptCatalog.HospitalConceptOf(document) is not { } concept)
        {
            return await OutOfScopeAsync(plan, enrolment, surrogate, before, link, ((Mapped.NotInScope)ConceptCatalog.FromHospital(document, ContextOf(origin, enrolment, document, surrogate))).Counted, cancel).ConfigureAwait(false);
        }

        if (envelope.Faults.Count > 0)
        {
            return Quarantine(plan, enrolment, envelope, concept, before, link, envelope.Faults);
        }

        var mapped = concept.FromHospital(document, ContextOf(origin, enrolment, document, surrogate));
        if (mapped is not Mapped.Taken taken)
        {
            return mapped is Mapped.Quarantine held
                ? Quarantine(plan, enrolment, envelope, concept, before, link, held.Issues)
                : await OutOfScopeAsync(plan, enrolment, surrogate, before, link, ((Mapped.NotInScope)mapped).Counted, cancel).ConfigureAwait(false);
        }

        // Validate, and look once more that nothing of the hospital's identity is in it.
        var secrets = LeakGuard.SecretsOf(document);
        if (!Check(taken.Source is null ? [taken.Trial] : [taken.Source, taken.Trial], secrets).TryGet(out var resources, out var invalid)
            || !Check(scores.Of(resources[^1]), secrets).TryGet(out var derived, out invalid))
        {
            return Quarantine(plan, enrolment, envelope, concept, before, link, invalid.Issues);
        }

        if (resources[^1].ResourceType == "Patient" && await RetractsDeathAsync(resources[^1], cancel).ConfigureAwait(false))
        {
            return Quarantine(plan, enrolment, envelope, concept, before, link, [Issue.Error(IssueCode.BusinessRule, "The hospital takes back that the patient died. A person has to confirm it.") with { Rule = "ATC-B022", Expression = "Patient.deceased" }]);
        }

        return await scores.AddAsync(Apply(plan, enrolment, before, link, resources), derived, cancel).ConfigureAwait(false);
    }

    /// <summary>
    /// What is taken back without its content cannot be mapped, and need not: what was taken over of it is taken back, with the values that it had, and
    /// the scores with it. Of what never came in, nothing is kept.
    /// </summary>
    private async Task<Passage> TakeBackAsync(CrossingPlan plan, EnrolmentRow enrolment, LinkRow? before, LinkRow link, Passage otherwise, CancellationToken cancel)
    {
        var stored = new List<ResourceDocument>();
        foreach (var id in new[] { before?.SourceId, before?.LocalId })
        {
            if (id is not null && await store.Read(before!.LocalType!, id, cancel).ConfigureAwait(false) is { IsDeleted: false } found)
            {
                stored.Add(Retraction.Of(ResourceDocument.Parse(found.Body).Value));
            }
        }

        if (stored.Count > 0 && stored[^1].Id == before!.LocalId)
        {
            return Check([.. stored.Select(resource => resource.Utf8.ToArray())], []).TryGet(out var resources, out _) && Check(scores.Of(resources[^1]), []).TryGet(out var derived, out _)
                ? await scores.AddAsync(Apply(plan, enrolment, before, link, resources), derived, cancel).ConfigureAwait(false)
                : otherwise;
        }

        return before is { State: LinkState.Quarantined }
            ? await RemoveAsync(new Passage(CrossingKind.Unchanged), plan.At, enrolment, before, link, cancel).ConfigureAwait(false)
            : otherwise.Kind == CrossingKind.OutOfScope ? otherwise : Passage.Nothing(CrossingKind.Unchanged);
    }

    /// <summary>All of them valid against their profiles and free of the secrets, or what is wrong with the first that is not.</summary>
    public Result<List<ResourceDocument>> Check(IReadOnlyList<byte[]> bodies, HashSet<string> secrets)
    {
        var resources = new List<ResourceDocument>(bodies.Count);
        foreach (var json in bodies)
        {
            if (!ResourceDocument.Parse(json).TryGet(out var resource, out var unreadable))
            {
                return unreadable;
            }

            var profile = ConceptCatalog.ProfileFor(resource);
            var issues = validator.Validate(resource, profile is null ? null : ValidateRequest.For(profile)).Issues;
            IReadOnlyList<Issue> errors = [.. issues.Where(issue => issue.IsError), .. LeakGuard.Look(json, secrets)];
            if (errors.Count > 0)
            {
                return new Failure(FailureKind.Unprocessable, errors);
            }

            resources.Add(resource);
        }

        return resources;
    }

    private async Task<EnrolmentRow?> EnrolledAsync(Origin origin, Envelope envelope, CancellationToken cancel)
    {
        var patient = envelope.Document.ResourceType == "Patient" ? patients.SurrogateOf(origin.Hospital, envelope) : patients.PatientOf(origin, envelope.Document);
        var enrolment = patient is null ? null : await store.EnrolmentAsync(patient, cancel).ConfigureAwait(false);
        return enrolment?.State == Enrolment.EnrolmentState.Active ? enrolment : null;
    }

    /// <summary>The surrogate of the patient that the resource names; null when it is none that we know.</summary>
    public string? PatientOf(Origin origin, ResourceDocument document) => patients.PatientOf(origin, document);

    private MappingContext ContextOf(Origin origin, EnrolmentRow enrolment, ResourceDocument document, string surrogate) => new(
        enrolment.PatientId,
        enrolment.SubjectNumber,
        enrolment.Study[(enrolment.Study.LastIndexOf('/') + 1)..],
        document.ResourceType switch { "Patient" => enrolment.PatientId, "ResearchSubject" => enrolment.SubjectId, _ => surrogate },
        surrogate + "-source",
        new BusinessIdentifier(origin.OwnIdentifierSystem, surrogate),
        reference => patients.Rewrite(origin, enrolment, reference))
    {
        Study = study.Facts,
    };

    /// <summary>A death is taken over at once; that it was a mistake is for a person to say.</summary>
    private async Task<bool> RetractsDeathAsync(ResourceDocument patient, CancellationToken cancel)
    {
        var current = await store.Read("Patient", patient.Id!, cancel).ConfigureAwait(false);
        return current is { IsDeleted: false } && !IsDead(patient) && ResourceDocument.Parse(current.Body).TryGet(out var known, out _) && IsDead(known);
    }

    private static bool IsDead(ResourceDocument patient) => patient.Root.Child("deceased") is { Exists: true } deceased && !deceased.TextEquals("false"u8);

    private static bool CarriesOurIdentifier(ResourceDocument document, string system)
    {
        foreach (var identifier in document.Root.ChildrenOf("identifier"))
        {
            if (identifier.Child("system").Text == system)
            {
                return true;
            }
        }

        return false;
    }

    private static Passage Apply(CrossingPlan plan, EnrolmentRow enrolment, LinkRow? before, LinkRow link, List<ResourceDocument> resources)
    {
        var trial = resources[^1];
        var source = resources.Count > 1 ? resources[0] : null;
        link = link with { State = LinkState.Live, LocalType = trial.ResourceType, LocalId = trial.Id, SourceId = source?.Id };
        var passage = new Passage(CrossingKind.Created) { Statements = [LedgerWrites.StillEnrolled(enrolment), LedgerWrites.Put(link, before)], Resources = resources };
        if (before is { State: LinkState.Quarantined })
        {
            passage = passage with
            {
                Statements = [.. passage.Statements, LedgerWrites.Release(link.Surrogate)],
                Resources = [.. resources, QuarantineTask.Completed(link.Surrogate, enrolment.PatientId, link.RemoteType, ConceptCatalog.ConceptOf(trial)?.Title ?? trial.ResourceType, plan.At)],
                Released = link.Surrogate,
            };
        }

        // A value that needed a source and needs none any more, or that has become another type, leaves nothing behind.
        var deletions = new List<(string Type, string Id)>();
        if (before is { LocalType: { } type, LocalId: { } id, State: not LinkState.Gone })
        {
            if (type != trial.ResourceType || id != trial.Id)
            {
                deletions.Add((type, id));
            }

            if (before.SourceId is { } sourceId && sourceId != source?.Id)
            {
                deletions.Add((type, sourceId));
            }
        }

        return passage with { Deletions = deletions, Primary = trial.ResourceType + "/" + trial.Id };
    }

    private async Task<Passage> OutOfScopeAsync(CrossingPlan plan, EnrolmentRow enrolment, string surrogate, LinkRow? before, LinkRow link, string counted, CancellationToken cancel)
    {
        var passage = new Passage(CrossingKind.OutOfScope) { Counted = counted, Statements = [LedgerWrites.Skip(surrogate, plan.Origin.Hospital, enrolment.Surrogate, counted)] };
        return before is { State: not LinkState.Gone }
            // It was a value of the trial and is one no more: the hospital corrected the code.
            ? await RemoveAsync(passage, plan.At, enrolment, before, link with { State = LinkState.Gone }, cancel).ConfigureAwait(false)
            : passage;
    }

    /// <summary>Takes the trial's copy away, and the scores that were derived from it; their versions stay.</summary>
    public Task<Passage> RemoveAsync(Passage passage, DateTimeOffset at, EnrolmentRow enrolment, LinkRow before, LinkRow after, CancellationToken cancel)
        => scores.AddAsync(Remove(passage, at, enrolment, before, after), [], cancel);

    private static Passage Remove(Passage passage, DateTimeOffset at, EnrolmentRow enrolment, LinkRow before, LinkRow after) => passage with
    {
        Statements = [.. passage.Statements, LedgerWrites.StillEnrolled(enrolment), LedgerWrites.Put(after with { State = LinkState.Gone }, before), .. before.State == LinkState.Quarantined ? new[] { LedgerWrites.Release(before.Surrogate) } : []],
        Deletions = before is { LocalType: { } type, LocalId: { } id } ? [(type, id), .. before.SourceId is { } source ? new[] { (type, source) } : []] : [],
        Resources = before.State == LinkState.Quarantined ? [QuarantineTask.Completed(before.Surrogate, enrolment.PatientId, before.RemoteType, before.RemoteType, at)] : [],
        Released = before.State == LinkState.Quarantined ? before.Surrogate : null,
    };

    private static Passage Quarantine(CrossingPlan plan, EnrolmentRow enrolment, Envelope envelope, TrialConcept concept, LinkRow? before, LinkRow link, IReadOnlyList<Issue> issues)
    {
        var task = QuarantineTask.Requested(link.Surrogate, enrolment.PatientId, link.RemoteType, concept.Title, issues, plan.At);
        return new Passage(CrossingKind.Quarantined, issues)
        {
            Statements =
            [
                LedgerWrites.StillEnrolled(enrolment),
                LedgerWrites.Put(link with { State = LinkState.Quarantined }, before),
                LedgerWrites.Quarantine(link.Surrogate, enrolment, link.RemoteType, concept.Id, link.Fingerprint, OperationOutcomeJson.ToUtf8(issues), plan.At),
            ],
            Resources = [task],
            Body = (link.Surrogate, envelope.Document.Utf8),
            Task = link.Surrogate,
        };
    }

    private async Task<Passage> AgainAsync(LinkRow before, CancellationToken cancel)
    {
        IReadOnlyList<SideStatement> statements = before.Misses > 0 ? [LedgerWrites.Found(before.Surrogate)] : [];
        if (before.State == LinkState.Live)
        {
            return new Passage(CrossingKind.Unchanged) { Primary = before.LocalType + "/" + before.LocalId, Statements = statements };
        }

        var outcome = await store.Query(SideQuery.Of("SELECT concept FROM sync_quarantine WHERE id = $1", before.Surrogate), cancel).ConfigureAwait(false);
        return new Passage(CrossingKind.Quarantined, [Issue.Error(IssueCode.BusinessRule, "In quarantine already in this version" + (outcome.Count > 0 ? $" ({outcome[0].Text(0)})." : "."))])
        {
            Task = before.Surrogate,
            Statements = statements,
            IsKnown = true,
        };
    }
}
