using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace AtcFhir.Validation.Terminology;

/// <summary>Code systems that are given by a grammar instead of a list. An answer of null means: cannot be told.</summary>
internal static class SystemByRule
{
    private const int MaxKey = 192;

    /// <summary>Input cannot fill the memory.</summary>
    private const int MaxKnown = 10_000;

    private static readonly FrozenDictionary<string, Func<string, bool?>> Rules = new Dictionary<string, Func<string, bool?>>(StringComparer.Ordinal)
    {
        ["http://unitsofmeasure.org"] = code => R4.Values.Ucum.IsValid(code),
        ["urn:ietf:bcp:47"] = code => LanguageTag.IsValid(code),
        ["urn:ietf:bcp:13"] = code => IsMediaType(code),
        ["http://terminology.hl7.org/CodeSystem/mimetypes"] = code => IsMediaType(code),
        ["urn:ietf:rfc:3986"] = code => code.Length > 0 && !code.Contains(' ', StringComparison.Ordinal),
        ["urn:iso:std:iso:3166"] = code => IsoCodes.IsCountry(code),
        ["urn:iso:std:iso:3166:-2"] = code => IsoCodes.IsSubdivision(code),
        ["urn:iso:std:iso:4217"] = code => IsoCodes.IsCurrency(code),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Func<string, bool?>>.AlternateLookup<ReadOnlySpan<char>> BySystem = Rules.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenDictionary<string, string> Names = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["http://unitsofmeasure.org"] = "Unified Code for Units of Measure (UCUM)",
        ["urn:ietf:bcp:47"] = "Tags for the identification of languages",
        ["urn:ietf:bcp:13"] = "Media types",
        ["http://terminology.hl7.org/CodeSystem/mimetypes"] = "Media types",
        ["urn:ietf:rfc:3986"] = "URIs",
        ["urn:iso:std:iso:3166"] = "ISO 3166-1 codes for the names of countries",
        ["urn:iso:std:iso:3166:-2"] = "ISO 3166-2 codes for subdivisions of countries",
        ["urn:iso:std:iso:4217"] = "ISO 4217 codes for currencies",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Answers by "system code", since the same few units and languages come again and again.</summary>
    private static readonly ConcurrentDictionary<string, Answer> Known = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, Answer>.AlternateLookup<ReadOnlySpan<char>> KnownByText = Known.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>True when the system is one of these.</summary>
    public static bool Has(ReadOnlySpan<char> system) => BySystem.ContainsKey(system);

    public static IReadOnlyCollection<string> Urls => Names.Keys;

    public static string NameOf(string system) => Names[system];

    /// <summary>All codes, of the systems that are finite and known whole; null of the others.</summary>
    public static IReadOnlyCollection<string>? CodesOf(string system) => system switch
    {
        "urn:iso:std:iso:3166" => IsoCodes.AllCountries,
        "urn:iso:std:iso:4217" => IsoCodes.AllCurrencies,
        _ => null,
    };

    /// <summary>Has the system the code? Null when it cannot be told.</summary>
    public static bool? Knows(ReadOnlySpan<char> system, ReadOnlySpan<char> code)
    {
        Span<char> key = stackalloc char[MaxKey];
        if (system.Length + code.Length + 1 > MaxKey)
        {
            return BySystem[system](code.ToString());
        }

        system.CopyTo(key);
        key[system.Length] = ' ';
        code.CopyTo(key[(system.Length + 1)..]);
        key = key[..(system.Length + code.Length + 1)];
        if (!KnownByText.TryGetValue(key, out var answer))
        {
            answer = new Answer(BySystem[system](code.ToString()));
            if (Known.Count < MaxKnown)
            {
                Known[key.ToString()] = answer;
            }
        }

        return answer.IsCode;
    }

    /// <summary>type "/" subtype, perhaps with parameters; or one of the short forms that FHIR has for its own formats. <see href="https://www.rfc-editor.org/rfc/rfc6838#section-4.2"/></summary>
    public static bool IsMediaType(string code)
    {
        if (code is "xml" or "json" or "ttl" or "none")
        {
            return true;
        }

        var plain = code.AsSpan();
        var semicolon = plain.IndexOf(';');
        if (semicolon >= 0)
        {
            plain = plain[..semicolon].TrimEnd();
        }

        var slash = plain.IndexOf('/');
        return slash > 0 && IsName(plain[..slash]) && IsName(plain[(slash + 1)..]);

        static bool IsName(ReadOnlySpan<char> name)
        {
            if (name.IsEmpty || name.Length > 127 || !char.IsAsciiLetterOrDigit(name[0]))
            {
                return name is "*";
            }

            foreach (var c in name)
            {
                if (!char.IsAsciiLetterOrDigit(c) && !"!#$&-^_.+".Contains(c, StringComparison.Ordinal))
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>A class, since tables of it come compiled and need not wait for the JIT at the start of the command.</summary>
    private sealed record Answer(bool? IsCode);
}
