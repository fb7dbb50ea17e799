using AtcFhir.R4.Definitions;
using AtcFhir.R4.Values;
using AtcFhir.Store.Extraction;
using AtcFhir.Store.Sqlite.Searching;
using AtcFhir.Store.Values;

namespace AtcFhir.Store.Search;

/// <summary>
/// Conditions on the index rows of one resource, in memory: what <see cref="RowTestBuilder"/> asks the database, for resources that are in no index. That both
/// say the same of every resource is a test.
/// </summary>
internal sealed class RowMatcher(IReadOnlyList<SearchRow> rows, Uri? baseUrl, DateTimeOffset now)
{
    public bool Matches(ValueCriterion criterion)
        => criterion.AnyOf.Any(operand => operand is CompositeOperand composite ? Composite(criterion.Parameters, composite) : Any(criterion.Parameters, operand)) != criterion.IsNegated;

    public bool Has(IReadOnlyList<SearchParameter> parameters)
        => parameters.SelectMany(parameter => parameter.Sources).Any(source => rows.Any(row => Same(row.Path, source.Path) && IsOf(row, source.TargetType)));

    private bool Any(IReadOnlyList<SearchParameter> parameters, Operand operand)
    {
        operand = ImpliedSystem.Resolve(RowTestBuilder.PathsOf(parameters), operand);
        return parameters.SelectMany(parameter => parameter.Sources, (parameter, source) => (parameter, source)).Any(pair => rows.Any(row => operand switch
        {
            ReferenceIdentifierOperand { Identifier: var identifier } => Same(row.Path, pair.source.Path.Identifiers!) && Matches(row, identifier),
            IdentifierTypeOperand { Type: var type } => Same(row.Path, pair.source.Path.IdentifierTypes!) && Matches(row, type),
            ReferenceOperand reference => Same(row.Path, pair.source.Path) && IsOf(row, pair.source.TargetType) && Matches((ReferenceRow)row, reference, pair.parameter.Definition.Targets),
            _ => Same(row.Path, pair.source.Path) && Matches(row, operand),
        }));
    }

    private bool Composite(IReadOnlyList<SearchParameter> parameters, CompositeOperand operand) => parameters.SelectMany(parameter => parameter.Composites).Any(branch =>
    {
        var parts = branch.Components.Zip(operand.Parts, (component, part) => (component, Groups: Groups(component, ImpliedSystem.Resolve(component.Paths, part)).ToHashSet())).ToList();
        var grouped = branch.IsSameElement ? parts.Where(part => part.component.IsGrouped).Select(part => part.Groups).ToList() : [];
        return parts.TrueForAll(part => part.Groups.Count > 0) && (grouped.Count == 0 || grouped[0].Any(group => grouped.TrueForAll(groups => groups.Contains(group))));
    });

    private IEnumerable<int> Groups(CompositeComponent component, Operand part) => rows.Where(row => component.Paths.Any(path => Same(row.Path, path)) && Matches(row, part)).Select(row => row.Group);

    /// <summary>By name: the parameters may have been compiled anew since the query was read.</summary>
    public static bool Same(IndexedPath one, IndexedPath other) => ReferenceEquals(one, other) || one.Key == other.Key;

    private static bool IsOf(SearchRow row, string? targetType) => targetType is null || row is ReferenceRow reference && reference.Type == targetType;

    private bool Matches(SearchRow row, Operand operand) => (row, operand) switch
    {
        (_, UnequalOperand unequal) => !Matches(row, unequal.Other),
        (TokenRow token, TokenOperand wanted) => (wanted.Code is null || token.Code == wanted.Code) && (wanted.System is null || token.System == wanted.System),
        (TokenRow token, TokenTextOperand wanted) => token.Text is { } text && (text.StartsWith(wanted.Text, StringComparison.Ordinal) || text.Contains("\n" + wanted.Text, StringComparison.Ordinal)),
        (TokenRow token, PartOperand part) => Matches(token.Code, part),
        (UriRow uri, PartOperand part) => Matches(uri.Uri, part),
        (UriRow uri, UriOperand wanted) => Matches(uri.Uri, wanted),
        (StringRow text, StringOperand wanted) => Matches(text, wanted),
        (DateRow date, DateOperand wanted) => Matches(date.From, date.To, wanted),
        (NumberRow number, NumberOperand wanted) => Matches(number.Key, wanted.Comparison, wanted.Range),
        (QuantityRow quantity, QuantityOperand wanted) => Matches(quantity, wanted),
        (ReferenceRow reference, ReferenceOperand wanted) => Matches(reference, wanted, null),
        (ReferenceRow reference, CanonicalOperand { Canonical: var below }) => reference.Type.Length == 0 && reference.Id == below.Id
            && (below.Version.Length == 0 || reference.Version == below.Version || reference.Version.StartsWith(below.Version + ".", StringComparison.Ordinal)),
        _ => false,
    };

