using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Validation.Profiles;

namespace AtcFhir.Validation.Instance;

/// <summary>References: their form, where they lead, and what may stand there. <see href="https://hl7.org/fhir/R4/references.html"/></summary>
internal sealed class ReferenceCheck(Run run)
{
    private static readonly TypeSchema Reference = R4Definitions.Find("Reference")!;
    private static readonly int ReferenceOrdinal = Reference.Find("reference")!.Ordinal;
    private static readonly int TypeOrdinal = Reference.Find("type")!.Ordinal;
    private static readonly SearchValues<byte> IdBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-."u8);
    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.");
    private const int LongestId = 64;

    /// <summary>What holds for every Reference by the base definition.</summary>
    /// <param name="targets">The allowed types; empty for any.</param>
    public void CheckBase(Node reference, TypeSchema[] targets)
    {
        if (!IsPlain(reference, out var type) || !IsAllowed(type, targets))
        {
            CheckBaseAnew(reference, targets);
        }
    }

    /// <summary>Type/id and nothing else, which leads out of the document: the usual form, told from the bytes.</summary>
    private bool IsPlain(Node reference, [NotNullWhen(true)] out TypeSchema? type)
    {
        type = PlainType(reference);
        return type is not null && !run.References.HasTargets;
    }

    /// <summary>The type that Type/id names, where nothing else is said.</summary>
    private static TypeSchema? PlainType(Node reference)
    {
        if (reference.Child(ReferenceOrdinal) is not { HasValue: true, IsEscaped: false } written || reference.Child(TypeOrdinal).Exists)
        {
            return null;
        }

        var raw = written.RawValue;
        var slash = raw.IndexOf((byte)'/');
        return slash <= 0 || !IsId(raw[(slash + 1)..]) ? null : R4Definitions.FindResource(raw[..slash]);
    }

    /// <summary><see href="https://hl7.org/fhir/R4/datatypes.html#id"/></summary>
    private static bool IsId(ReadOnlySpan<byte> text) => text.Length is > 0 and <= LongestId && text.IndexOfAnyExcept(IdBytes) < 0;

    private static bool HasIdCharacters(ReadOnlySpan<char> text) => !text.IsEmpty && text.IndexOfAnyExcept(IdCharacters) < 0;

    private static bool IsAllowed(TypeSchema found, TypeSchema[] targets)
    {
        foreach (var target in targets)
        {
            if (found.Is(target))
            {
                return true;
            }
        }

        return targets.Length == 0;
    }

    private void CheckBaseAnew(Node reference, TypeSchema[] targets)
    {
        Span<char> buffer = stackalloc char[NodeText.Usual];
        var text = reference.Child(ReferenceOrdinal).Chars(buffer);
        Span<char> nameBuffer = stackalloc char[NodeText.Usual];
        var name = reference.Child(TypeOrdinal).Chars(nameBuffer);
        var stated = R4Definitions.Find(name);
        if (!name.IsEmpty && stated is null && !ReferenceIndex.IsAbsolute(name) && !name.Contains(' '))
        {
            run.Findings.Add(Rules.ReferenceTypeMismatch, reference, $"The type of the reference is '{name}', which R4 does not have.");
            return;
        }

        if (text.IsEmpty)
        {
            CheckType(reference, stated, targets);
            return;
        }

        var target = default(Node);
        if (text[0] == '#')
        {
            target = ReferenceIndex.Contained(text[1..], reference);
            if (!target.Exists)
            {
                run.Findings.Add(Rules.ContainedNotFound, reference, $"There is no contained resource with the id '{text[1..]}'.");
                return;
            }
        }
        else if (Malformed(text) is { } fault)
        {
            run.Findings.Add(Rules.ReferenceSyntax, reference, fault);
            return;
        }
        else if (text.Contains('?') && !ReferenceIndex.IsAbsolute(text) && !IsInTransaction)
        {
            run.Findings.Add(Rules.ReferenceSyntax, reference, "A search as reference stands in a transaction only.");
            return;
        }

        if (HasLongId(text))
        {
            run.Findings.Add(Rules.ReferenceSyntax, reference, $"An id has at most {LongestId} characters; only a server that breaks this rule of R4 has a longer one.", severity: IssueSeverity.Warning);
        }

        var named = ReferenceIndex.TypeInText(text);
        if (named is not null && stated is not null && named != stated)
        {
            run.Findings.Add(Rules.ReferenceTypeMismatch, reference, $"The reference names a {named.Name}, its type says {stated.Name}.");
            return;
        }

        if (!target.Exists && run.References.HasTargets)
        {
            target = run.References.Resolve(text, reference);
        }

        if (target.Exists && (named ?? stated) is { } expected && target.Type != expected)
        {
            run.Findings.Add(Rules.ReferenceTypeMismatch, reference, $"The reference names a {expected.Name}, but what stands there is a {target.Type.Name}.");
            return;
        }

        CheckType(reference, target.Exists ? target.Type : named ?? stated, targets);
    }

