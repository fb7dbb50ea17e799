using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath;
using AtcFhir.Validation.Profiles;
using AtcFhir.Validation.Terminology;

namespace AtcFhir.Validation.Instance;

/// <summary>One validation of one document: what the rules share while they walk. It serves one call, on one thread, and after that the next one there.</summary>
internal sealed class Run
{
    /// <summary>Larger memos of a run are not held on to.</summary>
    private const int KeptAtMost = 512;

    [ThreadStatic]
    private static Run? idle;

    private Dictionary<long, bool?>? verdicts;
    private HashSet<long>? reported;
    private HashSet<string>? unknownSystems;
    private string? lastUnknownSystem;
    private Dictionary<ResourceDocument, Run>? others;
    private ProfileWalk? profileWalk;
    private FhirPathContext? context;
    private readonly ReferenceIndex references = new();
    private readonly Stack<NodesByText> idleTexts = new();
    private bool isIndexed;

    private Run(Validator validator)
    {
        Validator = validator;
        Document = null!;
        Request = ValidateRequest.Default;
        Findings = new Findings();
        Bindings = new BindingCheck(this);
        ReferenceRules = new ReferenceCheck(this);
        ElementIds = new ElementIdCheck(this);
    }

    /// <summary>The idle run of the thread, or a new one when that serves another validator or is busy (a caller's delegate may validate too).</summary>
    public static Run Start(Validator validator, ResourceDocument document, ValidateRequest request)
    {
        var run = idle is { } kept && ReferenceEquals(kept.Validator, validator) ? kept : new Run(validator);
        idle = null;
        run.Begin(document, request);
        return run;
    }

    /// <summary>A run of its own for one document, which is not given back.</summary>
    public static Run Lasting(Validator validator, ResourceDocument document)
    {
        var run = new Run(validator);
        run.Begin(document, ValidateRequest.Default);
        return run;
    }

    private void Begin(ResourceDocument document, ValidateRequest request)
    {
        (Document, Request) = (document, request);
        Remote = request.Answers is { } answers ? new RemoteCodes(answers) : null;
        Findings.Begin(request);
    }

    /// <summary>Gives it back; nothing of the document stays referenced.</summary>
    public void End()
    {
        (Document, Request, Remote, isIndexed, others) = (null!, ValidateRequest.Default, null, false, null);
        references.End();
        ElementIds.End();
        Findings.Begin(Request);
        Bindings.End();
        if (verdicts is { Count: > KeptAtMost } || reported is { Count: > KeptAtMost })
        {
            (verdicts, reported) = (null, null);
        }

        unknownSystems = unknownSystems is { Count: > KeptAtMost } ? null : unknownSystems;
        verdicts?.Clear();
        reported?.Clear();
        unknownSystems?.Clear();
        lastUnknownSystem = null;
        idle = this;
    }

    public Validator Validator { get; }

    public ResourceDocument Document { get; private set; }

    public ValidateRequest Request { get; private set; }

    public Findings Findings { get; }

    public ProfileWalk Profile => profileWalk ??= new ProfileWalk(this);

    public BindingCheck Bindings { get; }

    /// <summary>The answers of a terminology server; null when none is asked.</summary>
    public RemoteCodes? Remote { get; private set; }

    public ReferenceCheck ReferenceRules { get; }

    public ElementIdCheck ElementIds { get; }

    public CompiledProfiles Profiles => Validator.Profiles;

    public TerminologyService Terminology => Validator.Terminology;

    public ReferenceIndex References
    {
        get
        {
            if (!isIndexed)
            {
                isIndexed = true;
                references.Begin(Document, Request.Resolve);
            }

            return references;
        }
    }

    /// <summary>An empty one, to be given back.</summary>
    public NodesByText RentTexts() => idleTexts.TryPop(out var idle) ? idle : new NodesByText();

    public void Return(NodesByText texts)
    {
        texts.Clear();
        idleTexts.Push(texts);
    }

