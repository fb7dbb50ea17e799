using System.Text;
using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath;
using AtcFhir.R4.Values;
using AtcFhir.Store.Values;

namespace AtcFhir.Store.Extraction;

/// <summary>
/// Turns what a path selected into rows: the type of the search parameter says which table, the type of the element how it is read.
/// An element type that the table of R4 does not list for the parameter type gives nothing. <see href="https://hl7.org/fhir/R4/search.html#table"/>
/// </summary>
internal sealed class ValueConverter(Uri? baseUrl)
{
    /// <summary>Rows of most resources, at most.</summary>
    private const int Usual = 16;

    private const string CurrencySystem = "urn:iso:std:iso:4217";

    public List<SearchRow> Rows { get; } = new(Usual);

    public void Add(IndexedPath path, int group, FhirPathItem item)
    {
        if (!item.IsNode)
        {
            if (path.Kind == SearchParameterType.Token && item.Kind == FhirPathKind.Boolean)
            {
                AddToken(path, group, "", item.ToString() ?? "");
            }

            return;
        }

        var node = item.Node;
        switch (path.Kind)
        {
            case SearchParameterType.Token:
                AddToken(path, group, node);
                break;
            case SearchParameterType.Reference:
                AddReference(path, group, node);
                break;
            case SearchParameterType.Date:
                AddDate(path, group, node);
                break;
            case SearchParameterType.String:
                AddString(path, group, node);
                break;
            case SearchParameterType.Quantity:
                AddQuantity(path, group, node);
                break;
            case SearchParameterType.Number:
                AddNumber(path, group, node);
                break;
            case SearchParameterType.Uri when node.Text is { } uri:
                Rows.Add(new UriRow(path, uri));
                break;
        }
    }

    private void AddToken(IndexedPath path, int group, Node node)
    {
        switch (node.Type.Name)
        {
            case "CodeableConcept":
                AddConcept(path, group, node);
                break;
            case "Coding":
                AddToken(path, group, node.Child("system").Text ?? "", node.Child("code").Text ?? "", FoldLines(node.Child("display").Text));
                break;
            case "Identifier":
                AddToken(path, group, node.Child("system").Text ?? "", node.Child("value").Text ?? "", FoldLines(node.Child("type").Child("text").Text));
                AddTypes(path.IdentifierTypes, node);
                break;
            case "ContactPoint":
                AddToken(path, group, "", node.Child("value").Text ?? "");
                break;
            default:
                if (node.Text is { } code)
                {
                    AddToken(path, group, "", code);
                }

                break;
        }
    }

    private void AddTypes(IndexedPath? path, Node identifier)
    {
        if (path is null || identifier.Child("value").Text is not { } value)
        {
            return;
        }

        foreach (var type in identifier.Child("type").ChildrenOf("coding"))
        {
            AddToken(path, 0, type.Child("system").Text ?? "", $"{type.Child("code").Text}|{value}");
        }
    }

    private void AddConcept(IndexedPath path, int group, Node concept)
    {
        var text = concept.Child("text").Text;
        foreach (var coding in concept.ChildrenOf("coding"))
        {
            var display = coding.Child("display").Text;
            AddToken(path, group, coding.Child("system").Text ?? "", coding.Child("code").Text ?? "", FoldLines(display), text == display ? null : FoldLines(text));
            text = null;
        }

        if (text is not null)
        {
            AddToken(path, group, "", "", FoldLines(text));
        }
    }

    /// <param name="display">Folded, as is <paramref name="text"/>.</param>
    private void AddToken(IndexedPath path, int group, string system, string code, string? display = null, string? text = null)
    {
        var folded = display is null ? text : text is null ? display : display + "\n" + text;
        if (system.Length > 0 || code.Length > 0 || folded is not null)
        {
            Rows.Add(new TokenRow(path, group, system, SearchText.FoldCode(code), folded));
        }
    }

    /// <summary>Each line folded, empty ones left out; null when nothing is left.</summary>
    private static string? FoldLines(string? text)
    {
        if (text is not { Length: > 0 })
        {
            return null;
        }

        return text.Contains('\n', StringComparison.Ordinal)
            ? text.Split('\n', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } lines ? string.Join('\n', lines.Select(SearchText.Fold)) : null
            : SearchText.Fold(text);
    }

    private void AddReference(IndexedPath path, int group, Node node)
    {
        switch (node.Type.Name)
        {
            case "Reference":
                AddLiteral(path, group, node, node.Child("reference").Text);
                if (node.Child("identifier") is { Exists: true } identifier)
                {
                    AddToken(path.Identifiers!, 0, identifier);
                }

                break;
            case "canonical":
                AddTarget(path, group, LocalReference.OfCanonical(node.Text ?? "", baseUrl));
                break;
            case "uri" or "url" or "oid" or "uuid":
                AddLiteral(path, group, node, node.Text);
                break;
            default:
                if (node.IsResource)
                {
                    AddTarget(path, group, new LocalReference(node.Type.Name, node.Child("id").Text ?? "", ""));
                }

                break;
        }
    }