    /// <summary>"Both Reference and canonical types may refer to contained resources." <see href="https://hl7.org/fhir/R4/references.html#contained"/></summary>
    public void CheckLocalCanonical(Node canonical, TypeSchema[] targets)
    {
        if (canonical.Type.Name != "canonical" || canonical.RawValue is not [(byte)'#', ..])
        {
            return;
        }

        Span<char> buffer = stackalloc char[NodeText.Usual];
        var id = canonical.Chars(buffer)[1..];
        var target = ReferenceIndex.Contained(id, canonical);
        if (!target.Exists)
        {
            run.Findings.Add(Rules.ContainedNotFound, canonical, $"There is no contained resource with the id '{id}'.");
            return;
        }

        CheckType(canonical, target.Type, targets);
    }

    /// <summary>The one place where a search may stand for its match. <see href="https://hl7.org/fhir/R4/http.html#trules"/></summary>
    private bool IsInTransaction => run.Document.Root is { Type.Name: "Bundle" } bundle && bundle.Child("type").TextEquals("transaction"u8);

    /// <summary>A relative reference is Type/id, perhaps with a version; or a search in a transaction. Null of a sound one.</summary>
    private static string? Malformed(ReadOnlySpan<char> text)
    {
        if (ReferenceIndex.IsAbsolute(text))
        {
            return text.ContainsAny(' ', '\t', '\n') ? "A URL has no white space." : null;
        }

        if (ReferenceIndex.TypeInText(text) is null || text.ContainsAny('\t', '\n'))
        {
            return "A relative reference has the form Type/id with a resource type of R4.";
        }

        if (text.Contains('?'))
        {
            return null;
        }

        var plain = ReferenceIndex.WithoutVersion(text);
        return HasIdCharacters(plain[(plain.LastIndexOf('/') + 1)..]) && (plain.Length == text.Length || HasIdCharacters(text[(plain.Length + "/_history/".Length)..]))
            ? null
            : "An id in a reference is made of letters of ASCII, digits, '-' and '.'.";
    }

    /// <summary>There are hospitals that give longer ids; what refers to their resources is no less sound, and is not to be lost.</summary>
    private static bool HasLongId(ReadOnlySpan<char> text)
    {
        var plain = ReferenceIndex.IsAbsolute(text) || text.ContainsAny('?', '#') ? default : ReferenceIndex.WithoutVersion(text);
        return plain.Length - plain.LastIndexOf('/') - 1 > LongestId;
    }

    private void CheckType(Node reference, TypeSchema? found, TypeSchema[] targets)
    {
        if (found is null || IsAllowed(found, targets))
        {
            return;
        }

        run.Findings.Add(
            Rules.ReferenceType,
            reference,
            $"This points to a {found.Name}; allowed are {string.Join(", ", targets.Select(target => target.Name))}.",
            new FindingDetail("R4 " + reference.Element?.Path, Expected: string.Join(" or ", targets.Select(target => target.Name)), Found: found.Name));
    }

    /// <summary>What a profile demands of the target.</summary>
    public void Check(Node reference, ReferenceRule rule, ElementRule element)
    {
        if (reference.IsPrimitive && reference.Type.Name != "canonical")
        {
            return;
        }

        if (rule.Versioning is not null || rule.Aggregation.Length > 0)
        {
            Span<char> buffer = stackalloc char[NodeText.Usual];
            var text = (reference.IsPrimitive ? reference : reference.Child(ReferenceOrdinal)).Chars(buffer);
            if (!text.IsEmpty)
            {
                CheckVersioning(reference, text, rule, FindingDetail.Of(element));
                CheckAggregation(reference, text, rule, FindingDetail.Of(element));
            }
        }

        if (rule.TargetProfiles.Length > 0 && !reference.IsPrimitive)
        {
            CheckTarget(reference, rule, element);
        }
    }