    /// <param name="targets">The types that an id without a type may be of; null for all.</param>
    private bool Matches(ReferenceRow row, ReferenceOperand operand, IReadOnlyList<string>? targets)
    {
        if (operand.Type is { } given)
        {
            return row.Type == given && row.Id == (operand.Text.StartsWith(given + "/", StringComparison.Ordinal) ? operand.Text[(given.Length + 1)..] : operand.Text);
        }

        var target = operand.Text.Contains('|', StringComparison.Ordinal) ? LocalReference.OfCanonical(operand.Text, baseUrl) : LocalReference.Of(operand.Text, baseUrl);
        var isType = target.Type.Length > 0 ? row.Type == target.Type
            : target.Id.Contains(':', StringComparison.Ordinal) ? row.Type.Length == 0
            : targets is null || row.Type.Length == 0 || targets.Contains(row.Type);
        return isType && row.Id == target.Id && (targets is null || target.Version.Length == 0 || row.Version == target.Version);
    }

    private static bool Matches(string text, PartOperand part) => part.Match switch
    {
        TextMatch.Contains => text.Contains(part.Text, StringComparison.Ordinal),
        TextMatch.EndsWith => text.EndsWith(part.Text, StringComparison.Ordinal),
        _ => text.StartsWith(part.Text, StringComparison.Ordinal),
    };

    private static bool Matches(string uri, UriOperand wanted) => wanted.Match switch
    {
        UriMatch.Below => uri.StartsWith(wanted.Uri, StringComparison.Ordinal) && !IsUrn(uri),
        UriMatch.Above => wanted.Uri.StartsWith(uri, StringComparison.Ordinal) && !IsUrn(uri),
        _ => uri == wanted.Uri,
    };

    private static bool IsUrn(string uri) => uri.StartsWith("urn:", StringComparison.OrdinalIgnoreCase);

    private static bool Matches(StringRow row, StringOperand operand)
    {
        var folded = SearchText.Fold(operand.Text);
        return operand.Match switch
        {
            TextMatch.Exact => row.Folded == folded && row.Exact == (folded == operand.Text ? "" : operand.Text),
            TextMatch.Contains => row.Folded.Contains(folded, StringComparison.Ordinal),
            TextMatch.Equal => row.Folded == folded,
            TextMatch.EndsWith => row.Folded.EndsWith(folded, StringComparison.Ordinal),
            _ => row.Folded.StartsWith(folded, StringComparison.Ordinal),
        };
    }

    /// <summary>Whether an instant is one that is looked for.</summary>
    public bool IsWithin(long ticks, DateOperand operand) => Matches(ticks, ticks + 1, operand);

    private bool Matches(long start, long end, DateOperand operand)
    {
        var (from, to) = (operand.Range.From, operand.Range.To);
        switch (operand.Comparison)
        {
            case Comparison.Equal:
                return start >= from && end <= to;
            case Comparison.NotEqual:
                return !(start >= from && end <= to);
            case Comparison.Greater:
                return end > to;
            case Comparison.Less:
                return start < from;
            case Comparison.GreaterOrEqual:
                return end > to || start >= from;
            case Comparison.LessOrEqual:
                return start < from || end <= to;
            case Comparison.StartsAfter:
                return start >= to;
            case Comparison.EndsBefore:
                return end <= from;
            case Comparison.Overlaps:
                return start < to && end > from;
            default:
                var widened = operand.Range.Widen(Math.Abs(now.UtcTicks - from) / 10);
                return start < widened.To && end > widened.From;
        }
    }

    private static bool Matches(byte[] key, Comparison comparison, NumberRange range)
    {
        int To(FhirDecimal number) => key.AsSpan().SequenceCompareTo(DecimalKey.Of(number));
        switch (comparison)
        {
            case Comparison.Equal:
                return To(range.Low) >= 0 && To(range.High) < 0;
            case Comparison.NotEqual:
                return !(To(range.Low) >= 0 && To(range.High) < 0);
            case Comparison.Greater or Comparison.StartsAfter:
                return To(range.Value) > 0;
            case Comparison.Less or Comparison.EndsBefore:
                return To(range.Value) < 0;
            case Comparison.GreaterOrEqual:
                return To(range.Value) >= 0;
            case Comparison.LessOrEqual:
                return To(range.Value) <= 0;
            default:
                var about = range.Approximately();
                return To(about.Low) >= 0 && To(about.High) <= 0;
        }
    }

    private static bool Matches(QuantityRow row, QuantityOperand operand)
    {
        if (operand is { System: Ucum.System, Code: { } code } && row.System == Ucum.System && row.Code != code)
        {
            return UnitConversion.Convert(operand.Range, code, row.Code) is { } converted && Matches(row.Key, operand.Comparison, converted);
        }

        return (operand.System is null || row.System == operand.System)
            && (operand.Code is null || row.Code == operand.Code || (operand.System is null && row.Unit == operand.Code))
            && Matches(row.Key, operand.Comparison, operand.Range);
    }
}
