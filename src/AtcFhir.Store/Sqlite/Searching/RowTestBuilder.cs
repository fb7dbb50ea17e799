using AtcFhir.R4.Definitions;
using AtcFhir.R4.Values;
using AtcFhir.Store.Extraction;
using AtcFhir.Store.Search;
using AtcFhir.Store.Sql;
using AtcFhir.Store.Values;
using AtcFhir.Store.Writing;

namespace AtcFhir.Store.Sqlite.Searching;

/// <summary>Turns the operands of a condition into tests of index rows. Values are bound; numbers that the database gave out itself stand in the text.</summary>
internal sealed class RowTestBuilder(ISqlSession reader, Names names, Uri? baseUrl, DateTimeOffset now)
{
    private const string Alias = "x";
    private const string Column = "x.norm";

    public Uri? BaseUrl => baseUrl;

    /// <summary>The time of the search.</summary>
    public DateTimeOffset Now => now;

    public SqlDialect Dialect => reader.Dialect;

    /// <summary>One test for each group of operands that one condition can cover. Empty when nothing can match.</summary>
    public IReadOnlyList<RowTest> Of(ValueCriterion criterion) => Of(criterion.Parameters, criterion.AnyOf);

    public IReadOnlyList<RowTest> Of(IReadOnlyList<SearchParameter> parameters, IReadOnlyList<Operand> operands)
    {
        var tests = new List<RowTest>();
        operands = [.. operands.Select(operand => ImpliedSystem.Resolve(PathsOf(parameters), operand))];
        var tokens = operands.OfType<TokenOperand>().Where(token => token.Code is not null).ToLookup(token => token.System);
        foreach (var group in tokens)
        {
            Add(tests, Token(PathsOf(parameters), group.Key, [.. group.Select(token => token.Code!)]));
        }

        var references = operands.OfType<ReferenceOperand>().Select(reference => Resolve(parameters, reference)).ToLookup(target => (target.TypeFilter, target.Version));
        foreach (var group in references)
        {
            Add(tests, Reference(parameters, group.Key.TypeFilter, group.Key.Version, [.. group.Select(target => target.Id)]));
        }

        foreach (var operand in operands.Where(operand => operand is not (ReferenceOperand or TokenOperand { Code: not null })))
        {
            IEnumerable<Operand> same = operand is QuantityOperand quantity ? UnitConversion.Expand(reader, quantity) : [operand];
            foreach (var one in same)
            {
                Add(tests, Single(parameters, one));
            }
        }

        return tests;
    }

    /// <summary>Any row of the parameters.</summary>
    public IReadOnlyList<RowTest> Any(IReadOnlyList<SearchParameter> parameters)
    {
        if (parameters[0].Type != SearchParameterType.Reference)
        {
            return Paths(PathsOf(parameters)) is { } paths ? [new RowTest(TableOf(parameters[0].Type), new SqlText(paths), IsPoint: false)] : [];
        }

        return ReferencePaths(parameters) is { } sources ? [new RowTest(IndexTable.Reference, new SqlText(sources), IsPoint: false)] : [];
    }

    /// <summary>Codes of one patient: the pair that the compartment index keeps.</summary>
    public RowTest? PatientCode(IReadOnlyList<SearchParameter> parameters, string patient, string? system, IReadOnlyList<string> codes)
    {
        if (Paths(PathsOf(parameters)) is not { } paths)
        {
            return null;
        }

        var condition = new SqlText(paths).Add($" AND x.pat = {patient} AND ").AddAnyOf("x.code", codes.Select(Key));
        AddSystem(condition, system);
        var isOne = IsSingle(paths) && codes.Count == 1;
        return new RowTest(IndexTable.Compartment, condition, IsPoint: true, IsOrdered: isOne, IsUnique: isOne && system is not null);
    }