    private void CheckVersioning(Node reference, ReadOnlySpan<char> text, ReferenceRule rule, FindingDetail diagnostics)
    {
        var isVersioned = reference.IsPrimitive ? text.Contains('|') : !ReferenceIndex.VersionOf(text).IsEmpty;
        if (rule.Versioning == "specific" && !isVersioned)
        {
            run.Findings.Add(Rules.ReferenceVersioning, reference, "{Profile} demands a reference to a version.", diagnostics);
        }
        else if (rule.Versioning == "independent" && isVersioned)
        {
            run.Findings.Add(Rules.ReferenceVersioning, reference, "{Profile} demands a reference without a version.", diagnostics);
        }
    }

    private void CheckAggregation(Node reference, ReadOnlySpan<char> text, ReferenceRule rule, FindingDetail diagnostics)
    {
        if (rule.Aggregation.Length == 0)
        {
            return;
        }

        var place = text is ['#', ..] ? "contained" : run.References.IsBundle && run.References.InBundle(text, reference).Count > 0 ? "bundled" : "referenced";
        if (!rule.Aggregation.Contains(place) && !(place == "bundled" && rule.Aggregation.Contains("referenced")))
        {
            run.Findings.Add(Rules.Aggregation, reference, $"The target is {place}; the profile allows {string.Join(" or ", rule.Aggregation)}.", diagnostics);
        }
    }

    /// <summary>Is one of the targets of that type, or of a type that is not known?</summary>
    private bool MayBe(TypeSchema found, ReferenceRule rule)
    {
        for (var i = 0; i < rule.TargetProfiles.Length; i++)
        {
            if ((rule.BaseTypes[i] ?? rule.Target(i, run.Profiles)?.Type) is not { } type || found.Is(type))
            {
                return true;
            }
        }

        return false;
    }

    private Node Target(Node reference)
    {
        Span<char> buffer = stackalloc char[NodeText.Usual];
        var written = reference.Child(ReferenceOrdinal);
        return written.HasValue && (run.References.HasTargets || written.IsEscaped || written.RawValue is [(byte)'#', ..]) ? run.References.Resolve(written.Chars(buffer), reference) : default;
    }

    private void ReportType(Node reference, TypeSchema found, ReferenceRule rule, ElementRule element)
    {
        var types = rule.TargetProfiles.Select((_, i) => (rule.BaseTypes[i] ?? rule.Target(i, run.Profiles)!.Type!).Name).Distinct().ToList();
        run.Findings.Add(
            Rules.ReferenceType,
            reference,
            $"This points to a {found.Name}; {{profile}} allows {string.Join(", ", types)}.",
            FindingDetail.Of(element) with { Expected = string.Join(" or ", types), Found = found.Name });
    }

    private void CheckTarget(Node reference, ReferenceRule rule, ElementRule element)
    {
        var target = Target(reference);
        var found = target.Exists ? target.Type : NamedType(reference);
        if (found is not null && !MayBe(found, rule))
        {
            ReportType(reference, found, rule, element);
            return;
        }

        if (!target.Exists)
        {
            return;
        }

        string? reason = null;
        for (var i = 0; i < rule.TargetProfiles.Length; i++)
        {
            if (rule.BaseTypes[i] is { } type)
            {
                if (target.Type.Is(type))
                {
                    return;
                }
            }
            else if (rule.Target(i, run.Profiles) is not { } profile)
            {
                return;
            }
            else if (run.Conforms(target, profile, out var why) != false)
            {
                return;
            }
            else
            {
                reason ??= why;
            }
        }

        run.Findings.Add(
            Rules.ReferenceProfile,
            reference,
            $"The target does not conform to {string.Join(" or ", rule.TargetProfiles)}. {reason}",
            FindingDetail.Of(element));
    }

    /// <summary>The type that the reference itself tells, by its text or its type element.</summary>
    public static TypeSchema? NamedType(Node reference)
    {
        if (reference.IsPrimitive)
        {
            return null;
        }

        if (PlainType(reference) is { } plain)
        {
            return plain;
        }

        Span<char> buffer = stackalloc char[NodeText.Usual];
        if (reference.Child(ReferenceOrdinal).Chars(buffer) is { IsEmpty: false } text)
        {
            if (text[0] == '#')
            {
                return ReferenceIndex.Contained(text[1..], reference) is { Exists: true } contained ? contained.Type : null;
            }

            if (ReferenceIndex.TypeInText(text) is { } type)
            {
                return type;
            }
        }

        return R4Definitions.Find(reference.Child(TypeOrdinal).Chars(buffer));
    }
}
