using AtcFhir.R4.Definitions;
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
    /// <summary>One bit, by ordinal, for each element that has rules.</summary>
    public ulong Elements;

    /// <summary>Ordinal of Element.id; -1 for none.</summary>
    public short Id;

    /// <summary>False when there is nothing to check on a node of the type itself.</summary>
    public bool HasWork;

    public bool HasInvariants;
    public bool AreMade;
}

/// <summary>The rules of the base definitions that the parser does not check, prepared once for the process.</summary>
internal sealed class BaseRules
{
    private static readonly BaseRules?[] Made = new BaseRules?[R4Definitions.Types.Count];
    private static readonly TypeMarks[] Marks = new TypeMarks[R4Definitions.Types.Count];

    /// <summary>Made when a type is first met: a resource has few of the seven hundred.</summary>
    public static BaseRules Of(int typeOrdinal) => Volatile.Read(ref Made[typeOrdinal]) ?? Make(typeOrdinal);

    /// <summary>What the walk has to know of every node's type, close together: most nodes need no more.</summary>
    public static ref readonly TypeMarks MarksOf(int typeOrdinal)
    {
        ref var marks = ref Marks[typeOrdinal];
        if (!Volatile.Read(ref marks.AreMade))
        {
            Make(typeOrdinal);
        }

        return ref marks;
    }

    // Two threads may do it at once; both make the same.
    private static BaseRules Make(int typeOrdinal)
    {
        var made = new BaseRules(R4Definitions.Types[typeOrdinal]);
        Volatile.Write(ref Made[typeOrdinal], made);
        var withRules = 0UL;
        for (var ordinal = 0; ordinal < made.Elements.Length; ordinal++)
        {
            withRules |= made.Elements[ordinal].IsEmpty ? 0 : 1UL << ordinal;
        }

        // Written whole: the walk of a third thread must not see some of the bits.
        ref var marks = ref Marks[typeOrdinal];
        (marks.Elements, marks.Id, marks.HasWork, marks.HasInvariants) = (withRules, (short)made.IdOrdinal, made.HasWork, made.Invariants.Length > 0 || made.Native.Length > 0);
        Volatile.Write(ref marks.AreMade, true);
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
    }

    public SpecialType Special { get; }

    public CodedElements Coded { get; }

    public InvariantRule[] Invariants { get; }

    /// <summary>Hand-written forms of frequent invariants.</summary>
    public NativeInvariant[] Native { get; }

    /// <summary>By ordinal.</summary>
    public BaseElementRules[] Elements { get; }

    /// <summary>False when there is nothing to check on the node itself.</summary>
    public bool HasWork => Special != SpecialType.None || Invariants.Length > 0 || Native.Length > 0;

    /// <summary>True of resources: their content is not asked for by ele-1.</summary>
    public bool HasOwnContent { get; }

    /// <summary>Ordinal of Element.id.</summary>
    public int IdOrdinal { get; }

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

    public bool IsEmpty => Invariants.Length == 0 && Binding is null && TargetTypes.Length == 0 && Profiles.Length == 0;
}