    /// <summary>References to one resource in some paths.</summary>
    public RowTest? Target(IReadOnlyList<IndexedPath> paths, string type, string id)
        => Paths(paths) is { } known && names.FindType(reader, type) is { } number
            ? new RowTest(IndexTable.Reference, new SqlText(known).Append($" AND x.tt = {number}").Add($" AND x.tid = {Key(id)}"), IsPoint: true, IsOrdered: IsSingle(known))
            : null;

    public string? Paths(IReadOnlyList<IndexedPath> paths, string alias = Alias)
    {
        var numbers = names.FindPaths(reader, paths).Distinct().Order().ToList();
        return numbers.Count switch
        {
            0 => null,
            1 => $"{alias}.p = {numbers[0]}",
            _ => $"{alias}.p IN ({string.Join(',', numbers)})",
        };
    }

    /// <summary>The paths of a reference parameter, each perhaps limited to one target type.</summary>
    public string? ReferencePaths(IReadOnlyList<SearchParameter> parameters, string alias = Alias)
    {
        var groups = parameters.SelectMany(parameter => parameter.Sources).GroupBy(source => source.TargetType)
            .Select(group => (Paths: Paths([.. group.Select(source => source.Path)], alias), Type: group.Key is null ? null : names.FindType(reader, group.Key), Limited: group.Key is not null))
            .Where(group => group.Paths is not null && (!group.Limited || group.Type is not null))
            .Select(group => group.Limited ? $"{group.Paths} AND {alias}.tt = {group.Type}" : group.Paths)
            .ToList();
        return groups.Count switch
        {
            0 => null,
            1 => groups[0],
            _ => $"({string.Join(" OR ", groups.Select(group => $"({group})"))})",
        };
    }

    public static IReadOnlyList<IndexedPath> PathsOf(IReadOnlyList<SearchParameter> parameters) => [.. parameters.SelectMany(parameter => parameter.Sources).Select(source => source.Path)];

    private static void Add(List<RowTest> tests, RowTest? test)
    {
        if (test is not null)
        {
            tests.Add(test);
        }
    }

    private string Key(string text) => Dialect.KeyOf(text);

    private static bool IsSingle(string paths) => !paths.Contains(" IN (", StringComparison.Ordinal) && !paths.StartsWith('(');

    private RowTest? Token(IReadOnlyList<IndexedPath> paths, string? system, IReadOnlyList<string> codes)
    {
        if (Paths(paths) is not { } known)
        {
            return null;
        }

        var condition = new SqlText(known).Append(" AND ").AddAnyOf("x.code", codes.Select(Key));
        AddSystem(condition, system);
        return new RowTest(IndexTable.Token, condition, IsPoint: true, IsOrdered: IsSingle(known) && codes.Count == 1);
    }

    private void AddSystem(SqlText condition, string? system)
    {
        if (system is { Length: 0 })
        {
            condition.Append(" AND x.s = 0");
        }
        else if (system is not null)
        {
            condition.Add($" AND x.s = (SELECT s FROM sys WHERE uri = {Key(system)})");
        }
    }

    private (long? TypeFilter, string Id, string Version) Resolve(IReadOnlyList<SearchParameter> parameters, ReferenceOperand operand)
    {
        if (operand.Type is { } given)
        {
            var id = operand.Text.StartsWith(given + "/", StringComparison.Ordinal) ? operand.Text[(given.Length + 1)..] : operand.Text;
            return (names.FindType(reader, given) ?? -1, id, "");
        }

        var target = operand.Text.Contains('|', StringComparison.Ordinal) ? LocalReference.OfCanonical(operand.Text, baseUrl) : LocalReference.Of(operand.Text, baseUrl);
        return target.Type.Length > 0
            ? (names.FindType(reader, target.Type) ?? -1, target.Id, target.Version)
            : (target.Id.Contains(':', StringComparison.Ordinal) ? 0 : null, target.Id, target.Version);
    }

