using System.Collections.Concurrent;
using System.Xml;

namespace AtcFhir.R4.Values;

/// <summary>Prefixes and unit atoms of UCUM, from the table ("UCUM essence") that the package Fhir.Metrics carries. A unit is reduced when it is first asked for.</summary>
internal sealed class UcumTable
{
    private readonly Dictionary<string, Rational> prefixes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Atom> atoms = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, UcumUnit?> reduced = new(StringComparer.Ordinal);

    private UcumTable()
    {
    }

    private sealed record Atom(bool IsBase, bool IsMetric, bool IsSpecial, bool IsArbitrary, string Value, string Unit);

    public static UcumTable Load()
    {
        var assembly = typeof(Fhir.Metrics.UCUM).Assembly;
        using var stream = assembly.GetManifestResourceStream("Fhir.Metrics.Data.ucum-essence.xml")
            ?? throw new InvalidOperationException("The package Fhir.Metrics no longer carries the UCUM table.");
        using var xml = XmlReader.Create(stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        var table = new UcumTable();
        var (kind, code, metric, special, arbitrary) = ("", "", false, false, false);
        while (xml.Read())
        {
            if (xml.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            switch (xml.LocalName)
            {
                case "prefix" or "base-unit" or "unit":
                    (kind, code) = (xml.LocalName, xml.GetAttribute("Code")!);
                    (metric, special, arbitrary) = (xml.GetAttribute("isMetric") == "yes", xml.GetAttribute("isSpecial") == "yes", xml.GetAttribute("isArbitrary") == "yes");
                    if (kind == "base-unit")
                    {
                        table.atoms[code] = new Atom(IsBase: true, IsMetric: true, special, arbitrary, "1", code);
                    }

                    break;
                case "value" when kind == "prefix":
                    table.prefixes[code] = Number(xml.GetAttribute("value")!);
                    break;
                case "value" when kind == "unit":
                    table.atoms[code] = new Atom(IsBase: false, metric, special, arbitrary, xml.GetAttribute("value") ?? "1", xml.GetAttribute("Unit")!);
                    break;
            }
        }

        return table;
    }

    /// <summary>An atom, or a metric atom behind a prefix; null when there is none of that code.</summary>
    public UcumUnit? Find(string symbol)
    {
        if (atoms.ContainsKey(symbol))
        {
            return Reduce(symbol);
        }

        foreach (var (prefix, scale) in prefixes)
        {
            if (symbol.Length > prefix.Length && symbol.StartsWith(prefix, StringComparison.Ordinal)
                && atoms.TryGetValue(symbol[prefix.Length..], out var atom) && atom.IsMetric)
            {
                return Reduce(symbol[prefix.Length..])?.Scale(scale);
            }
        }

        return null;
    }

    private UcumUnit? Reduce(string code) => reduced.GetOrAdd(code, static (key, table) => table.Definition(key, table.atoms[key]), this);

    private UcumUnit? Definition(string code, Atom atom) => (code, atom) switch
    {
        ("Cel", _) => UcumUnit.Affine(Rational.One, Number("273.15"), UcumUnit.Base("K")),
        ("[degF]", _) => UcumUnit.Affine(Number("5") / Number("9"), Number("459.67"), UcumUnit.Base("K")),
        (_, { IsSpecial: true }) => UcumUnit.Irreducible(code),
        (_, { IsBase: true }) => UcumUnit.Base(code),
        // Arbitrary units are measured by a procedure of their own: nothing converts to them but another name of the same.
        (_, { IsArbitrary: true, Unit: "1" }) => UcumUnit.Base(code),
        _ => new UcumParser(atom.Unit, Find).Parse()?.Scale(Number(atom.Value)),
    };

    private static Rational Number(string text)
        => FhirDecimal.TryParse(text, out var value) ? Rational.Of(value) : throw new InvalidDataException($"{text} is not a number of the UCUM table.");
}
