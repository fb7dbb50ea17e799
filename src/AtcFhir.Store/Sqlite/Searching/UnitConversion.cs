using AtcFhir.R4.Values;
using AtcFhir.Store.Search;
using AtcFhir.Store.Sql;
using AtcFhir.Store.Values;

namespace AtcFhir.Store.Sqlite.Searching;

/// <summary>
/// A quantity in a UCUM unit is looked for in every commensurable unit that the database holds: the range that was asked for is converted, not the
/// values that are stored, so that what is stored stays exact and needs no second row. <see href="https://hl7.org/fhir/R4/search.html#quantity"/>
/// </summary>
internal static class UnitConversion
{
    public static IEnumerable<QuantityOperand> Expand(ISqlSession reader, QuantityOperand operand)
    {
        yield return operand;
        if (operand is not { System: Ucum.System, Code: { } code })
        {
            yield break;
        }

        var others = new List<string>();
        new SqlText("SELECT DISTINCT code FROM unit WHERE sys =").Add($" {Ucum.System} AND code <> {code}").Read(reader, row => others.Add(row.Text(0)));
        foreach (var other in others)
        {
            if (Convert(operand.Range, code, other) is { } range)
            {
                yield return operand with { Range = range, Code = other };
            }
        }
    }

    public static NumberRange? Convert(NumberRange range, string from, string to)
        => Ucum.TryConvert(range.Value, from, to, out var value) && Ucum.TryConvert(range.Low, from, to, out var low) && Ucum.TryConvert(range.High, from, to, out var high)
            ? new NumberRange(value, low, high)
            : null;
}