    /// <param name="type">Null for an id without a type: any type that the parameter may refer to.</param>
    private RowTest? Reference(IReadOnlyList<SearchParameter> parameters, long? type, string version, IReadOnlyList<string> ids)
    {
        if (ReferencePaths(parameters) is not { } paths)
        {
            return null;
        }

        var types = type is { } only
            ? only.ToString(CultureInfo.InvariantCulture)
            : string.Join(',', parameters.SelectMany(parameter => parameter.Definition.Targets).Distinct().Select(name => names.FindType(reader, name)).OfType<long>().Prepend(0).Distinct());
        var condition = new SqlText(paths).Append($" AND x.tt IN ({types}) AND ").AddAnyOf("x.tid", ids.Select(Key));
        if (version.Length > 0)
        {
            condition.Add($" AND x.v = {version}");
        }

        return new RowTest(IndexTable.Reference, condition, IsPoint: true, IsOrdered: IsSingle(paths) && type is not null && ids.Count == 1);
    }

    private RowTest? Single(IReadOnlyList<SearchParameter> parameters, Operand operand)
    {
        switch (operand)
        {
            case ReferenceIdentifierOperand { Identifier: var identifier }:
                var identifiers = PathsOf(parameters).Select(path => path.Identifiers!).ToList();
                return identifier.Code is { } code ? Token(identifiers, identifier.System, [code]) : Simple(IndexTable.Token, identifiers, Condition(identifier));
            case IdentifierTypeOperand { Type: { Code: { } typeAndValue } type }:
                return Token([.. PathsOf(parameters).Select(path => path.IdentifierTypes!)], type.System, [typeAndValue]);
            case HierarchyOperand hierarchy:
                return ReferencePaths(parameters) is { } paths && Members(hierarchy) is { } members
                    ? new RowTest(IndexTable.Reference, new SqlText($"{paths} AND x.tt = {names.FindType(reader, hierarchy.Type)} AND x.tid IN (").Append(members).Append(")"), IsPoint: false)
                    : null;
            case CanonicalOperand { Canonical: var below }:
                return Simple(IndexTable.Reference, PathsOf(parameters), Below(below));
            case QuantityOperand quantity:
                return Simple(IndexTable.Quantity, PathsOf(parameters), Quantity(quantity));
            default:
                return Simple(TableOf(parameters[0].Type), PathsOf(parameters), Condition(operand), operand is UriOperand { Match: UriMatch.Equal });
        }
    }

    private RowTest? Simple(IndexTable table, IReadOnlyList<IndexedPath> paths, SqlText condition, bool isPoint = false)
        => Paths(paths) is { } known ? new RowTest(table, new SqlText(known + " AND ").Append(condition), isPoint, isPoint && IsSingle(known)) : null;

    /// <summary>The ids of a hierarchy; null when nothing of its type was ever stored.</summary>
    public SqlText? Members(HierarchyOperand operand)
        => names.FindType(reader, operand.Type) is { } type ? HierarchyFilter.Members(reader, operand, type, Paths(PathsOf([operand.Links]), "f"), baseUrl) : null;

    private SqlText Below(LocalReference canonical)
    {
        var condition = new SqlText().Add($"x.tt = 0 AND x.tid = {Key(canonical.Id)}");
        return canonical.Version.Length == 0 ? condition : condition.Append(" AND (x.v").Add($" = {canonical.Version} OR (").Append(StartsWith("x.v", canonical.Version + ".")).Append("))");
    }

    /// <summary>The condition on the value columns, without the path.</summary>
    public SqlText Condition(Operand operand) => operand switch
    {
        TokenOperand { Code: { } code } token => With(new SqlText().Add($"x.code = {Key(code)}"), token.System),
        TokenOperand token => With(new SqlText("x.code IS NOT NULL"), token.System),
        TokenTextOperand text => new SqlText("(").Add($"substr(x.txt, 1, length({text.Text})) = {text.Text} OR instr(x.txt, {"\n" + text.Text}) > 0)"),
        StringOperand text => Text(text),
        DateOperand date => Date(date),
        NumberOperand number => Number(number.Comparison, number.Range),
        QuantityOperand quantity => AnyUnit(quantity),
        UriOperand uri => Address(uri),
        ReferenceOperand reference => ReferenceValue(reference),
        UnequalOperand unequal => new SqlText("NOT (").Append(Condition(unequal.Other)).Append(")"),
        PartOperand part => Part(part),
        _ => throw new InvalidOperationException($"No condition for {operand.GetType().Name}."),
    };

