using System.Collections.Concurrent;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Validation.Terminology;

/// <summary>Whether a code is in a value set; what cannot be told is never a no.</summary>
internal enum Membership : byte
{
    In,
    NotIn,
    /// <summary>The code system, or what the value set is made of, is not known here.</summary>
    NotChecked,
}

/// <summary>What is known of one code of one system.</summary>
internal enum CodeKnowledge : byte
{
    Valid,
    /// <summary>Only an older version of the system that is known here has it.</summary>
    OlderVersionOnly,
    /// <summary>The system is known whole, and has no such code.</summary>
    Invalid,
    /// <summary>The version of the system that came with R4 has no such code; the system lives on apart from FHIR, and a newer version may.</summary>
    NotInOldVersion,
    /// <summary>The system is not known, or only a part of it.</summary>
    SystemNotKnown,
}

/// <summary>
/// Codes, code systems and value sets from the <see cref="ConformanceSource"/>; compiled on first use. Safe for any number of threads.
/// <see href="https://hl7.org/fhir/R4/terminology-service.html#validation"/>
/// </summary>
internal sealed class TerminologyService
{
    /// <summary>The systems of HL7 that are published apart from FHIR releases.</summary>
    private const string Terminology = "http://terminology.hl7.org/";

    /// <summary>Input cannot fill the memory with systems and value sets that nobody knows.</summary>
    private const int MaxUnknown = 10_000;

    private readonly ConcurrentDictionary<string, CompiledValueSet?> valueSets = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CodeSystemModel[]> codeSystems = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CodeSystemModel[]>.AlternateLookup<ReadOnlySpan<char>> codeSystemsBySpan;
    private readonly ConformanceSource source;

    /// <summary>What was found out about codings (<see cref="Instance.CodingKey"/>) and values of codes.</summary>
    private readonly Utf8Memo<KnownCode> codes = new(16_384);

    public TerminologyService(ConformanceSource source)
    {
        this.source = source;
        codeSystemsBySpan = codeSystems.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The value set of that canonical, or null when it is not known.</summary>
    public CompiledValueSet? ValueSet(string canonical)
    {
        if (valueSets.TryGetValue(canonical, out var known))
        {
            return known;
        }

        var made = source.ValueSet(canonical) is { } model ? new CompiledValueSet(model, this) : null;
        return made is not null || valueSets.Count < MaxUnknown ? valueSets.GetOrAdd(canonical, made) : null;
    }

    public ConformanceSource Source => source;

    /// <summary>What is known of that text, to which more may be added.</summary>
    public KnownCode Known(ReadOnlySpan<byte> key)
    {
        if (!codes.TryGet(key, out var known))
        {
            known = new KnownCode();
            codes.Add(key, known);
        }

        return known!;
    }

    /// <summary>The known versions of a code system, the newest first, supplements left out.</summary>
    public CodeSystemModel[] CodeSystems(ReadOnlySpan<char> canonical)
    {
        if (!codeSystemsBySpan.TryGetValue(canonical, out var known))
        {
            var key = canonical.ToString();
            known = FindCodeSystems(key);
            if (known.Length > 0 || codeSystems.Count < MaxUnknown)
            {
                codeSystems[key] = known;
            }
        }

        return known;
    }

    private CodeSystemModel[] CodeSystems(ReadOnlySpan<char> system, ReadOnlySpan<char> version) => CodeSystems(version.IsEmpty ? system : $"{system}|{version}");

    /// <summary>" (known: 2.0, 1.0)" where the version of the canonical is what is not known, otherwise empty.</summary>
    public string OtherVersionsOfSystem(string canonical)
        => ConformanceSource.SplitCanonical(canonical) is (var url, not null) && CodeSystems(canonical).Length == 0 ? Known(CodeSystems(url).Select(system => system.Version).OfType<string>()) : "";

    /// <summary>The same of a value set.</summary>
    public string OtherVersionsOfValueSet(string canonical)
        => ConformanceSource.SplitCanonical(canonical) is (var url, not null) && ValueSet(canonical) is null ? Known(source.VersionsOf(url, "ValueSet")) : "";

    private static string Known(IEnumerable<string> versions)
    {
        var some = versions.Take(6).ToList();
        return some.Count == 0 ? "" : $" (known: {string.Join(", ", some.Take(5))}{(some.Count > 5 ? " and older ones" : "")})";
    }

    /// <summary>True of what only adds words or properties to another code system.</summary>
    public bool IsSupplement(ReadOnlySpan<char> system) => source.HasSupplements && CodeSystems(system).Length == 0 && source.CodeSystems(system.ToString()).Count > 0;

    private CodeSystemModel[] FindCodeSystems(string canonical)
        => [.. source.CodeSystems(canonical).Where(system => system.Content != CodeSystemContent.Supplement)];

    /// <summary>Does the system have the code? Without a version any known version will do (an older one is told apart).</summary>
    /// <param name="version">Empty for none.</param>
    public CodeKnowledge Knows(ReadOnlySpan<char> system, ReadOnlySpan<char> version, ReadOnlySpan<char> code)
    {
        if (SystemByRule.Has(system))
        {
            return SystemByRule.Knows(system, code) switch { true => CodeKnowledge.Valid, false => CodeKnowledge.Invalid, null => CodeKnowledge.SystemNotKnown };
        }

        var known = CodeSystems(system, version);
        if (known.Length == 0)
        {
            return CodeKnowledge.SystemNotKnown;
        }

        for (var i = 0; i < known.Length; i++)
        {
            if (known[i].Find(code) is not null)
            {
                return i == 0 || !IsComplete(known[0]) ? CodeKnowledge.Valid : CodeKnowledge.OlderVersionOnly;
            }
        }

        return !Array.Exists(known, IsComplete) ? CodeKnowledge.SystemNotKnown
            : version.IsEmpty && known is [{ IsOfficial: true }] && system.StartsWith(Terminology) ? CodeKnowledge.NotInOldVersion
            : CodeKnowledge.Invalid;
    }

    /// <summary>The concept, where the system is known.</summary>
    public ConceptModel? Concept(ReadOnlySpan<char> system, ReadOnlySpan<char> version, ReadOnlySpan<char> code)
    {
        foreach (var known in CodeSystems(system, version))
        {
            if (known.Find(code) is { } concept)
            {
                return concept;
            }
        }

        return null;
    }

    /// <summary>The concept map of that canonical, or null when it is not known.</summary>
    public ConceptMapModel? ConceptMap(string canonical) => source.Resource(canonical, "ConceptMap") is { } root ? ConceptMapModel.Read(root) : null;

    /// <summary>subsumes() of FHIRPath: is the first the same as, or above, the second.</summary>
    public bool? Subsumes((string System, string Code) above, (string System, string Code) below)
    {
        if (above.System != below.System)
        {
            return false;
        }

        if (above.Code == below.Code)
        {
            return true;
        }

        var known = CodeSystems(above.System);
        return known.Length == 0 ? null : known[0].IsA(below.Code, above.Code);
    }

    private static bool IsComplete(CodeSystemModel system) => system.Content == CodeSystemContent.Complete;
}
