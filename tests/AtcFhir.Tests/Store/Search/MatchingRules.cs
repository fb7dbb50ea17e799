using System.Globalization;
using AtcFhir.R4.Definitions;
using Hl7.Fhir.Model;

namespace AtcFhir.Tests.Store.Search;

/// <summary>A query on one parameter, and the rule of R4 that says which values match it; written over POCO types, for comparison with the index.</summary>
/// <param name="BareId">The id, where the query gives one without its type.</param>
internal sealed record OracleQuery(string Text, Func<IReadOnlyList<Base>, bool> Matches, string? BareId = null);

/// <summary><see href="https://hl7.org/fhir/R4/search.html#table"/></summary>
internal static class MatchingRules
{
    /// <summary>A query made from one value of a resource; <paramref name="choice"/> picks among the forms. Null for a value that no form fits.</summary>
    public static OracleQuery? From(SearchParameterDefinition parameter, Base value, int choice) => parameter.Type switch
    {
        _ when choice % 17 == 0 => Missing(parameter.Type, choice % 2 == 0),
        SearchParameterType.Token => Tokens(value) is [var token, ..] ? Token(value, token, choice) : null,
        SearchParameterType.String => Strings(value) is [var text, ..] ? String(text, choice) : null,
        SearchParameterType.Date => Range(value) is { } range ? Date(range, choice) : null,
        SearchParameterType.Quantity => Quantities(value) is [var quantity, ..] ? Quantity(quantity, choice) : null,
        SearchParameterType.Number => Numbers(value) is [var number, ..] ? Number(number, choice) : null,
        SearchParameterType.Uri => value is PrimitiveType { JsonValue: string uri } ? Uri(uri, choice) : null,
        SearchParameterType.Reference when choice % 2 == 1 && value is ResourceReference { Identifier: { Value.Length: > 0 } identifier } => ByIdentifier(identifier),
        SearchParameterType.Reference => References(value) is [var reference, ..] && !reference.StartsWith('#') ? Reference(parameter, reference, choice) : null,
        _ => null,
    };

    private static OracleQuery Missing(SearchParameterType type, bool isMissing)
        => new($":missing={(isMissing ? "true" : "false")}", values => values.Any(value => IsReadable(type, value)) != isMissing);

    /// <summary>Not every type that a path can give is one that the parameter's type can read: a Timing without any limit is no date.</summary>
    private static bool IsReadable(SearchParameterType type, Base value) => type switch
    {
        SearchParameterType.Date => Range(value) is not null,
        SearchParameterType.Quantity => Quantities(value).Count > 0,
        SearchParameterType.Number => Numbers(value).Count > 0,
        SearchParameterType.String => Strings(value).Count > 0,
        SearchParameterType.Reference => value is ResourceReference or Resource or PrimitiveType,
        // A code, or at least a text that :text could look at.
        SearchParameterType.Token => Tokens(value).Any(token => token.System.Length + token.Code.Length > 0) || value switch
        {
            CodeableConcept concept => concept.Text is not null || concept.Coding.Exists(coding => coding.Display is not null),
            Coding coding => coding.Display is not null,
            Identifier identifier => identifier.Type?.Text is not null,
            _ => false,
        },
        _ => true,
    };

    private static string Escape(string text) => System.Uri.EscapeDataString(text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace(",", @"\,", StringComparison.Ordinal)
        .Replace("|", @"\|", StringComparison.Ordinal).Replace("$", @"\$", StringComparison.Ordinal));

    private static OracleQuery? Token(Base value, (string System, string Code) token, int choice)
    {
        if (token.Code.Length == 0)
        {
            return null;
        }

        Func<(string System, string Code), bool> isCode = other => string.Equals(other.Code, token.Code, StringComparison.OrdinalIgnoreCase);
        return (choice % 7) switch
        {
            4 when token.System.Length > 0 => new($"={Escape(token.System)}|", values => values.SelectMany(Tokens).Any(other => other.System == token.System)),
            5 when Texts(value).Select(Plain).FirstOrDefault(text => text.Length > 1) is { } text => Text(text[..(text.Length / 2)].TrimEnd()),
            6 when value is Identifier { Value: { } number, Type.Coding: [{ System: { } system, Code: { } type }, ..] } => new(
                $":ofType={Escape(system)}|{Escape(type)}|{Escape(number)}",
                values => values.OfType<Identifier>().Any(other => Same(other.Value, number) && (other.Type?.Coding.Exists(coding => coding.System == system && Same(coding.Code, type)) ?? false))),
            0 or 4 or 5 or 6 => new($"={Escape(token.Code)}", values => values.SelectMany(Tokens).Any(isCode)),
            1 => new($"={Escape(token.System)}|{Escape(token.Code)}", values => values.SelectMany(Tokens).Any(other => isCode(other) && other.System == token.System)),
            2 => new($":not={Escape(token.Code)}", values => !values.SelectMany(Tokens).Any(isCode)),
            _ => new($"=|{Escape(token.Code)}", values => values.SelectMany(Tokens).Any(other => isCode(other) && other.System.Length == 0)),
        };
    }