    public static IndexTable TableOf(SearchParameterType type) => type switch
    {
        SearchParameterType.Token => IndexTable.Token,
        SearchParameterType.Reference => IndexTable.Reference,
        SearchParameterType.Date => IndexTable.Date,
        SearchParameterType.String => IndexTable.String,
        SearchParameterType.Quantity => IndexTable.Quantity,
        SearchParameterType.Number => IndexTable.Number,
        SearchParameterType.Uri => IndexTable.Uri,
        _ => throw new InvalidOperationException($"Parameters of type {type} have no table."),
    };

    private SqlText With(SqlText condition, string? system)
    {
        AddSystem(condition, system);
        return condition;
    }

    private SqlText ReferenceValue(ReferenceOperand operand)
    {
        var target = Resolve([], operand);
        var condition = new SqlText().Add($"x.tid = {Key(target.Id)}");
        return target.TypeFilter is { } type ? condition.Append($" AND x.tt = {type}") : condition;
    }

    /// <summary>The seek goes over the beginning of the text that stands in the index; what lies behind it is compared in the row.</summary>
    private SqlText Text(StringOperand operand)
    {
        var folded = SearchText.Fold(operand.Text);
        switch (operand.Match)
        {
            case TextMatch.Exact:
                var exact = new SqlText().Add($"x.norm = {folded} AND x.val = {(folded == operand.Text ? "" : operand.Text)}");
                return Dialect.TextKey == Column ? exact : exact.Append(" AND ").Append(StartsWith(Dialect.TextKey, Beginning(folded)));
            case TextMatch.Contains:
                return new SqlText().Add($"instr(x.norm, {folded}) > 0");
            case TextMatch.Equal:
                var equal = new SqlText().Add($"x.norm = {folded}");
                return Dialect.TextKey == Column ? equal : equal.Append(" AND ").Append(StartsWith(Dialect.TextKey, Beginning(folded)));
            case TextMatch.EndsWith:
                return EndsWith(Column, folded);
            default:
                var start = StartsWith(Dialect.TextKey, Beginning(folded));
                return folded.Length <= Dialect.LongText ? start : start.Append(" AND ").Append(StartsWith(Column, folded));
        }
    }

    private static SqlText StartsWith(string column, string text) => new SqlText(column).Add($" >= {text}").Append($" AND {column}").Add($" < {SearchText.After(text)}");

    private string Beginning(string text)
        => text.Length <= Dialect.LongText ? text : text[..(char.IsHighSurrogate(text[Dialect.LongText - 1]) ? Dialect.LongText - 1 : Dialect.LongText)];

    private static SqlText Part(PartOperand part)
    {
        var column = part.Type == SearchParameterType.Token ? "x.code" : "x.uri";
        return part.Match switch
        {
            TextMatch.Contains => new SqlText($"instr({column}, ").Add($"{part.Text}) > 0"),
            TextMatch.EndsWith => EndsWith(column, part.Text),
            _ => new SqlText($"substr({column}, 1, length(").Add($"{part.Text})) = {part.Text}"),
        };
    }

    private static SqlText EndsWith(string column, string text)
        => new SqlText($"length({column}) >= length(").Add($"{text})").Append($" AND substr({column}, length({column}) - length(").Add($"{text}) + 1) = {text}");