    public FhirPathContext FhirPath => context ??= new FhirPathContext
    {
        Resolve = (reference, from) => References.Resolve(reference, from) is { Exists: true } target ? target : null,
        MemberOf = MemberOf,
        ConformsTo = (canonical, node) => Conforms(node, canonical),
        Subsumes = Terminology.Subsumes,
        Time = Validator.Time,
    };

    /// <summary>The same with %extension, for context invariants.</summary>
    public FhirPathContext FhirPathWithExtension(Node extension) => new()
    {
        Resolve = FhirPath.Resolve,
        MemberOf = MemberOf,
        ConformsTo = FhirPath.ConformsTo,
        Subsumes = Terminology.Subsumes,
        Time = Validator.Time,
        Variables = new Dictionary<string, FhirPathCollection>(StringComparer.Ordinal) { ["extension"] = new FhirPathCollection(extension) },
    };

    /// <summary>True the first time that this document has a code of the system, which cannot be checked; inside a trial nothing is said.</summary>
    public bool SaysFirst(string system)
    {
        // Mostly it is the same system again.
        if (Findings.IsSilent || system == lastUnknownSystem)
        {
            return false;
        }

        lastUnknownSystem = system;
        return (unknownSystems ??= new(StringComparer.Ordinal)).Add(system);
    }

    /// <summary>Checks the node against the profile and reports, once for each pair however many ways lead there.</summary>
    public void Check(Node node, CompiledProfile profile)
    {
        if (profile.Root is not { } root || (!Findings.IsSilent && !(reported ??= []).Add(Pair(node, profile))))
        {
            return;
        }

        if (Findings.IsSilent)
        {
            // Inside a trial the verdict is all that counts, and it may be known.
            if (Conforms(node, profile, out var reason) == false)
            {
                Findings.Add(Rules.TypeProfile, node, reason ?? "It does not conform.");
            }

            return;
        }

        Profile.Check(node, root);
    }

    /// <summary>Does the node conform? Null when the profile is not known. What a trial finds is not reported.</summary>
    public bool? Conforms(Node node, string canonical)
    {
        if (BaseSnapshots.TypeOf(canonical) is { } type)
        {
            return node.Type.Is(type);
        }

        return Profiles.Find(canonical) is { } profile ? Conforms(node, profile, out _) : null;
    }

    public bool? Conforms(Node node, CompiledProfile profile, out string? reason)
    {
        reason = null;
        if (!ReferenceEquals(node.Document, Document))
        {
            others ??= new Dictionary<ResourceDocument, Run>(ReferenceEqualityComparer.Instance) { [Document] = this };
            if (!others.TryGetValue(node.Document, out var other))
            {
                others[node.Document] = other = new Run(Validator) { others = others };
                other.Begin(node.Document, Request);
            }

            return other.Conforms(node, profile, out reason);
        }

        if (profile.Root is not { } root)
        {
            return null;
        }

        if (profile.Type is { } type && !node.Type.Is(type))
        {
            reason = $"It is a {node.Type.Name}, not a {type.Name}.";
            return false;
        }

        // A pair that is being looked at counts as conforming: a circle ends there.
        verdicts ??= [];
        var key = Pair(node, profile);
        if (verdicts.TryGetValue(key, out var verdict))
        {
            return verdict;
        }

        verdicts[key] = true;
        var before = Findings.BeginTrial();
        Profile.Check(node, root);
        reason = Findings.FirstReason;
        var passed = Findings.EndTrial(before);
        verdicts[key] = passed;
        return passed;
    }

    private static long Pair(Node node, CompiledProfile profile) => ((long)node.Index << 32) | (uint)profile.Ordinal;

    private bool? MemberOf(string valueSet, FhirPathItem item)
    {
        var membership = item.IsNode ? Bindings.Contains(valueSet, item.Node, out _)
            : item.Kind == FhirPathKind.String && Terminology.ValueSet(valueSet) is { } set ? set.Contains(default, default, item.ToString())
            : Membership.NotChecked;
        return membership switch { Membership.In => true, Membership.NotIn => false, _ => null };
    }
}