    private static OracleQuery Text(string start) => new($":text={Escape(start)}", values => values.SelectMany(Texts).Any(other => Plain(other).StartsWith(start, StringComparison.Ordinal)));

    /// <summary>What :text looks at, line by line.</summary>
    private static List<string> Texts(Base value) => [.. (value switch
    {
        CodeableConcept concept => concept.Coding.Select(coding => coding.Display).Append(concept.Text),
        Coding coding => [coding.Display],
        Identifier identifier => [identifier.Type?.Text],
        _ => (IEnumerable<string?>)[],
    }).OfType<string>().SelectMany(text => text.Split('\n'))];

    private static bool Same(string? one, string? other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static OracleQuery ByIdentifier(Identifier identifier) => new(
        $":identifier={(identifier.System is null ? "" : Escape(identifier.System) + "|")}{Escape(identifier.Value!)}",
        values => values.OfType<ResourceReference>().Any(other => Same(other.Identifier?.Value, identifier.Value) && (identifier.System is null || other.Identifier!.System == identifier.System)));

    private static List<(string System, string Code)> Tokens(Base value) => value switch
    {
        CodeableConcept concept => [.. concept.Coding.Select(coding => (coding.System ?? "", coding.Code ?? ""))],
        Coding coding => [(coding.System ?? "", coding.Code ?? "")],
        Identifier identifier => [(identifier.System ?? "", identifier.Value ?? "")],
        ContactPoint contact => [("", contact.Value ?? "")],
        PrimitiveType { JsonValue: { } primitive } => [("", primitive is bool flag ? flag ? "true" : "false" : Convert.ToString(primitive, CultureInfo.InvariantCulture) ?? "")],
        _ => [],
    };

    private static OracleQuery? String(string text, int choice)
    {
        var plain = Plain(text);
        if (plain.Length == 0)
        {
            return null;
        }

        var start = plain[..Math.Max(1, plain.Length * (choice % 3 + 1) / 3)].TrimEnd();
        return (choice % 3) switch
        {
            0 => new($"={Escape(start.ToUpperInvariant())}", values => values.SelectMany(Strings).Any(other => Plain(other).StartsWith(start, StringComparison.Ordinal))),
            1 => new($":exact={Escape(text)}", values => values.SelectMany(Strings).Any(other => other == text)),
            _ => new($":contains={Escape(plain[(plain.Length / 2)..].Trim())}", values => values.SelectMany(Strings).Any(other => Plain(other).Contains(plain[(plain.Length / 2)..].Trim(), StringComparison.Ordinal))),
        };
    }

    private static List<string> Strings(Base value) => value switch
    {
        HumanName name => [.. new[] { name.Text, name.Family }.Concat(name.Given).Concat(name.Prefix).Concat(name.Suffix).OfType<string>()],
        Address address => [.. new[] { address.Text, address.City, address.District, address.State, address.PostalCode, address.Country }.Concat(address.Line).OfType<string>()],
        PrimitiveType { JsonValue: string text } => [text],
        _ => [],
    };

    /// <summary>The examples hold no other accents than these.</summary>
    private static string Plain(string text)
    {
        var lower = string.Join(' ', text.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return string.Concat(lower.Select(letter => letter switch
        {
            'é' or 'è' or 'ë' or 'ê' => "e",
            'ö' or 'ó' => "o",
            'ü' or 'ú' => "u",
            'ä' or 'á' or 'à' => "a",
            'ï' or 'í' => "i",
            'ç' => "c",
            'ø' => "o",
            'ß' => "ss",
            'ı' => "i",
            _ => letter.ToString(),
        }));
    }

    private static OracleQuery? Date((DateTime From, DateTime To) range, int choice)
    {
        var moment = range.From == DateTime.MinValue ? range.To : range.From;
        if (moment == DateTime.MaxValue)
        {
            return null;
        }

        // As a day, a month or a second around the value.
        var (text, from, to) = (choice % 3) switch
        {
            0 => (moment.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), moment.Date, moment.Date.AddDays(1)),
            1 => (moment.ToString("yyyy-MM", CultureInfo.InvariantCulture), new DateTime(moment.Year, moment.Month, 1), new DateTime(moment.Year, moment.Month, 1).AddMonths(1)),
            _ => (moment.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), new DateTime(moment.Ticks - (moment.Ticks % TimeSpan.TicksPerSecond)), new DateTime(moment.Ticks - (moment.Ticks % TimeSpan.TicksPerSecond)).AddSeconds(1)),
        };
        (string Prefix, Func<(DateTime From, DateTime To), bool> Test)[] forms =
        [
            ("", other => from <= other.From && other.To <= to),
            ("ne", other => !(from <= other.From && other.To <= to)),
            ("gt", other => other.To > to),
            ("lt", other => other.From < from),
            ("ge", other => other.To > to || (from <= other.From && other.To <= to)),
            ("le", other => other.From < from || (from <= other.From && other.To <= to)),
            ("sa", other => other.From >= to),
            ("eb", other => other.To <= from),
            // A tenth of the gap between the store's clock and the date, to both sides.
            ("ap", other => other.From.Ticks < to.Ticks + Gap(from) && other.To.Ticks > from.Ticks - Gap(from)),
        ];
        var (prefix, test) = forms[choice / 3 % forms.Length];
        return new($"={prefix}{Escape(text)}", values => values.Select(Range).OfType<(DateTime, DateTime)>().Any(test));
    }

