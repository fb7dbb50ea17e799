using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.Validation.Conformance;
using AtcFhir.Validation.Profiles;

namespace AtcFhir.Validation.Instance;

/// <summary>What sort of extra look a type needs in the base walk.</summary>
internal enum SpecialType : byte
{
    None,
    Resource,
    Extension,
    Reference,
    Coding,
    Quantity,
    Xhtml,
    Text,
    Uri,
    Attachment,
    Identifier,
}

/// <summary>Of one type, for the walk.</summary>
internal struct TypeMarks
{
    /// <summary>One bit, by ordinal, for each element that has rules, and for Element.id.</summary>
    public ulong Elements;

    /// <summary>True when it is known that there is nothing to check on a node of the type itself.</summary>
    public bool IsQuiet;

    /// <summary>True when that is known of its plain texts.</summary>
    public bool AreTextsQuiet;
}

/// <summary>The rules of the base definitions that the parser does not check, prepared once for the process.</summary>
internal sealed class BaseRules
{
    private static readonly BaseRules?[] Made = new BaseRules?[R4Definitions.Types.Count];
    private static readonly TypeMarks[] Marks = new TypeMarks[R4Definitions.Types.Count];

    /// <summary>Made when a type is first met: a resource has few of the seven hundred.</summary>
    public static BaseRules Of(int typeOrdinal) => Volatile.Read(ref Made[typeOrdinal]) ?? Make(typeOrdinal);

    /// <summary>The bits of those elements of a type whose nodes the walk has to look at; the type has been met before, since the parent comes first.</summary>
    public static ulong ElementsWithWork(int typeOrdinal) => Marks[typeOrdinal].Elements;

    /// <summary>Is there something to look at on the node because of its type? Also true of a type that is met for the first time.</summary>
    public static bool HasWorkOf(in TapeRow row) => !Volatile.Read(ref row.IsPlainText ? ref Marks[row.Type].AreTextsQuiet : ref Marks[row.Type].IsQuiet);

    // Two threads may do it at once; both make the same.
    private static BaseRules Make(int typeOrdinal)
    {
        var made = new BaseRules(R4Definitions.Types[typeOrdinal]);
        var withRules = made.HasOwnContent || made.IdOrdinal < 0 ? 0UL : 1UL << made.IdOrdinal;
        for (var ordinal = 0; ordinal < made.Elements.Length; ordinal++)
        {
            withRules |= made.Elements[ordinal].IsEmpty ? 0 : 1UL << ordinal;
        }

        // In this order: who sees the rules, or a quiet type, must see all the bits.
        Marks[typeOrdinal].Elements = withRules;
        Volatile.Write(ref Made[typeOrdinal], made);
        Volatile.Write(ref Marks[typeOrdinal].AreTextsQuiet, !made.HasInvariants && made.Special is SpecialType.None or SpecialType.Text);
        Volatile.Write(ref Marks[typeOrdinal].IsQuiet, !made.HasInvariants && made.Special == SpecialType.None);
        return made;
    }

    private BaseRules(TypeSchema type)
    {
        Special = SpecialOf(type);
        HasOwnContent = type.IsResource;
        IdOrdinal = type.Find("id")?.Ordinal ?? -1;
        Invariants = [.. type.Constraints.Where(constraint => !NativeInvariants.Covers(constraint)).Select(constraint => InvariantRule.Of(constraint, type))];
        Native = NativeInvariants.Of(type);
        Coded = CodedElements.Of(type);
        Elements = [.. type.Elements.Select(element => new BaseElementRules(element))];
        MetaAndContained = type.IsResource ? Bit(type, "meta") | Bit(type, "contained") : 0;
    }

    public SpecialType Special { get; }

    public CodedElements Coded { get; }

    public InvariantRule[] Invariants { get; }

    /// <summary>Hand-written forms of frequent invariants.</summary>
    public NativeInvariant[] Native { get; }

    /// <summary>By ordinal.</summary>
    public BaseElementRules[] Elements { get; }

    public bool HasInvariants => Invariants.Length > 0 || Native.Length > 0;

    /// <summary>True of resources: their content is not asked for by ele-1.</summary>
    public bool HasOwnContent { get; }

    /// <summary>Ordinal of Element.id.</summary>
    public int IdOrdinal { get; }

    /// <summary>Of a resource the bits of the two elements that say more of it as a whole.</summary>
    public ulong MetaAndContained { get; }

    private static ulong Bit(TypeSchema type, string name) => type.Find(name) is { } element ? 1UL << element.Ordinal : 0;

    private static SpecialType SpecialOf(TypeSchema type) => type switch
    {
        { IsResource: true } => SpecialType.Resource,
        { Name: "Extension" } => SpecialType.Extension,
        { Name: "Reference" } => SpecialType.Reference,
        { Name: "Coding" } => SpecialType.Coding,
        { Name: "Quantity" or "Age" or "Duration" or "Count" or "Distance" } => SpecialType.Quantity,
        { Name: "xhtml" } => SpecialType.Xhtml,
        { Name: "string" or "markdown" } => SpecialType.Text,
        { Name: "uri" or "url" or "canonical" or "oid" or "uuid" } => SpecialType.Uri,
        { Name: "Attachment" } => SpecialType.Attachment,
        { Name: "Identifier" } => SpecialType.Identifier,
        _ => SpecialType.None,
    };
}

/// <summary>The rules of one element of a type.</summary>
internal sealed class BaseElementRules
{
    public BaseElementRules(ElementSchema element)
    {
        var onlyType = element.Types.Count == 1 ? element.Types[0].Type : null;
        Invariants = [.. element.Constraints.Where(constraint => !NativeInvariants.IsElsewhere(constraint)).Select(constraint => InvariantRule.Of(constraint, onlyType))];
        TargetTypes = [.. element.Types.SelectMany(type => type.TargetProfiles).Select(BaseSnapshots.TypeOf).OfType<TypeSchema>().Where(type => type.Name != "Resource").Distinct()];
        Profiles = [.. element.Types.SelectMany(type => type.Profiles)];
        Where = "R4 " + element.Path;
        TakesSystemTypes = element.Path == "ElementDefinition.type.code";
        IsExpression = ExpressionCheck.IsPlace(element);
        if (element.Binding is { ValueSet: not null } binding && (binding.Strength <= BindingStrength.Extensible || binding.MaxValueSet is not null)
            && !(binding is { Strength: BindingStrength.Required, Codes: not null } && onlyType is { Name: "code" }))
        {
            Binding = new BindingModel(binding.Strength, binding.ValueSet, binding.MaxValueSet);
        }
    }

    public InvariantRule[] Invariants { get; }

    /// <summary>Null where the parser has checked the codes, or nothing binds.</summary>
    public BindingModel? Binding { get; }

    /// <summary>Empty for any.</summary>
    public TypeSchema[] TargetTypes { get; }

    /// <summary>SimpleQuantity and the like.</summary>
    public string[] Profiles { get; }

    /// <summary>"R4 Observation.code", for diagnostics.</summary>
    public string Where { get; }

    /// <summary>R4's own snapshots have types of FHIRPath there, which its value set does not list.</summary>
    public bool TakesSystemTypes { get; }

    /// <summary>The text may be FHIRPath.</summary>
    public bool IsExpression { get; }

    public bool IsEmpty => Invariants.Length == 0 && Binding is null && TargetTypes.Length == 0 && Profiles.Length == 0 && !IsExpression;
}
