using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath;
using AtcFhir.Validation.Profiles;
using AtcFhir.Validation.Terminology;

namespace AtcFhir.Validation.Instance;

/// <summary>One validation of one document: what the rules share while they walk. Lives for one call, on one thread.</summary>
internal sealed class Run
{
    private Dictionary<(int Node, int Profile), bool?>? verdicts;
    private HashSet<(int Node, int Profile)>? reported;
    private Dictionary<ResourceDocument, Run>? others;
    private ProfileWalk? profileWalk;
    private FhirPathContext? context;
    private ReferenceIndex? references;

    public Run(Validator validator, ResourceDocument document, ValidateRequest request, Dictionary<ResourceDocument, Run>? others = null)
    {
        (Validator, Document, Request) = (validator, document, request);
        this.others = others;
        Findings = new Findings(request);
        Bindings = new BindingCheck(this);
        ReferenceRules = new ReferenceCheck(this);
    }

    public Validator Validator { get; }

    public ResourceDocument Document { get; }

    public ValidateRequest Request { get; }

    public Findings Findings { get; }

    public ProfileWalk Profile => profileWalk ??= new ProfileWalk(this);

    public BindingCheck Bindings { get; }

    public ReferenceCheck ReferenceRules { get; }

    public CompiledProfiles Profiles => Validator.Profiles;

    public TerminologyService Terminology => Validator.Terminology;

    public ReferenceIndex References => references ??= new ReferenceIndex(Document, Request.Resolve);

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

    /// <summary>Checks the node against the profile and reports, once for each pair however many ways lead there.</summary>
    public void Check(Node node, CompiledProfile profile)
    {
        if (profile.Root is not { } root || (!Findings.IsSilent && !(reported ??= []).Add((node.Index, profile.Ordinal))))
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
                others[node.Document] = other = new Run(Validator, node.Document, Request, others);
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
        var key = (node.Index, profile.Ordinal);
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

    private bool? MemberOf(string valueSet, FhirPathItem item)
    {
        if (Terminology.ValueSet(valueSet) is not { } set)
        {
            return null;
        }

        var membership = item.IsNode ? BindingCheck.Contains(set, item.Node) : item.Kind == FhirPathKind.String ? set.Contains(default, default, item.ToString()) : Membership.NotChecked;
        return membership switch { Membership.In => true, Membership.NotIn => false, _ => null };
    }
}