    private SqlText Date(DateOperand operand)
    {
        var (from, to) = (operand.Range.From, operand.Range.To);
        switch (operand.Comparison)
        {
            case Comparison.Equal:
                return new SqlText().Add($"x.lo >= {from} AND x.hi <= {to}");
            case Comparison.NotEqual:
                return new SqlText().Add($"NOT (x.lo >= {from} AND x.hi <= {to})");
            case Comparison.Greater:
                return new SqlText().Add($"x.hi > {to}");
            case Comparison.Less:
                return new SqlText().Add($"x.lo < {from}");
            case Comparison.GreaterOrEqual:
                return new SqlText().Add($"(x.hi > {to} OR x.lo >= {from})");
            case Comparison.LessOrEqual:
                return new SqlText().Add($"(x.lo < {from} OR x.hi <= {to})");
            case Comparison.StartsAfter:
                return new SqlText().Add($"x.lo >= {to}");
            case Comparison.EndsBefore:
                return new SqlText().Add($"x.hi <= {from}");
            case Comparison.Overlaps:
                return new SqlText().Add($"x.lo < {to} AND x.hi > {from}");
            default:
                // A tenth of the gap between now and the date, to both sides.
                var widened = operand.Range.Widen(Math.Abs(now.UtcTicks - from) / 10);
                return new SqlText().Add($"x.lo < {widened.To} AND x.hi > {widened.From}");
        }
    }

    private static SqlText Number(Comparison comparison, NumberRange range)
    {
        var value = DecimalKey.Of(range.Value);
        switch (comparison)
        {
            case Comparison.Equal:
                return new SqlText().Add($"x.v >= {DecimalKey.Of(range.Low)} AND x.v < {DecimalKey.Of(range.High)}");
            case Comparison.NotEqual:
                return new SqlText().Add($"NOT (x.v >= {DecimalKey.Of(range.Low)} AND x.v < {DecimalKey.Of(range.High)})");
            case Comparison.Greater or Comparison.StartsAfter:
                return new SqlText().Add($"x.v > {value}");
            case Comparison.Less or Comparison.EndsBefore:
                return new SqlText().Add($"x.v < {value}");
            case Comparison.GreaterOrEqual:
                return new SqlText().Add($"x.v >= {value}");
            case Comparison.LessOrEqual:
                return new SqlText().Add($"x.v <= {value}");
            default:
                var about = range.Approximately();
                return new SqlText().Add($"x.v >= {DecimalKey.Of(about.Low)} AND x.v <= {DecimalKey.Of(about.High)}");
        }
    }

    private SqlText AnyUnit(QuantityOperand operand)
    {
        var any = new SqlText("(");
        var separator = "";
        foreach (var one in UnitConversion.Expand(reader, operand))
        {
            any.Append(separator).Append(Quantity(one));
            separator = " OR ";
        }

        return any.Append(")");
    }

    private SqlText Quantity(QuantityOperand operand)
    {
        var units = new SqlText("x.u IN (SELECT u FROM unit WHERE TRUE");
        if (operand.System is { } system)
        {
            units.Add($" AND sys = {Key(system)}");
        }

        if (operand.Code is { } code)
        {
            _ = operand.System is null ? units.Add($" AND (code = {Key(code)} OR name = {Key(code)})") : units.Add($" AND code = {Key(code)}");
        }

        return units.Append(") AND ").Append(Number(operand.Comparison, operand.Range));
    }

    /// <summary>Above and below are about URLs, not about URNs.</summary>
    private SqlText Address(UriOperand operand) => operand.Match switch
    {
        UriMatch.Below => new SqlText().Add($"x.uri >= {operand.Uri} AND x.uri < {SearchText.After(operand.Uri)} AND lower(substr(x.uri, 1, 4)) <> 'urn:'"),
        UriMatch.Above => new SqlText().Add($"substr({operand.Uri}, 1, length(x.uri)) = x.uri AND lower(substr(x.uri, 1, 4)) <> 'urn:'"),
        _ => new SqlText().Add($"x.uri = {Key(operand.Uri)}"),
    };
}
