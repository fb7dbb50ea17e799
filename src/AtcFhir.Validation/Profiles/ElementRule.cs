using System.Text.RegularExpressions;
using AtcFhir.R4.Definitions;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Validation.Profiles;

/// <summary>A profile as rules: what it demands beyond the base definition of its type. Immutable once it is compiled.</summary>
internal sealed class CompiledProfile(StructureModel structure, int ordinal)
{
    public StructureModel Structure { get; } = structure;

    /// <summary>True of the definition of a base type, which is no profile.</summary>
    public bool IsBase { get; } = BaseSnapshots.TypeOf(structure.Url) is not null;

    /// <summary>Dense number, for the memo of a run.</summary>
    public int Ordinal { get; } = ordinal;

    /// <summary>The R4 type that it constrains; null of a logical model.</summary>
    public TypeSchema? Type { get; set; }

    /// <summary>Null when the profile cannot be used at all.</summary>
    public ElementRule? Root { get; set; }

    public List<ProfileProblem> Problems { get; } = [];

    /// <summary>True when an element of the profile, or the profile itself, marks it as a modifier extension.</summary>
    public bool IsModifierExtension { get; set; }

    public override string ToString() => Structure.Canonical;
}

/// <summary>Something that is wrong with a profile, or not supported.</summary>
internal sealed record ProfileProblem(ValidationRule Rule, string ElementId, string Text)
{
    /// <summary>True when something that the profile demands is not checked because of it; each outcome then says so.</summary>
    public bool LeavesUnchecked => Rule == Rules.LintPath || Rule == Rules.LintDiscriminator || Rule == Rules.LintInvariant || Rule == Rules.LintValueSet || Rule == Rules.LintProfile;
}

/// <summary>The kinds of demands that there are in a rule.</summary>
[Flags]
internal enum RuleParts : byte
{
    None = 0,
    Types = 1,
    Value = 2,
    Narrative = 4,
    Binding = 8,
    Invariants = 16,
    Children = 32,
    Unknown = 255,
}

/// <summary>What a profile demands of the occurrences of one element (or of one slice of it). Empty lists and nulls demand nothing.</summary>
internal sealed class ElementRule
{
    private RuleParts parts = RuleParts.Unknown;

    public required string Id { get; init; }

    public required CompiledProfile Profile { get; init; }

    /// <summary>Canonical and element id, for diagnostics.</summary>
    public string Where => field ??= $"{Profile.Structure.Canonical} {Id}";

    /// <summary>The allowed types, when they are fewer than in the base or have profiles.</summary>
    public TypeRule[] Types { get; set; } = [];

    public Constant? Fixed { get; set; }

    public Constant? Pattern { get; set; }

    public ExpectedValue? MinValue { get; set; }

    public ExpectedValue? MaxValue { get; set; }

    /// <summary>The minimum as a time before now, where a date may stand.</summary>
    public RelativeLimit? Earliest { get; set; }

    /// <summary>The maximum as a time after now, where a date may stand.</summary>
    public RelativeLimit? Latest { get; set; }

    public int? MinLength { get; set; }

    public int? MaxLength { get; set; }

    public int? MaxDecimalPlaces { get; set; }

    public Regex? Regex { get; set; }

    public BindingModel? Binding { get; set; }

    public bool MustHaveValue { get; set; }

    public IReadOnlyList<string> ValueAlternatives { get; set; } = [];

    public IReadOnlyList<string> NarrativeLanguages { get; set; } = [];

    public InvariantRule[] Invariants { get; set; } = [];

    public ChildGroup[] Children { get; set; } = [];

    /// <summary>True when there is nothing to check on the element itself or below. Asked while the profile is being compiled, too.</summary>
    public bool IsEmpty => WhatThereIs() == RuleParts.None;

    /// <summary>What there is to check, told once: asked from when the profile is compiled.</summary>
    public RuleParts Parts => parts is var known and not RuleParts.Unknown ? known : parts = WhatThereIs();

    /// <summary>The children code or coding that are demanded, whose absence says more than a binding could.</summary>
    public ChildGroup[] DemandedCodes => field ??= Binding is null ? [] : [.. Children.Where(group => group.Name is "code" or "coding" && (group.Min > 0 || group.Slicing?.DemandsSlice == true))];

    private RuleParts WhatThereIs()
        => (Types.Length > 0 ? RuleParts.Types : 0) | (RestrictsValue() ? RuleParts.Value : 0) | (NarrativeLanguages.Count > 0 ? RuleParts.Narrative : 0)
            | (Binding is not null ? RuleParts.Binding : 0) | (Invariants.Length > 0 ? RuleParts.Invariants : 0) | (Children.Length > 0 ? RuleParts.Children : 0);

