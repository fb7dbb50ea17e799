using AtcFhir.Store.Values;

namespace AtcFhir.Store.Search;

/// <summary>One condition of a search; all of them must hold. Over several resource types a parameter stands here once for each type.</summary>
internal abstract record Criterion;

/// <summary>At least one of the operands must match a value of the parameter; with <paramref name="IsNegated"/> none may.</summary>
internal sealed record ValueCriterion(IReadOnlyList<SearchParameter> Parameters, IReadOnlyList<Operand> AnyOf, bool IsNegated = false) : Criterion;

/// <summary>:missing. <see href="https://hl7.org/fhir/R4/search.html#modifiers"/></summary>
internal sealed record MissingCriterion(IReadOnlyList<SearchParameter> Parameters, bool IsMissing) : Criterion;

internal sealed record IdCriterion(IReadOnlyList<string> Ids, bool IsNegated) : Criterion;

internal sealed record UpdatedCriterion(IReadOnlyList<DateOperand> AnyOf) : Criterion;

/// <summary>subject.name=…: a target of the reference fulfils the condition of its type. <see href="https://hl7.org/fhir/R4/search.html#chaining"/></summary>
internal sealed record ChainCriterion(IReadOnlyList<SearchParameter> References, IReadOnlyList<(string Type, Criterion Condition)> Targets) : Criterion;

/// <summary>_has: a resource of another type refers here and fulfils the condition. <see href="https://hl7.org/fhir/R4/search.html#has"/></summary>
internal sealed record HasCriterion(SearchParameter Reference, Criterion Condition) : Criterion;

/// <summary>The resource is of one of these types.</summary>
internal sealed record TypeCriterion(IReadOnlyList<string> Types) : Criterion;

internal sealed record AllCriterion(IReadOnlyList<Criterion> Parts) : Criterion;

internal sealed record AnyCriterion(IReadOnlyList<Criterion> Parts) : Criterion;

internal sealed record NotCriterion(Criterion Part) : Criterion;

/// <summary>The resource belongs to a <see cref="Search.Closure"/>.</summary>
internal sealed record ClosureCriterion(Closure Closure) : Criterion;

/// <summary>The prefixes of ordered values. <see href="https://hl7.org/fhir/R4/search.html#prefix"/></summary>
internal enum Comparison
{
    Equal,
    NotEqual,
    Greater,
    Less,
    GreaterOrEqual,
    LessOrEqual,
    StartsAfter,
    EndsBefore,
    Approximately,
    /// <summary>The two periods have a time in common; in _filter only.</summary>
    Overlaps,
}

/// <summary>One value that is looked for, read by the type of its parameter.</summary>
internal abstract record Operand;

/// <param name="System">Null for any, empty for none.</param>
/// <param name="Code">Folded; null for any.</param>
internal sealed record TokenOperand(string? System, string? Code) : Operand;

/// <summary>:text, folded.</summary>
internal sealed record TokenTextOperand(string Text) : Operand;

/// <summary>:ofType. The code is that of the identifier's type, a bar, and the value.</summary>
internal sealed record IdentifierTypeOperand(TokenOperand Type) : Operand;

/// <summary>reference:identifier.</summary>
internal sealed record ReferenceIdentifierOperand(TokenOperand Identifier) : Operand;

/// <param name="Text">As given: an id, type and id, or a URL.</param>
/// <param name="Type">Of the modifier, or null.</param>
internal sealed record ReferenceOperand(string Text, string? Type) : Operand;

/// <summary>reference:above and :below: the resource itself, and all that it is a part of, or that are a part of it.</summary>
/// <param name="Type">Of the whole hierarchy.</param>
/// <param name="Links">By which a resource names the one above it.</param>
internal sealed record HierarchyOperand(string Type, string Text, bool IsAbove, SearchParameter Links) : Operand;

/// <summary>canonical:below: any version that is the given one or begins with it and a dot; any at all when none is given.</summary>
internal sealed record CanonicalOperand(LocalReference Canonical) : Operand;

internal sealed record DateOperand(Comparison Comparison, TimeRange Range) : Operand;

internal enum TextMatch
{
    StartsWith,
    Exact,
    Contains,
    /// <summary>The whole text, folded; in _filter only, as the next.</summary>
    Equal,
    EndsWith,
}

internal sealed record StringOperand(string Text, TextMatch Match) : Operand;

internal sealed record NumberOperand(Comparison Comparison, NumberRange Range) : Operand;

/// <param name="System">Null for any.</param>
/// <param name="Code">Null for any; without a system it also matches the unit's display.</param>
internal sealed record QuantityOperand(Comparison Comparison, NumberRange Range, string? System, string? Code) : Operand;

internal enum UriMatch
{
    Equal,
    /// <summary>The value starts with what is given.</summary>
    Below,
    /// <summary>What is given starts with the value.</summary>
    Above,
}

internal sealed record UriOperand(string Uri, UriMatch Match) : Operand;

/// <summary>A value that is another one; in _filter only.</summary>
internal sealed record UnequalOperand(Operand Other) : Operand;

/// <summary>A part of a code or of a URI; in _filter only.</summary>
internal sealed record PartOperand(string Text, R4.Definitions.SearchParameterType Type, TextMatch Match) : Operand;

internal sealed record CompositeOperand(IReadOnlyList<Operand> Parts) : Operand;

/// <param name="Parameters">Empty for _id and _lastUpdated.</param>
internal sealed record SearchSort(string Code, IReadOnlyList<SearchParameter> Parameters, bool IsDescending);

/// <param name="SourceType">The type that refers.</param>
/// <param name="Code">Null for all references of that type.</param>
/// <param name="TargetType">Null for any.</param>
internal sealed record IncludeDirective(bool IsReverse, bool IsIterating, string SourceType, string? Code, string? TargetType);
