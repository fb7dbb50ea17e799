namespace AtcFhir.R4.Definitions;

/// <summary>What kind of type a schema describes.</summary>
public enum TypeKind
{
    Primitive,
    /// <summary>A data type with children, such as Quantity or Extension.</summary>
    Complex,
    /// <summary>An element that a resource or data type defines in place, such as Observation.component.</summary>
    Backbone,
    Resource,
}

/// <summary>The primitive data types of R4. <see href="https://hl7.org/fhir/R4/datatypes.html#primitive"/></summary>
public enum PrimitiveKind : byte
{
    None,
    Boolean,
    Integer,
    UnsignedInt,
    PositiveInt,
    Decimal,
    String,
    Code,
    Id,
    Markdown,
    Uri,
    Url,
    Canonical,
    Oid,
    Uuid,
    Base64Binary,
    Date,
    DateTime,
    Instant,
    Time,
    Xhtml,
}

/// <summary>
/// One type of R4 as the parser, FHIRPath and the validator need it: its elements in definition order (inherited ones first)
/// and its invariants. There is one instance a type for the whole process; compare by reference.
/// <see href="https://hl7.org/fhir/R4/structuredefinition.html"/>
/// </summary>
public sealed class TypeSchema
{
    internal TypeSchema(string name, TypeKind kind, PrimitiveKind primitive, bool isAbstract, int ordinal)
        => (Name, Kind, Primitive, IsAbstract, Ordinal) = (name, kind, primitive, isAbstract, ordinal);

    /// <summary>"Observation", "Quantity", "code"; for a backbone its path, "Observation.component".</summary>
    public string Name { get; }

    public TypeKind Kind { get; }

    public PrimitiveKind Primitive { get; }

    public bool IsAbstract { get; }

    public bool IsResource => Kind == TypeKind.Resource;

    public bool IsPrimitive => Kind == TypeKind.Primitive;

    /// <summary>Dense number of the type in <see cref="R4Definitions.Types"/>.</summary>
    public int Ordinal { get; }

    /// <summary>The type that it specialises: DomainResource of Observation, Element of Quantity, BackboneElement of a backbone of a resource; null of Element and Resource.</summary>
    public TypeSchema? Base { get; internal set; }

    /// <summary>All elements, inherited ones included, in the order of the definition. Of a primitive: id and extension only (its value is the JSON value itself).</summary>
    public IReadOnlyList<ElementSchema> Elements
    {
        get => ElementArray;
        internal set => ElementArray = value as ElementSchema[] ?? [.. value];
    }

    /// <summary>The same without the cost of an interface, for those who ask at every node.</summary>
    internal ElementSchema[] ElementArray { get; private set; } = [];

    /// <summary>Invariants that stand on the root of the type, inherited ones included.</summary>
    public IReadOnlyList<Constraint> Constraints { get; internal set; } = [];

    /// <summary>True for this type and for each type that specialises it.</summary>
    public bool Is(TypeSchema other)
    {
        for (var type = this; type is not null; type = type.Base)
        {
            if (ReferenceEquals(type, other))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The element of that FHIR name ("value" for value[x]), or null.</summary>
    public ElementSchema? Find(string name)
    {
        foreach (var element in Elements)
        {
            if (element.Name == name)
            {
                return element;
            }
        }

        return null;
    }

    public override string ToString() => Name;
}

/// <summary>One element of a type. <see href="https://hl7.org/fhir/R4/elementdefinition.html"/></summary>
public sealed class ElementSchema
{
    /// <summary>The FHIR and FHIRPath name: "status"; "value" of the choice value[x].</summary>
    public required string Name { get; init; }

    /// <summary>"Observation.value[x]".</summary>
    public required string Path { get; init; }

    public required int Min { get; init; }

    /// <summary><see cref="int.MaxValue"/> for *.</summary>
    public required int Max { get; init; }

    public bool IsList => Max > 1;

    public required bool IsChoice { get; init; }

    public required bool IsModifier { get; init; }

    public required bool IsSummary { get; init; }

    /// <summary>Position in <see cref="TypeSchema.Elements"/> of the type that was asked; inherited elements keep theirs in every descendant.</summary>
    public required int Ordinal { get; init; }

    /// <summary>The allowed types, one unless it is a choice. Of a resource-valued element (contained, Bundle.entry.resource) the abstract Resource.</summary>
    public IReadOnlyList<ElementType> Types { get; internal set; } = [];

    public Binding? Binding { get; init; }

    /// <summary>Invariants that stand on the element itself, besides those of its type.</summary>
    public IReadOnlyList<Constraint> Constraints { get; init; } = [];

    /// <summary>The JSON property names: "status"; of a choice one a type, "valueQuantity", in the order of <see cref="Types"/>.</summary>
    public IReadOnlyList<string> JsonNames { get; internal set; } = [];

    public override string ToString() => Path;
}

/// <summary>One allowed type of an element, with the profiles and reference targets that the definition names (canonical URLs).</summary>
public sealed record ElementType(TypeSchema Type, IReadOnlyList<string> Profiles, IReadOnlyList<string> TargetProfiles);

/// <summary>How strictly a value set binds. <see href="https://hl7.org/fhir/R4/terminologies.html#strength"/></summary>
public enum BindingStrength
{
    Required,
    Extensible,
    Preferred,
    Example,
}

/// <summary>A binding of a coded element to a value set.</summary>
/// <param name="ValueSet">Canonical as written, perhaps with |version.</param>
/// <param name="Codes">For a required binding of a code element whose value set is enumerable: the allowed codes; otherwise null.</param>
public sealed record Binding(BindingStrength Strength, string? ValueSet, IReadOnlyList<string>? Codes, string? MaxValueSet);

/// <summary>An invariant. <see href="https://hl7.org/fhir/R4/conformance-rules.html#constraints"/></summary>
public sealed record Constraint(string Key, bool IsError, string Human, string Expression);