    private void AddLiteral(IndexedPath path, int group, Node place, string? reference)
    {
        if (reference is not { Length: > 0 })
        {
            AddTarget(path, group, default);
        }
        else if (reference[0] == '#')
        {
            AddTarget(path, group, new LocalReference(ContainedType(place, reference[1..]), "", ""));
        }
        else
        {
            var target = LocalReference.Of(reference, baseUrl);
            var isBareId = target.Type.Length == 0 && target.Id.IndexOfAny(['/', ':']) < 0;
            AddTarget(path, group, isBareId && path.OnlyTarget is { } type ? target with { Type = type } : target);
        }
    }

    /// <summary>A row in any case: without an id there is no target that could be searched for, but the parameter is not missing.</summary>
    private void AddTarget(IndexedPath path, int group, LocalReference target)
        => Rows.Add(new ReferenceRow(path, group, target.Type ?? "", target.Id ?? "", target.Version ?? ""));

    private static string ContainedType(Node place, string id)
    {
        foreach (var contained in place.Document.Root.ChildrenOf("contained"))
        {
            if (contained.Child("id").Text == id)
            {
                return contained.Type.Name;
            }
        }

        return "";
    }

    private void AddDate(IndexedPath path, int group, Node node)
    {
        switch (node.Type.Name)
        {
            case "Period":
                AddRange(path, group, PeriodOf(node));
                break;
            case "Timing":
                AddTiming(path, group, node);
                break;
            case "date" or "dateTime" or "instant":
                AddRange(path, group, RangeOf(node));
                break;
        }
    }

    private void AddRange(IndexedPath path, int group, TimeRange? range)
    {
        if (range is { } known)
        {
            Rows.Add(new DateRow(path, group, known.From, known.To));
        }
    }

    private static TimeRange? PeriodOf(Node period)
    {
        var (start, end) = (RangeOf(period.Child("start")), RangeOf(period.Child("end")));
        return start is null && end is null ? null : new TimeRange(start?.From ?? TimeRange.Earliest, end?.To ?? TimeRange.Latest);
    }

    /// <summary>Only the outer limits matter: of the events and of the bounds of the repetition.</summary>
    private void AddTiming(IndexedPath path, int group, Node timing)
    {
        var limits = timing.ChildrenOf("event").ToList().Select(RangeOf).OfType<TimeRange>().ToList();
        if (timing.Child("repeat").Child("bounds") is { Exists: true, Type.Name: "Period" } bounds && PeriodOf(bounds) is { } period)
        {
            limits.Add(period);
        }

        if (limits.Count > 0)
        {
            Rows.Add(new DateRow(path, group, limits.Min(range => range.From), limits.Max(range => range.To)));
        }
    }

    private static TimeRange? RangeOf(Node node) => node.HasValue && TimeRange.TryParse(node.IsEscaped ? Encoding.UTF8.GetBytes(node.Text!) : node.RawValue, out var range) ? range : null;

    private void AddString(IndexedPath path, int group, Node node)
    {
        if (node.Text is { } text)
        {
            AddText(path, group, text);
            return;
        }

        if (node.Type.Name is "HumanName" or "Address")
        {
            foreach (var part in node.Children)
            {
                // use, type: codes about the name, not part of it.
                if (part.Type.Name == "string" && part.Text is { } value)
                {
                    AddText(path, group, value);
                }
            }
        }
    }

    private void AddText(IndexedPath path, int group, string text)
    {
        var folded = SearchText.Fold(text);
        if (folded.Length > 0)
        {
            Rows.Add(new StringRow(path, group, folded, folded == text ? "" : text));
        }
    }

    private void AddQuantity(IndexedPath path, int group, Node node)
    {
        if (!node.Exists)
        {
            return;
        }

        switch (node.Type.Name)
        {
            case "Money":
                AddAmount(path, group, node.Child("value"), CurrencySystem, node.Child("currency").Text ?? "", "");
                break;
            case "Range":
                AddQuantity(path, group, node.Child("low"));
                AddQuantity(path, group, node.Child("high"));
                break;
            default:
                AddAmount(path, group, node.Child("value"), node.Child("system").Text ?? "", node.Child("code").Text ?? "", node.Child("unit").Text ?? "");
                break;
        }
    }

    private void AddAmount(IndexedPath path, int group, Node value, string system, string code, string unit)
    {
        if (value.HasValue && FhirDecimal.TryParse(value.RawValue, out var number))
        {
            Rows.Add(new QuantityRow(path, group, system, code, unit, DecimalKey.Of(number)));
        }
    }

    private void AddNumber(IndexedPath path, int group, Node node)
    {
        if (node is { Exists: true, Type.Name: "Range" })
        {
            AddNumber(path, group, node.Child("low").Child("value"));
            AddNumber(path, group, node.Child("high").Child("value"));
        }
        else if (node.HasValue && FhirDecimal.TryParse(node.RawValue, out var number))
        {
            Rows.Add(new NumberRow(path, group, DecimalKey.Of(number)));
        }
    }
}