    /// <summary>True when there is something for <see cref="Instance.ValueCheck"/> to do.</summary>
    private bool RestrictsValue() => Fixed is not null || Pattern is not null || MinValue is not null || MaxValue is not null || MinLength is not null
        || MaxLength is not null || MaxDecimalPlaces is not null || Regex is not null || MustHaveValue || ValueAlternatives.Count > 0;

    public override string ToString() => Id;
}

/// <summary>One allowed type of an element.</summary>
/// <param name="Type">Null of a type that R4 does not have.</param>
/// <param name="Profiles">The value conforms to at least one of them, if there are any.</param>
internal sealed record TypeRule(string Code, TypeSchema? Type, string[] Profiles, ReferenceRule? Reference)
{
    private CompiledProfile? only;

    /// <summary>The first of the profiles, looked up once; null when it is not known.</summary>
    public CompiledProfile? Only(CompiledProfiles profiles) => only ??= profiles.Find(Profiles[0]);
}

/// <summary>What a Reference or canonical may point to.</summary>
internal sealed record ReferenceRule(string[] TargetProfiles, string[] Aggregation, string? Versioning)
{
    /// <summary>For each of the target profiles that is a base type, that type; null for a real profile.</summary>
    public TypeSchema?[] BaseTypes { get; } = [.. TargetProfiles.Select(BaseSnapshots.TypeOf)];

    private readonly CompiledProfile?[] targets = new CompiledProfile?[TargetProfiles.Length];

    /// <summary>The target profile of that index, looked up once; null when it is not known.</summary>
    public CompiledProfile? Target(int index, CompiledProfiles profiles) => targets[index] ??= profiles.Find(TargetProfiles[index]);
}

/// <summary>The occurrences of one element below a node.</summary>
internal sealed class ChildGroup
{
    /// <summary>FHIRPath name: "value".</summary>
    public required string Name { get; init; }

    public ElementSchema? Element { get; init; }

    /// <summary>0 where the base demands as much already.</summary>
    public required int Min { get; init; }

    /// <summary><see cref="int.MaxValue"/> where the base allows no more.</summary>
    public required int Max { get; init; }

    /// <summary>Applies to every occurrence, in whatever slice.</summary>
    public required ElementRule Rule { get; init; }

    public SlicingRule? Slicing { get; set; }

    /// <summary>The bit of the element in what <see cref="R4.Documents.Node.PresentElements"/> gives; 0 of an element that is not known.</summary>
    public ulong Bit { get; private set; }

    /// <summary>True when nothing is to be said of a node that has no such element. Until the group is completed each node is looked at.</summary>
    public bool MayBeAbsent { get; private set; }

    /// <summary>Called when the slices are compiled.</summary>
    public void Complete()
    {
        Bit = Element is null ? 0 : 1UL << Element.Ordinal;
        MayBeAbsent = Element is not null && Min == 0 && Slicing?.DemandsAny != true;
    }
}

/// <summary>How the occurrences of an element fall into slices.</summary>
internal sealed class SlicingRule
{
    private bool? demandsAny;
    private SliceTexts? texts;

    public required SlicingModel Model { get; init; }

    public required SliceRule[] Slices { get; init; }

    /// <summary>The slice @default: what matches no other slice.</summary>
    public SliceRule? Default { get; init; }

    /// <summary>False when no occurrence at all is fine as well.</summary>
    public bool DemandsAny => demandsAny ??= Default is { Min: > 0 } || DemandsSlice;

    public bool DemandsSlice => Array.Exists(Slices, slice => slice.Min > 0);

    /// <summary>Null where the slices are told by more than one text.</summary>
    public SliceTexts? Texts => (texts ??= SliceTexts.Of(Slices)) is { IsNone: false } known ? known : null;
}

/// <summary>One slice: how its members are told, how many there may be, and what they must be.</summary>
internal sealed class SliceRule
{
    public required string Name { get; init; }

    public required int Min { get; init; }

    public required int Max { get; init; }

    public required ElementRule Rule { get; init; }

    /// <summary>All must hold. Empty: a member is what satisfies <see cref="Rule"/>.</summary>
    public required Criterion[] Criteria { get; init; }

    /// <summary>The slices within this slice.</summary>
    public SlicingRule? Reslicing { get; init; }
}