    private static long Gap(DateTime from) => Math.Abs(new DateTime(2018, 10, 16, 8, 0, 0).Ticks - from.Ticks) / 10;

    /// <summary>UTC, half open.</summary>
    private static (DateTime From, DateTime To)? Range(Base value)
    {
        switch (value)
        {
            case Period period:
                var (start, end) = (Instants(period.Start), Instants(period.End));
                return start is null && end is null ? null : (start?.From ?? DateTime.MinValue, end?.To ?? DateTime.MaxValue);
            case Timing timing when timing.Event.Any():
                var events = timing.Event.Select(Instants).OfType<(DateTime From, DateTime To)>().ToList();
                return (events.Min(range => range.From), events.Max(range => range.To));
            case Timing { Repeat.Bounds: Period bounds }:
                return Range(bounds);
            case Hl7.Fhir.Model.FhirDateTime or Hl7.Fhir.Model.Date or Instant:
                return Instants(((PrimitiveType)value).JsonValue as string);
            default:
                return null;
        }
    }

    private static (DateTime From, DateTime To)? Instants(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var from = DateTimeOffset.Parse(text.Length switch { 4 => text + "-01-01", 7 => text + "-01", _ => text }, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).UtcDateTime;
        return (from, text.Length switch
        {
            4 => from.AddYears(1),
            7 => from.AddMonths(1),
            10 => from.AddDays(1),
            _ => text.Contains('.', StringComparison.Ordinal) ? from.AddTicks(1) : from.AddSeconds(1),
        });
    }

    private static OracleQuery Quantity((decimal Value, string System, string Code, string Unit) quantity, int choice)
    {
        var (number, test) = Compare(quantity.Value, choice);
        return (choice / 5 % 3) switch
        {
            0 => new($"={number}", values => values.SelectMany(Quantities).Any(other => test(other.Value))),
            1 when quantity.Code.Length > 0 => new(
                $"={number}|{Escape(quantity.System)}|{Escape(quantity.Code)}",
                values => values.SelectMany(Quantities).Any(other => (quantity.System.Length == 0 || other.System == quantity.System) && InUnit(other, quantity.Code) is { } value && test(value))),
            _ when quantity.Unit.Length > 0 => new(
                $"={number}||{Escape(quantity.Unit)}",
                values => values.SelectMany(Quantities).Any(other => test(other.Value) && (other.Code == quantity.Unit || other.Unit == quantity.Unit))),
            _ => new($"={number}", values => values.SelectMany(Quantities).Any(other => test(other.Value))),
        };
    }

    /// <summary>The value in a unit of the same system; only UCUM knows how to convert, which is tested where it stands.</summary>
    private static decimal? InUnit((decimal Value, string System, string Code, string Unit) quantity, string code)
        => quantity.Code == code ? quantity.Value
            : quantity.System == AtcFhir.R4.Values.Ucum.System
                && AtcFhir.R4.Values.FhirDecimal.TryParse(quantity.Value.ToString(CultureInfo.InvariantCulture), out var value)
                && AtcFhir.R4.Values.Ucum.TryConvert(value, quantity.Code, code, out var converted)
                // A third has more digits than a decimal; it is rounded, which ToDecimal refuses.
                ? decimal.Parse(converted.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture)
            : null;

    private static List<(decimal Value, string System, string Code, string Unit)> Quantities(Base value) => value switch
    {
        Quantity { Value: { } number } quantity => [(number, quantity.System ?? "", quantity.Code ?? "", quantity.Unit ?? "")],
        Money { Value: { } amount } money => [(amount, "urn:iso:std:iso:4217", money.CurrencyElement?.JsonValue as string ?? "", "")],
        Hl7.Fhir.Model.Range range => [.. new[] { range.Low, range.High }.OfType<Quantity>().SelectMany(Quantities)],
        _ => [],
    };

    private static OracleQuery Number(decimal number, int choice)
    {
        var (text, test) = Compare(number, choice);
        return new($"={text}", values => values.SelectMany(Numbers).Any(test));
    }

    private static List<decimal> Numbers(Base value) => value switch
    {
        PrimitiveType { JsonValue: decimal number } => [number],
        PrimitiveType { JsonValue: int number } => [number],
        Hl7.Fhir.Model.Range range => [.. new[] { range.Low?.Value, range.High?.Value }.OfType<decimal>()],
        _ => [],
    };

    private static (string Text, Func<decimal, bool> Test) Compare(decimal value, int choice)
    {
        var text = value.ToString(CultureInfo.InvariantCulture);
        var scale = text.IndexOf('.', StringComparison.Ordinal) is >= 0 and var point ? text.Length - point - 1 : 0;
        var half = 0.5m;
        for (var digit = 0; digit < scale; digit++)
        {
            half /= 10;
        }

        (string Prefix, Func<decimal, bool> Test)[] forms =
        [
            ("", other => other >= value - half && other < value + half),
            ("ne", other => !(other >= value - half && other < value + half)),
            ("gt", other => other > value),
            ("lt", other => other < value),
            ("ge", other => other >= value),
            ("le", other => other <= value),
            ("sa", other => other > value),
            ("eb", other => other < value),
            ("ap", other => other >= value - (Math.Abs(value) / 10) && other <= value + (Math.Abs(value) / 10)),
        ];
        var (prefix, test) = forms[choice % forms.Length];
        return (prefix + text, test);
    }

    private static OracleQuery Uri(string uri, int choice) => (choice % 3) switch
    {
        0 => new($"={Escape(uri)}", values => values.Any(other => Text(other) == uri)),
        1 => new($":below={Escape(uri[..(uri.Length / 2)])}", values => values.Any(other => Text(other) is { } text && text.StartsWith(uri[..(uri.Length / 2)], StringComparison.Ordinal) && !text.StartsWith("urn:", StringComparison.Ordinal))),
        _ => new($":above={Escape(uri + "/more")}", values => values.Any(other => Text(other) is { } text && (uri + "/more").StartsWith(text, StringComparison.Ordinal) && !text.StartsWith("urn:", StringComparison.Ordinal))),
    };

    private static string? Text(Base value) => (value as PrimitiveType)?.JsonValue as string;

    private static OracleQuery? Reference(SearchParameterDefinition parameter, string reference, int choice)
    {
        var segments = reference.Split('/');
        if (segments.Length != 2 || reference.Contains('|', StringComparison.Ordinal))
        {
            return reference.Contains('|', StringComparison.Ordinal) || reference.Contains("/_history/", StringComparison.Ordinal) || !reference.Contains(':', StringComparison.Ordinal)
                ? null
                : new($"={Escape(reference)}", values => values.SelectMany(References).Any(other => other == reference || other.StartsWith(reference + "|", StringComparison.Ordinal)));
        }

        return (choice % 3) switch
        {
            0 => new($"={reference}", values => values.SelectMany(References).Any(other => other == reference)),
            1 => new($":{segments[0]}={segments[1]}", values => values.SelectMany(References).Any(other => other == reference)),
            _ => new($"={segments[1]}", values => values.SelectMany(References).Any(other => other.Split('/') is [var type, var id] && id == segments[1] && parameter.Targets.Contains(type)), segments[1]),
        };
    }

    /// <summary>The types among those values under which an id is referred to.</summary>
    public static IEnumerable<string> TypesOf(IEnumerable<Base> values, string id)
        => values.SelectMany(References).Select(reference => reference.Split('/')).Where(parts => parts.Length == 2 && parts[1] == id).Select(parts => parts[0]).Distinct();

    /// <summary>What the values refer to: "Patient/1", or a URL.</summary>
    public static IEnumerable<string> ReferencesOf(IEnumerable<Base> values) => values.SelectMany(References);

    private static List<string> References(Base value) => value switch
    {
        ResourceReference { Reference: { } reference } => [reference.Split("/_history/")[0]],
        PrimitiveType { JsonValue: string uri } => [uri],
        Resource { Id: { } id } resource => [$"{resource.TypeName}/{id}"],
        _ => [],
    };
}
